"""Whose look a change of one of ours asks for."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.api.order import RenewalOrder
from prepaid.api.resource import Resource
from prepaid.cluster.author import Author
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.clock import Clock
from prepaid.cluster.transport import Answer, Request
from prepaid.cluster.walk import Walks, alone
from prepaid.control.hearing import Hearing
from prepaid.control.memory import Memory


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
    assert hearing.of_ours(kind, metadata(version)) == (Key(asked, "team-a", "web-1") if asked else None)


@pytest.mark.parametrize("version", [WRITTEN, FOREIGN], ids=["by us", "by somebody"])
async def test_a_walk_forgets_what_has_changed(version: str) -> None:
    touched: list[str] = []

    class Listening(Walks):
        def touch(self, path: str) -> None:
            touched.append(path)

    author = Author(Server())
    await author.call(Request("PUT", "/somewhere", body={"metadata": metadata(WRITTEN)}))
    walks = Listening(PrepaidInstance, lambda: 0.0, lambda _kind, _namespace: 0)
    Hearing(author, Memory(), walks).of_ours(PrepaidInstance, metadata(version))
    assert touched == ["/apis/prepaid.dev/v1alpha1/namespaces/team-a/prepaidinstances/web-1"]
