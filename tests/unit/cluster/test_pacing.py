"""Writes pass a few at a time, as many as the server keeps up with; reads pass as they come."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from prepaid.cluster.errors import ClusterError, Conflict, Refused, Unavailable
from prepaid.cluster.pace import FIRST, LEAST, MOST
from prepaid.cluster.pacing import Paced, sort_of
from prepaid.cluster.transport import Answer, Request
from unhurried import at_once

PATH = "/apis/prepaid.dev/v1alpha1/namespaces/team-a/prepaidinstances"
READ, WRITE = Request("GET", f"{PATH}/a"), Request("PUT", f"{PATH}/a/status")
TOO_MANY = Unavailable("too many requests", "TooManyRequests", 5.0)


@dataclass
class Server:
    """Takes so long with so many writes in hand. Says no by the number of the write; what has started when, and the most at once."""

    seconds: Callable[[int], float] = lambda _: 1.0
    no: Callable[[int], ClusterError | None] = lambda _: None
    in_hand: int = 0
    started: list[float] = field(default_factory=list)
    most: int = 0
    reads: int = 0

    async def call(self, request: Request) -> Answer:
        if request.method == "GET":
            self.reads += 1
            return Answer({})
        self.in_hand += 1
        self.most = max(self.most, self.in_hand)
        self.started.append(asyncio.get_running_loop().time())
        number = len(self.started)
        try:
            await asyncio.sleep(self.seconds(self.in_hand))
        finally:
            self.in_hand -= 1
        if error := self.no(number):
            raise error
        return Answer({"number": number})

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {"path": request.path}


def first(count: int, error: ClusterError) -> Callable[[int], ClusterError | None]:
    """That no to the first writes."""
    return lambda number: error if number <= count else None


def written(server: Server, writes: int) -> Paced:
    """After so many writes were asked for at once."""

    async def story() -> Paced:
        paced = Paced(server, asyncio.get_running_loop().time)
        await asyncio.gather(*(paced.call(WRITE) for _ in range(writes)), return_exceptions=True)
        return paced

    return at_once(story())


def test_so_many_writes_are_in_flight_and_no_more() -> None:
    server = Server()
    written(server, 2 * FIRST - 1)
    assert (server.most, server.started) == (FIRST, [0.0] * FIRST + [1.0] * (FIRST - 1))


def test_reads_wait_for_no_write() -> None:
    server = Server()

    async def story() -> tuple[int, float]:
        paced = Paced(server, asyncio.get_running_loop().time)
        writes = [asyncio.create_task(paced.call(WRITE)) for _ in range(3 * FIRST)]
        await asyncio.sleep(0.5)
        await asyncio.gather(*(paced.call(READ) for _ in range(100)))
        seen = server.reads, asyncio.get_running_loop().time()
        await asyncio.gather(*writes)
        return seen

    assert at_once(story()) == (100, 0.5)


def test_what_the_server_answers_is_passed_on() -> None:
    async def story() -> tuple[Answer, list[dict[str, Any]]]:
        paced = Paced(Server(), asyncio.get_running_loop().time)
        return await paced.call(WRITE), [event async for event in paced.stream(READ)]

    assert at_once(story()) == (Answer({"number": 1}), [{"path": READ.path}])


@pytest.mark.parametrize(
    ("seconds", "least", "most"),
    [
        pytest.param(lambda _: 0.01, MOST, MOST, id="as quick with many as with one"),
        pytest.param(lambda in_hand: 0.01 * max(1.0, in_hand / 2), LEAST, 10, id="busy with two"),
    ],
)
def test_as_many_are_in_flight_as_the_server_keeps_up_with(seconds: Callable[[int], float], least: int, most: int) -> None:
    assert least <= written(Server(seconds), 1000).width <= most


@pytest.mark.parametrize(
    ("error", "width"),
    [
        pytest.param(Unavailable("busy", "TooManyRequests", 5.0), FIRST // 2, id="too many requests"),
        pytest.param(Unavailable("busy", "ServiceUnavailable", 5.0), FIRST // 2, id="not available, and asked to come back"),
        pytest.param(Unavailable("no answer", "Timeout"), FIRST // 2, id="a timeout"),
        pytest.param(Unavailable("gone"), FIRST, id="a connection that was lost"),
        pytest.param(Conflict("somebody was faster"), FIRST, id="a conflict"),
        pytest.param(Refused("no"), FIRST, id="a refusal of what was written"),
    ],
)
def test_the_server_is_given_half_when_it_has_too_much_to_do(error: ClusterError, width: int) -> None:
    assert written(Server(no=first(FIRST, error)), FIRST).width == width


def test_nothing_is_written_until_the_server_may_be_asked_again() -> None:
    server = Server(no=first(1, TOO_MANY))
    written(server, 3 * FIRST)
    halves = FIRST // 2
    assert server.started[FIRST : FIRST + halves + 1] == [6.0] * halves + [7.0]


def test_a_write_that_comes_meanwhile_waits_as_well() -> None:
    server = Server(no=first(1, TOO_MANY))

    async def story() -> None:
        paced = Paced(server, asyncio.get_running_loop().time)
        with pytest.raises(Unavailable):
            await paced.call(WRITE)
        await asyncio.sleep(3)
        await paced.call(READ)
        await paced.call(WRITE)

    at_once(story())
    assert (server.started, server.reads) == ([0.0, 6.0], 1)


@pytest.mark.parametrize(
    "error", [TOO_MANY, Conflict("somebody was faster"), ValueError("a fault of ours")], ids=lambda it: type(it).__name__
)
def test_a_write_that_fails_says_so_and_makes_room(error: Exception) -> None:
    async def story() -> int:
        server = Server(no=lambda number: error if number <= FIRST else None)  # type: ignore[arg-type,return-value]
        paced = Paced(server, asyncio.get_running_loop().time)
        ended = await asyncio.gather(*(paced.call(WRITE) for _ in range(2 * FIRST)), return_exceptions=True)
        return sum(one is error for one in ended)

    assert at_once(story()) == FIRST


@pytest.mark.parametrize("moment", [0.5, 1.5], ids=["while it waits", "in flight"])
def test_a_write_that_is_cancelled_makes_room(moment: float) -> None:
    server = Server()

    async def story() -> None:
        paced = Paced(server, asyncio.get_running_loop().time)
        before = [asyncio.create_task(paced.call(WRITE)) for _ in range(FIRST)]
        cancelled = [asyncio.create_task(paced.call(WRITE)) for _ in range(FIRST)]
        await asyncio.sleep(moment)
        for task in cancelled:
            task.cancel()
        await asyncio.gather(*before, *cancelled, *(paced.call(WRITE) for _ in range(FIRST)), return_exceptions=True)

    at_once(story())
    assert server.started[-FIRST:] == [max(moment, 1.0)] * FIRST


@pytest.mark.parametrize(
    ("method", "path", "sort"),
    [
        ("PUT", f"{PATH}/a/status", "PUT prepaidinstances status"),
        ("PATCH", f"{PATH}/a", "PATCH prepaidinstances"),
        ("POST", "/api/v1/namespaces/team-a/events", "POST events"),
        ("PUT", "/apis/prepaid.dev/v1alpha1/instanceclasses/a/status", "PUT instanceclasses status"),
        ("PATCH", "/api/v1/namespaces/team-a", "PATCH namespaces"),
    ],
)
def test_the_sort_of_a_write_names_no_object(method: Any, path: str, sort: str) -> None:  # noqa: ANN401
    assert sort_of(Request(method, path)) == sort
