"""Events are told each once, and not faster than the server can do without: least of all while there is much else to do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from builders import START, instance
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import ClusterError, Conflict, Unavailable
from prepaid.cluster.recorder import BURST, BUSY_PER_SECOND, Recorder
from prepaid.cluster.transport import Answer, Request
from prepaid.lifecycle.notices import Event, Notice
from unhurried import at_once


@dataclass
class Server:
    """Takes events and notes their names; `fault` is raised instead."""

    fault: ClusterError | None = None
    told: list[str] = field(default_factory=list)

    async def call(self, request: Request) -> Answer:
        if request.method == "GET":
            return Answer({"resources": [{"name": "events", "kind": "Event", "namespaced": True}]})
        if self.fault:
            raise self.fault
        assert request.body is not None
        self.told.append(request.body["metadata"]["name"])
        return Answer({})

    async def stream(self, _request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {}


def told(names: list[str], is_busy: Callable[[], bool] = lambda: False, fault: ClusterError | None = None) -> tuple[float, list[str]]:
    """How many seconds it took to tell them all, and what was told."""

    async def story() -> tuple[float, list[str]]:
        loop, server = asyncio.get_running_loop(), Server(fault)
        recorder = Recorder(Cluster(server, Clock(lambda: START, loop.time)), is_busy)
        telling = asyncio.create_task(recorder.run())
        for name in names:
            recorder.tell(instance(), Event(Notice.RECYCLED, "It is over.", name))
        await recorder.drain()
        telling.cancel()
        return round(loop.time(), 1), [name.rpartition("-")[2] for name in server.told]

    return at_once(story())


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(["1"], ["1"], id="one"),
        pytest.param(["1", "2"], ["1", "2"], id="two in their order"),
        pytest.param(["1", "2", "1"], ["1", "2"], id="one that is told twice is told once"),
    ],
)
def test_what_is_told(names: list[str], expected: list[str]) -> None:
    assert told(names) == (0, expected)


def numbers(count: float) -> list[str]:
    return [str(number) for number in range(int(count))]


def test_a_burst_is_told_at_once() -> None:
    assert told(numbers(BURST))[0] == 0


def test_what_is_more_than_a_burst_waits() -> None:
    assert told(numbers(BURST + 50))[0] > 0


def test_while_there_is_much_to_do_little_is_told() -> None:
    assert told(numbers(30), lambda: True)[0] == 30 / BUSY_PER_SECOND


@pytest.mark.parametrize("fault", [Conflict("it is there"), Unavailable("not now")], ids=lambda error: type(error).__name__)
def test_one_that_cannot_be_told_is_passed_over(fault: ClusterError) -> None:
    assert told(["1", "2"], fault=fault) == (0, [])


def test_one_for_which_there_was_no_room_can_be_told_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prepaid.cluster.recorder.MOST_WAITING", 2)

    async def story() -> list[str]:
        server = Server()
        recorder = Recorder(Cluster(server, Clock(lambda: START, asyncio.get_running_loop().time)))
        for name in ("1", "2", "3"):
            recorder.tell(instance(), Event(Notice.RECYCLED, "It is over.", name))
        telling = asyncio.create_task(recorder.run())
        await recorder.drain()
        recorder.tell(instance(), Event(Notice.RECYCLED, "It is over.", "3"))
        await recorder.drain()
        telling.cancel()
        return [name.rpartition("-")[2] for name in server.told]

    assert at_once(story()) == ["1", "2", "3"]
