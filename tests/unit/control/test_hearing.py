"""Whose look a change asks for."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.api.marks import INSTANCE
from prepaid.api.order import RenewalOrder
from prepaid.api.resource import Resource
from prepaid.cluster.author import Author
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.clock import Clock
from prepaid.cluster.transport import Answer, Request
from prepaid.cluster.walk import Walks, alone
from prepaid.cluster.watch import Change
from prepaid.control.hearing import Hearing
from prepaid.control.memory import Look, Memory, face


class Server:
    """Keeps what it is told."""

    async def call(self, request: Request) -> Answer:
        return Answer(dict(request.body or {}))

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {"path": request.path}


def metadata(version: str) -> dict[str, Any]:
    return {"name": "web-1", "namespace": "team-a", "uid": "u", "resourceVersion": version}


WRITTEN, READ, FOREIGN = "7", "8", "9"


@pytest.mark.parametrize(
    ("kind", "version", "asked"),
    [
        pytest.param(PrepaidInstance, FOREIGN, PrepaidInstance, id="an instance that somebody changed"),
        pytest.param(PrepaidInstance, WRITTEN, None, id="an instance that we changed"),
        pytest.param(PrepaidInstance, READ, None, id="an instance that somebody changed, and that a look has read since"),
        pytest.param(RecycleBinItem, FOREIGN, PrepaidInstance, id="an item that somebody changed"),
        pytest.param(RecycleBinItem, WRITTEN, None, id="an item that we changed"),
        pytest.param(RecycleBinItem, READ, None, id="an item that somebody changed, and that a look has read since"),
        pytest.param(RenewalOrder, FOREIGN, RenewalOrder, id="an order of somebody"),
        pytest.param(RenewalOrder, WRITTEN, None, id="an order that we changed"),
        pytest.param(ElasticResource, FOREIGN, ElasticResource, id="a resource that somebody changed"),
        pytest.param(ElasticResource, WRITTEN, ElasticResource, id="a resource that we changed: another reconciler did"),
    ],
)
async def test_a_change_asks_for_a_look_at(kind: type[Resource], version: str, asked: type[Resource] | None) -> None:
    author, memory = Author(Server()), Memory()
    await author.call(Request("PUT", "/somewhere", body={"metadata": metadata(WRITTEN)}))
    memory.know(Key(kind, "team-a", "web-1"), READ)
    hearing = Hearing(author, memory, alone(PrepaidInstance, Cluster(author, Clock())))
    assert hearing.of_ours(kind, Change(metadata(version))) == (Key(asked, "team-a", "web-1") if asked else None)


def made(version: str = "9", **more: object) -> dict[str, Any]:
    return {**metadata(version), "labels": {INSTANCE: "web-1"}, "generation": 2, **more}


GOING = {"deletionTimestamp": "2026-03-01T00:00:00Z"}
BUSY = Look("u", "1", "8")
STOPPED = Look("u", "1", "8", is_in_bin=True, faces=frozenset({face("StatefulSet", made("8"))}))
LOOSE = Look("u", "1", "8", is_in_bin=True, faces=frozenset({face("ConfigMap", made("8", generation=0))}))
KEPT = Look("u", "1", "", is_in_bin=True, faces=frozenset({face("PersistentVolumeClaim", made("8", generation=0))}))


@pytest.mark.parametrize(
    ("last", "kind", "change", "is_asked"),
    [
        pytest.param(BUSY, "StatefulSet", Change(made()), True, id="a workload that runs has changed"),
        pytest.param(BUSY, "Pod", Change(made(**GOING)), True, id="a pod of one that runs is going"),
        pytest.param(None, "StatefulSet", Change(made()), True, id="whoever is looked at just now is looked at again"),
        pytest.param(STOPPED, "StatefulSet", Change(made()), False, id="in the bin: the status of its workload"),
        pytest.param(STOPPED, "StatefulSet", Change(made(managedFields=[{}])), False, id="in the bin: who has written that status"),
        pytest.param(STOPPED, "StatefulSet", Change(made(generation=3)), True, id="in the bin: the spec of its workload"),
        pytest.param(STOPPED, "StatefulSet", Change(made(annotations={"a": "b"})), True, id="in the bin: a mark on its workload"),
        pytest.param(STOPPED, "StatefulSet", Change(made(), has_gone=True), True, id="in the bin: its workload has gone"),
        pytest.param(LOOSE, "ConfigMap", Change(made(generation=0)), True, id="in the bin: a kind that does not count its changes"),
        pytest.param(LOOSE, "ConfigMap", Change(made("8", generation=0)), False, id="in the bin: what the last look has seen of that kind"),
        pytest.param(STOPPED, "Pod", Change(made(**GOING)), False, id="in the bin: a pod is going"),
        pytest.param(STOPPED, "Pod", Change(made(**GOING), has_gone=True), True, id="in the bin: a pod has gone"),
        pytest.param(STOPPED, "Pod", Change(made(uid="p")), True, id="in the bin: a pod has come"),
        pytest.param(KEPT, "PersistentVolumeClaim", Change(made(generation=0)), False, id="in the bin: the status of its data"),
        pytest.param(KEPT, "PersistentVolumeClaim", Change(made(generation=0, **GOING)), True, id="in the bin: its data is going"),
        pytest.param(KEPT, "PersistentVolumeClaim", Change(made(generation=0, annotations={"a": "b"})), True, id="in the bin: it is bound"),
        pytest.param(STOPPED, "StatefulSet", Change(made(WRITTEN, generation=3)), False, id="what we wrote ourselves"),
        pytest.param(BUSY, "Pod", Change(made(labels={})), False, id="what is nobody's"),
    ],
)
async def test_a_change_of_what_was_made_for_it(last: Look | None, kind: str, change: Change, is_asked: bool) -> None:
    author, memory, key = Author(Server()), Memory(), Key(PrepaidInstance, "team-a", "web-1")
    await author.call(Request("PUT", "/somewhere", body={"metadata": metadata(WRITTEN)}))
    if last:
        memory.remember(key, last)
    hearing = Hearing(author, memory, alone(PrepaidInstance, Cluster(author, Clock())))
    assert hearing.of_made(kind, change) == (key if is_asked else None)


@pytest.mark.parametrize("version", [WRITTEN, FOREIGN], ids=["by us", "by somebody"])
async def test_a_walk_forgets_what_has_changed(version: str) -> None:
    touched: list[str] = []

    class Listening(Walks):
        def touch(self, path: str) -> None:
            touched.append(path)

    author = Author(Server())
    await author.call(Request("PUT", "/somewhere", body={"metadata": metadata(WRITTEN)}))
    walks = Listening(PrepaidInstance, lambda: 0.0, lambda _kind, _namespace: 0)
    Hearing(author, Memory(), walks).of_ours(PrepaidInstance, Change(metadata(version)))
    assert touched == ["/apis/prepaid.dev/v1alpha1/namespaces/team-a/prepaidinstances/web-1"]
