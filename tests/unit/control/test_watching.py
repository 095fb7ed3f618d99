"""What our own watches tell of becomes a look: soon, once for what comes together, and not for what we wrote ourselves."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from builders import START
from prepaid.api.instance import PrepaidInstance
from prepaid.api.marks import INSTANCE
from prepaid.api.resource import API_VERSION
from prepaid.cluster.author import Author
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.clock import Clock
from prepaid.cluster.transport import Answer, Request
from prepaid.cluster.walk import alone
from prepaid.control.hearing import NUMEROUS, Hearing
from prepaid.control.memory import Look, Memory
from prepaid.control.queue import KeyQueue
from prepaid.control.watching import Watching
from unhurried import at_once

PODS, CLAIMS = "/api/v1/pods", "/api/v1/persistentvolumeclaims"
PATHS = {"Pod": PODS, "PersistentVolumeClaim": CLAIMS}
KEY = Key(PrepaidInstance, "team-a", "web-1")


def pod(name: str, version: str = "1", instance: str = "web-1", namespace: str = "team-a") -> dict[str, Any]:
    labels = {INSTANCE: instance} if instance else {}
    metadata = {"name": name, "uid": name, "resourceVersion": version, "labels": labels}
    metadata |= {"namespace": namespace} if namespace else {}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata}


def claim(name: str) -> dict[str, Any]:
    return {**pod(name), "kind": "PersistentVolumeClaim"}


def going(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "metadata": {**body["metadata"], "deletionTimestamp": "2026-03-01T00:00:00Z"}}


def ours(name: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "team-a", "uid": name, "resourceVersion": "1"}}


@dataclass
class Server:
    """What there is, by path; `changes` of pods and claims come at their seconds; a write is answered with what it was asked to keep."""

    there: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    changes: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    async def call(self, request: Request) -> Answer:
        if request.path == "/api/v1":
            kinds = [{"name": path.rpartition("/")[2], "kind": kind, "namespaced": True} for kind, path in PATHS.items()]
        elif request.path == f"/apis/{API_VERSION}":
            kinds = [{"name": kind.plural, "kind": kind.kind, "namespaced": True} for kind in NUMEROUS]
        elif request.body is not None:
            return Answer(dict(request.body))
        else:
            return Answer({"metadata": {"resourceVersion": "1"}, "items": self.there.get(request.path)})
        return Answer({"resources": kinds})

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        loop = asyncio.get_running_loop()
        for moment, body in self.changes:
            if PATHS.get(body["kind"]) != request.path:
                continue
            await asyncio.sleep(moment - loop.time())
            yield {"type": "MODIFIED", "object": body}
        await asyncio.sleep(3600)


def looked_at(server: Server, own: dict[str, Any] | None = None, last: Look | None = None) -> list[tuple[float, str]]:
    """When what gets a look within a minute. `own` is written by us two hundredths of a second after its first second."""

    async def story() -> list[tuple[float, str]]:
        loop, queue, memory, looks = asyncio.get_running_loop(), KeyQueue(), Memory(), []
        if last:
            memory.remember(KEY, last)
        author = Author(server)
        cluster = Cluster(author, Clock(lambda: START, loop.time))
        watching = Watching(cluster, queue, Hearing(author, memory, alone(PrepaidInstance, cluster)))
        watching.start()
        loop.call_at(60, queue.close)
        if own:
            loop.call_at(1.02, lambda: asyncio.ensure_future(author.call(Request("PUT", PODS, body=own))))
        while key := await queue.get():
            looks.append((round(loop.time(), 3), f"{key.kind.kind} {key.name}"))
            queue.done(key)
        watching.stop()
        return looks

    return at_once(story())


@pytest.mark.parametrize(
    ("changes", "looks"),
    [
        pytest.param([(1.0, pod("a"))], [(1.1, "web-1")], id="a change"),
        pytest.param([(1.0, pod("a")), (1.04, pod("a", "2"))], [(1.1, "web-1")], id="two that come together are one look"),
        pytest.param([(1.0, pod("a")), (1.06, pod("a", "2"))], [(1.1, "web-1"), (1.15, "web-1")], id="two that do not are two"),
        pytest.param(
            [(1.0, pod("a")), (1.04, pod("b", instance="web-2"))],
            [(1.1, "web-1"), (1.1, "web-2")],
            id="those of two instances that come together are looks together",
        ),
        pytest.param([(1.0, pod("a", instance=""))], [], id="what is nobody's"),
        pytest.param([(1.0, pod("a", namespace=""))], [(1.1, "web-1")], id="what lies in no namespace is no reason to stumble"),
    ],
)
def test_what_changes_is_looked_at(changes: list[tuple[float, dict[str, Any]]], looks: list[tuple[float, str]]) -> None:
    assert looked_at(Server(changes=changes)) == [(moment, f"PrepaidInstance {name}") for moment, name in looks]


@pytest.mark.parametrize(
    ("moment", "version", "looks"),
    [
        pytest.param(1.0, "9", ["web-2"], id="what we wrote ourselves, though its answer comes after the event"),
        pytest.param(1.0, "8", ["web-1", "web-2"], id="another version of it"),
    ],
)
def test_our_own_writes_are_no_news(moment: float, version: str, looks: list[str]) -> None:
    """The change of another came just before."""
    changes = [(moment - 0.04, pod("b", instance="web-2")), (moment, pod("a", version))]
    assert sorted(name for _, name in looked_at(Server(changes=changes), own=pod("a", "9"))) == [f"PrepaidInstance {one}" for one in looks]


def test_in_the_bin_a_pod_that_is_going_is_no_news_and_data_that_is_going_is() -> None:
    server = Server(changes=[(1.0, going(pod("a"))), (2.0, going(claim("data")))])
    assert looked_at(server, last=Look("u", "1", "", is_in_bin=True)) == [(2.1, "PrepaidInstance web-1")]


def test_what_is_there_at_the_start_is_looked_at_together() -> None:
    server = Server({f"/apis/{API_VERSION}/{kind.plural}": [ours(f"one-of-{kind.plural}")] for kind in NUMEROUS})
    assert sorted(looked_at(server)) == [
        (0.1, "ElasticResource one-of-elasticresources"),
        (0.1, "PrepaidInstance one-of-prepaidinstances"),
        (0.1, "PrepaidInstance one-of-recyclebinitems"),
        (0.1, "RenewalOrder one-of-renewalorders"),
    ]


def test_an_instance_and_its_item_are_one_look() -> None:
    paths = [f"/apis/{API_VERSION}/{kind}" for kind in (PrepaidInstance.plural, "recyclebinitems")]
    assert looked_at(Server({path: [ours("web-1")] for path in paths})) == [(0.1, "PrepaidInstance web-1")]
