"""A key is woken at its one moment: never before it, and never forgotten."""

import asyncio
from dataclasses import dataclass, field

import pytest
from whenever import Instant, TimeDelta

from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Key
from prepaid.cluster.clock import Clock
from prepaid.control.due import LONGEST_SLEEP, DueQueue
from unhurried import at_once

NOON = Instant.parse_iso("2026-06-01T12:00:00Z")
A, B = Key(PrepaidInstance, "team-a", "a"), Key(PrepaidInstance, "team-a", "b")
Set = tuple[float, Key, float | None]


def after(seconds: float) -> Instant:
    return NOON + TimeDelta(seconds=seconds)


@dataclass
class Alarm:
    """A due queue by the loop's own time, and when it woke whom."""

    set_ahead: float = 0.0
    woken: list[tuple[str, float]] = field(default_factory=list)

    async def until(self, seconds: float, *settings: Set) -> list[tuple[str, float]]:
        """What was woken by then; each setting is made at its moment."""
        loop = asyncio.get_running_loop()
        queue = DueQueue(Clock(lambda: after(loop.time() + self.set_ahead)), lambda key: self.woken.append((key.name, loop.time())))
        for moment, key, due in settings:
            loop.call_at(moment, queue.set, key, None if due is None else after(due))
        running = asyncio.create_task(queue.run())
        await asyncio.wait([running], timeout=seconds)
        running.cancel()
        return self.woken


def woken(seconds: float, *settings: Set) -> list[tuple[str, float]]:
    return at_once(Alarm().until(seconds, *settings))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param([(0, A, 10)], [("a", 10)], id="at its moment"),
        pytest.param([(0, A, 3000)], [("a", 3000)], id="also after a long sleep"),
        pytest.param([(0, A, 0)], [("a", 0)], id="at once when it is due"),
        pytest.param([(5, A, -3600)], [("a", 5)], id="at once when it is overdue"),
        pytest.param([(0, A, 20), (0, B, 10)], [("b", 10), ("a", 20)], id="the first moment first"),
        pytest.param([(0, A, 10), (0, B, 10)], [("a", 10), ("b", 10)], id="both at the same moment"),
        pytest.param([(0, A, 10), (5, A, 20)], [("a", 20)], id="a later moment replaces an earlier one"),
        pytest.param([(0, A, 20), (5, A, 10)], [("a", 10)], id="an earlier moment replaces a later one"),
        pytest.param([(0, A, 10), (1, A, 20), (2, A, 10)], [("a", 10)], id="a moment set again after another counts once"),
        pytest.param([(0, A, 10), (5, A, 10)], [("a", 10)], id="the same moment again counts once"),
        pytest.param([(0, A, 10), (5, A, None)], [], id="no moment takes it out"),
        pytest.param([(0, A, None)], [], id="no moment for what is not there"),
        pytest.param([(0, A, 10), (15, A, 20)], [("a", 10), ("a", 20)], id="a new moment after it was woken"),
        pytest.param([(0, A, 4000), (7, B, 8)], [("b", 8), ("a", 4000)], id="a sooner key ends the sleep"),
    ],
)
def test_a_key_is_woken(settings: list[Set], expected: list[tuple[str, float]]) -> None:
    assert rounded(woken(5000, *settings)) == expected


def rounded(told: list[tuple[str, float]]) -> list[tuple[str, float]]:
    return [(name, round(moment, 3)) for name, moment in told]


def test_a_clock_that_is_set_leaves_no_key_asleep() -> None:
    async def story() -> list[tuple[str, float]]:
        alarm = Alarm()
        asyncio.get_running_loop().call_at(100, setattr, alarm, "set_ahead", 3000.0)
        return await alarm.until(5000, (0, A, 3050))

    ((_, moment),) = at_once(story())
    assert 100 <= moment <= 100 + LONGEST_SLEEP


def test_it_knows_what_it_holds() -> None:
    queue = DueQueue(Clock(lambda: NOON), lambda _key: None)
    queue.set(A, after(10))
    assert (A in queue, B in queue) == (True, False)
