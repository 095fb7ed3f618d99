"""A watch goes on where it ended, and begins anew where the server does not remember that far."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pytest

from builders import START
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import ClusterError, Gone, Refused, Unavailable
from prepaid.cluster.transport import METADATA, METADATA_LIST, Answer, Request
from prepaid.cluster.watch import RETRY_SECONDS, UNSERVED_SECONDS, Watch
from unhurried import at_once


def told(name: str, version: str, how: str = "MODIFIED") -> dict[str, Any]:
    return {"type": how, "object": {"metadata": {"name": name, "resourceVersion": version}}}


TOO_OLD = {"type": "ERROR", "object": {"code": 410, "message": "too old resource version"}}


@dataclass
class Server:
    """One pod, on a second page, in every list of version 5; each watch brings the next of `turns`. What it was asked is kept."""

    turns: list[list[dict[str, Any] | ClusterError]]
    asked: list[str] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)
    queries: dict[str, dict[str, str]] = field(default_factory=dict)

    async def call(self, request: Request) -> Answer:
        if request.path == "/api/v1":
            return Answer({"resources": [{"name": "pods", "kind": "Pod", "namespaced": True}]})
        self.note(request, "LIST")
        if "continue" not in request.query:
            return Answer({"metadata": {"resourceVersion": "5", "continue": "more"}, "items": None})
        return Answer({"metadata": {"resourceVersion": "5"}, "items": [told("listed", "3")["object"]]})

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        self.note(request, f"WATCH {request.query['resourceVersion']}")
        if not self.turns:
            await asyncio.sleep(3600)
        for event in self.turns.pop(0):
            if isinstance(event, ClusterError):
                raise event
            yield event

    def note(self, request: Request, what: str) -> None:
        self.asked.append(what)
        self.queries[what] = dict(request.query)
        self.forms.add(request.accept)


def heard(server: Server, seconds: float = 100.0) -> list[str]:
    """The names that come within so long."""

    async def story() -> list[str]:
        cluster, names = Cluster(server, Clock(lambda: START, asyncio.get_running_loop().time)), []

        async def listen() -> None:
            async for change in Watch(cluster, "v1", "Pod", "a=b").follow():
                names.append(change.metadata["name"] + " gone" * change.has_gone)  # noqa: PERF401

        await asyncio.wait([task := asyncio.create_task(listen())], timeout=seconds)
        task.cancel()
        return names

    return at_once(story())


@pytest.mark.parametrize(
    ("turns", "names", "asked"),
    [
        pytest.param([], ["listed"], ["WATCH 5"], id="what is there"),
        pytest.param(
            [[told("a", "6"), told("b", "7", "DELETED")]], ["listed", "a", "b gone"], ["WATCH 5", "WATCH 7"], id="what changes and goes"
        ),
        pytest.param([[told("", "8", "BOOKMARK")]], ["listed"], ["WATCH 5", "WATCH 8"], id="a bookmark is no object"),
        pytest.param([[told("a", "6"), TOO_OLD]], ["listed", "a", "listed"], ["WATCH 5", "LIST", "LIST", "WATCH 5"], id="too long ago"),
        pytest.param([[Gone("too old")]], ["listed", "listed"], ["WATCH 5", "LIST", "LIST", "WATCH 5"], id="too long ago, said at once"),
        pytest.param(
            [[told("a", "6"), Unavailable("cut off")]], ["listed", "a"], ["WATCH 5", "WATCH 6"], id="a connection that is cut off"
        ),
        pytest.param([[]], ["listed", "listed"], ["WATCH 5", "LIST", "LIST", "WATCH 5"], id="a server that is silent"),
        pytest.param([[{"type": "ODD"}]], ["listed", "listed"], ["WATCH 5", "LIST", "LIST", "WATCH 5"], id="what nobody has foreseen"),
        pytest.param([[Refused("no right")]], ["listed"], ["WATCH 5", "WATCH 5"], id="a right that comes back"),
    ],
)
def test_it_hears(turns: list[list[dict[str, Any] | ClusterError]], names: list[str], asked: list[str]) -> None:
    server = Server(turns)
    assert (heard(server), server.asked, server.forms) == (names, ["LIST", "LIST", *asked], {METADATA, METADATA_LIST})


@dataclass
class Without(Server):
    """Serves no pods until a list has failed so often; what is then asked for is kept."""

    failures: int = 0

    async def call(self, request: Request) -> Answer:
        if request.path != "/api/v1" and self.failures:
            self.failures -= 1
            self.note(request, "LIST")
            raise Gone("there is no such kind")
        return await super().call(request)


@pytest.mark.parametrize(
    ("seconds", "lists"),
    [
        pytest.param(UNSERVED_SECONDS - 1, 1, id="is asked for again in a while"),
        pytest.param(UNSERVED_SECONDS + 1, 3, id="is found then"),
    ],
)
def test_a_kind_that_is_not_served(seconds: float, lists: int) -> None:
    server = Without([], failures=1)
    heard(server, seconds)
    assert server.asked.count("LIST") == lists


@pytest.mark.parametrize(
    ("asked_for", "seconds"), [(None, RETRY_SECONDS), (0.5, RETRY_SECONDS), (20.0, 20.0)], ids=["nothing", "less than a moment", "a while"]
)
def test_a_server_is_left_alone_for_as_long_as_it_asks(asked_for: float | None, seconds: float) -> None:
    early, late = Server([[Unavailable("busy", retry_after=asked_for)]]), Server([[Unavailable("busy", retry_after=asked_for)]])
    heard(early, seconds - 0.1)
    heard(late, seconds + 0.1)
    assert (early.asked.count("WATCH 5"), late.asked.count("WATCH 5")) == (1, 2)


def test_what_is_watched_is_under_the_selector_with_bookmarks_for_a_while() -> None:
    server = Server([])
    heard(server)
    assert server.queries["LIST"]["labelSelector"] == "a=b"
    assert server.queries["WATCH 5"] == {
        "watch": "true",
        "allowWatchBookmarks": "true",
        "labelSelector": "a=b",
        "resourceVersion": "5",
        "timeoutSeconds": "300",
    }


def test_a_server_that_forgets_at_once_is_not_stormed() -> None:
    server = Server([[TOO_OLD] for _ in range(1000)])
    assert list(islice(heard(server, 10.0), 20)) == ["listed"] * 10
