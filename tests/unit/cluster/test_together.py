"""Several things at once: the answers in their order, a few at a time, and no error that leaves others at work."""

import asyncio
from dataclasses import dataclass, field

import pytest

from prepaid.cluster.errors import Conflict
from prepaid.cluster.together import MOST_AT_ONCE, together
from unhurried import at_once


@dataclass
class Counter:
    """Who is at work, how many were at most, and who has ended."""

    now: int = 0
    most: int = 0
    ended: list[int] = field(default_factory=list)

    async def work(self, number: int, seconds: float = 1.0, fault: Exception | None = None) -> int:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(seconds)
        self.now -= 1
        self.ended.append(number)
        if fault:
            raise fault
        return number


def test_the_answers_come_in_the_order_of_the_works() -> None:
    counter = Counter()
    assert at_once(together(counter.work(number, seconds=9.0 - number) for number in range(5))) == [0, 1, 2, 3, 4]
    assert counter.ended == [4, 3, 2, 1, 0]


def test_no_more_than_a_few_are_at_work() -> None:
    counter = Counter()
    at_once(together(counter.work(number) for number in range(3 * MOST_AT_ONCE)))
    assert (counter.most, len(counter.ended)) == (MOST_AT_ONCE, 3 * MOST_AT_ONCE)


def test_the_first_error_is_raised_once_all_have_ended() -> None:
    counter = Counter()
    works = [counter.work(0, 1.0, Conflict("it has changed")), counter.work(1, 5.0)]
    with pytest.raises(Conflict):
        at_once(together(works))
    assert counter.ended == [0, 1]


def test_nothing_to_do_is_done_at_once() -> None:
    assert at_once(together([])) == []
