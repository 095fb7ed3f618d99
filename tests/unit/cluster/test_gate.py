"""Who may be inside, in which order, and that no place is ever lost."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest

from prepaid.cluster.gate import Gate
from unhurried import at_once


@dataclass
class Visits:
    """When each visitor came in, and the most that were inside together."""

    gate: Gate
    came: dict[str, float] = field(default_factory=dict)
    most: int = 0

    def visit(self, name: str, seconds: float = 1.0) -> asyncio.Task[None]:
        return asyncio.create_task(self._stay(name, seconds))

    async def _stay(self, name: str, seconds: float) -> None:
        async with self.gate:
            self.came[name] = asyncio.get_running_loop().time()
            self.most = max(self.most, self.gate.inside)
            await asyncio.sleep(seconds)


def lived(story: Coroutine[Any, Any, Visits]) -> Visits:
    """All who have come have gone, or somebody has lost a place."""
    visits = at_once(story)
    assert visits.gate.inside == 0
    return visits


def test_no_more_are_inside_than_may_be_and_they_come_in_their_order() -> None:
    async def story() -> Visits:
        visits = Visits(Gate(2))
        await asyncio.gather(*(visits.visit(name) for name in "abcde"))
        return visits

    visits = lived(story())
    assert (visits.most, visits.came) == (2, {"a": 0, "b": 0, "c": 1, "d": 1, "e": 2})


def test_a_wider_gate_lets_in_at_once_who_waits() -> None:
    async def story() -> Visits:
        visits = Visits(Gate(1))
        tasks = [visits.visit(name, 10) for name in "abc"]
        asyncio.get_running_loop().call_later(2, visits.gate.set_width, 2)
        await asyncio.gather(*tasks)
        return visits

    assert lived(story()).came == {"a": 0, "b": 2, "c": 10}


def test_a_narrower_gate_puts_nobody_out_and_lets_in_fewer() -> None:
    async def story() -> Visits:
        visits = Visits(Gate(4))
        tasks = [visits.visit(name, seconds) for name, seconds in zip("abcdefg", (3, 4, 5, 6, 1, 1, 1), strict=True)]
        asyncio.get_running_loop().call_later(1, visits.gate.set_width, 2)
        await asyncio.gather(*tasks)
        return visits

    assert lived(story()).came == {"a": 0, "b": 0, "c": 0, "d": 0, "e": 5, "f": 6, "g": 6}


@pytest.mark.parametrize(
    ("closings", "opens"),
    [
        pytest.param([(0, 5)], 5, id="once"),
        pytest.param([(0, 5), (1, 7)], 8, id="a later word is longer"),
        pytest.param([(0, 5), (1, 1)], 5, id="a later word is shorter"),
        pytest.param([(0, 0)], 0, id="for no time"),
    ],
)
def test_a_closed_gate_lets_nobody_in_until_all_that_was_said_is_over(closings: list[tuple[float, float]], opens: float) -> None:
    async def story() -> Visits:
        visits = Visits(Gate(2))
        for moment, seconds in closings:
            asyncio.get_running_loop().call_later(moment, visits.gate.close_for, seconds)
        await asyncio.sleep(0)
        await asyncio.gather(*(visits.visit(name) for name in "abc"))
        return visits

    assert lived(story()).came == {"a": opens, "b": opens, "c": opens + 1}


def test_who_leaves_a_closed_gate_lets_nobody_in() -> None:
    async def story() -> Visits:
        visits = Visits(Gate(1))
        tasks = [visits.visit(name, 2) for name in "ab"]
        asyncio.get_running_loop().call_later(1, visits.gate.close_for, 5)
        await asyncio.gather(*tasks)
        return visits

    assert lived(story()).came == {"a": 0, "b": 6}


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(0.5, id="while it waits"),
        pytest.param(1.0, id="in the moment that it is let in"),
        pytest.param(1.5, id="while it is inside"),
    ],
)
def test_who_is_cancelled_leaves_no_place_taken(moment: float) -> None:
    async def story() -> Visits:
        visits = Visits(Gate(1))
        first, second, third = (visits.visit(name) for name in "abc")
        asyncio.get_running_loop().call_later(moment, second.cancel)
        await asyncio.gather(first, second, third, return_exceptions=True)
        return visits

    assert lived(story()).came["c"] == max(moment, 1.0)


def test_a_turn_that_is_cancelled_before_it_is_heard_of_goes_to_the_next() -> None:
    async def story() -> Visits:
        visits = Visits(Gate(1))
        async with visits.gate:
            second, third = visits.visit("b"), visits.visit("c")
            await asyncio.sleep(1)
        second.cancel()
        await asyncio.gather(second, third, return_exceptions=True)
        return visits

    assert lived(story()).came == {"c": 1}


def test_an_error_inside_leaves_no_place_taken() -> None:
    async def story() -> Visits:
        visits = Visits(Gate(1))
        with pytest.raises(ValueError, match="a fault"):
            async with visits.gate:
                raise ValueError("a fault")
        await visits.visit("a")
        return visits

    assert lived(story()).came == {"a": 0}
