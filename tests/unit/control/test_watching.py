"""What our own watch tells of becomes a look at the instance: soon, once for what comes together, and not for what we wrote ourselves."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from builders import START
from prepaid.api.marks import INSTANCE
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.transport import Answer, Request
from prepaid.control.queue import KeyQueue
from prepaid.control.watching import Watching
from unhurried import at_once


def pod(name: str, version: str = "1", instance: str = "web-1") -> dict[str, Any]:
    labels = {INSTANCE: instance} if instance else {}
    metadata = {"name": name, "namespace": "team-a", "uid": name, "resourceVersion": version, "labels": labels}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata}


@dataclass
class Server:
    """Has no pods; `changes` come at their seconds."""

    changes: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    async def call(self, request: Request) -> Answer:
        if request.path == "/api/v1":
            return Answer({"resources": [{"name": "pods", "kind": "Pod", "namespaced": True}]})
        return Answer({"metadata": {"resourceVersion": "1"}, "items": []})

    async def stream(self, _request: Request) -> AsyncIterator[dict[str, Any]]:
        loop = asyncio.get_running_loop()
        for moment, body in self.changes:
            await asyncio.sleep(moment - loop.time())
            yield {"type": "MODIFIED", "object": body}
        await asyncio.sleep(3600)


def looked_at(*changes: tuple[float, dict[str, Any]]) -> list[tuple[float, str]]:
    """When which instance gets a look; version 9 of whatever is our own."""

    async def story() -> list[tuple[float, str]]:
        loop, queue, looks = asyncio.get_running_loop(), KeyQueue(), []
        cluster = Cluster(Server(list(changes)), Clock(lambda: START, loop.time))
        watching = Watching(cluster, queue, lambda _uid, version: version != "9")
        watching.watch("v1", "Pod")
        loop.call_at(60, queue.close)
        while key := await queue.get():
            looks.append((round(loop.time(), 3), key.name))
            queue.done(key)
        watching.stop()
        return looks

    return at_once(story())


@pytest.mark.parametrize(
    ("changes", "looks"),
    [
        pytest.param([(1.0, pod("a"))], [(1.05, "web-1")], id="a change"),
        pytest.param([(1.0, pod("a")), (1.04, pod("a", "2"))], [(1.05, "web-1")], id="two that come together are one look"),
        pytest.param([(1.0, pod("a")), (1.06, pod("a", "2"))], [(1.05, "web-1"), (1.11, "web-1")], id="two that do not are two"),
        pytest.param(
            [(1.0, pod("a")), (1.04, pod("b", instance="web-2"))],
            [(1.05, "web-1"), (1.05, "web-2")],
            id="those of two instances that come together are looks together",
        ),
        pytest.param([(1.0, pod("a", "9"))], [], id="what we wrote ourselves is no news"),
        pytest.param([(1.0, pod("a", instance=""))], [], id="what is nobody's"),
    ],
)
def test_what_changes_is_looked_at(changes: list[tuple[float, dict[str, Any]]], looks: list[tuple[float, str]]) -> None:
    assert looked_at(*changes) == looks
