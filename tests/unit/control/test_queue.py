"""Keys wait once, are worked on by one at a time, and none is forgotten."""

import asyncio

import pytest

from prepaid.api.instance import PrepaidInstance
from prepaid.api.order import RenewalOrder
from prepaid.cluster.client import Key
from prepaid.control.queue import KeyQueue


def key(name: str) -> Key:
    return Key(PrepaidInstance, "team-a", name)


A, B = key("a"), key("b")


async def drained(queue: KeyQueue) -> list[str]:
    """The names that come out, without an end to any of the work."""
    names: list[str] = []
    while True:
        getting = asyncio.create_task(queue.get())
        await asyncio.sleep(0)
        if not getting.done():
            getting.cancel()
            return names
        if found := getting.result():
            names.append(found.name)


@pytest.mark.parametrize(
    ("added", "given"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("abc", "abc", id="in order of arrival"),
        pytest.param("aaa", "a", id="each waits once"),
        pytest.param("abab", "ab", id="asking again does not move it back"),
    ],
)
async def test_keys_come_out(added: str, given: str) -> None:
    queue = KeyQueue()
    for name in added:
        queue.add(key(name))
    assert "".join(await drained(queue)) == given


async def test_a_key_in_work_is_not_given_to_another() -> None:
    queue = KeyQueue()
    queue.add(A)
    await queue.get()
    queue.add(A)
    assert await drained(queue) == []


async def test_what_was_asked_for_meanwhile_is_looked_at_once_more() -> None:
    queue = KeyQueue()
    queue.add(A)
    await queue.get()
    queue.add(A)
    queue.add(A)
    queue.done(A)
    assert await drained(queue) == ["a"]


async def test_what_is_done_does_not_come_back_by_itself() -> None:
    queue = KeyQueue()
    queue.add(A)
    await queue.get()
    queue.done(A)
    assert (await drained(queue), len(queue)) == ([], 0)


async def test_a_key_that_fails_to_end_delays_no_other() -> None:
    queue = KeyQueue()
    queue.add(A)
    await queue.get()
    queue.add(B)
    assert await drained(queue) == ["b"]


@pytest.mark.parametrize(
    ("most", "given", "left"),
    [
        pytest.param(9, "bc", "xyn", id="all that are like it"),
        pytest.param(1, "b", "xycn", id="no more than are wanted"),
        pytest.param(0, "", "bxycn", id="none"),
    ],
)
async def test_those_of_its_kind_and_namespace_come_with_it(most: int, given: str, left: str) -> None:
    queue = KeyQueue()
    for one in (A, B, Key(PrepaidInstance, "team-b", "x"), Key(RenewalOrder, "team-a", "y"), key("c"), Key(PrepaidInstance, "", "n")):
        queue.add(one)
    first = await queue.get()
    assert first is not None
    taken = queue.more_like(first, most)
    assert ("".join(one.name for one in taken), "".join(await drained(queue))) == (given, left)


async def test_those_that_came_with_it_are_in_work() -> None:
    queue = KeyQueue()
    queue.add(A)
    queue.add(B)
    first = await queue.get()
    assert first is not None
    queue.more_like(first, 1)
    queue.add(B)
    before = await drained(queue)
    queue.done(B)
    assert (before, await drained(queue)) == ([], ["b"])


async def test_one_who_waits_is_woken() -> None:
    queue = KeyQueue()
    waiting = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    queue.add(A)
    assert await waiting == A


async def test_each_of_many_who_wait_gets_another_key() -> None:
    queue = KeyQueue()
    waiting = [asyncio.create_task(queue.get()) for _ in range(3)]
    await asyncio.sleep(0)
    for name in "abc":
        queue.add(key(name))
    assert {found.name for found in await asyncio.gather(*waiting) if found} == {"a", "b", "c"}


async def test_a_closed_queue_sends_everybody_home() -> None:
    queue = KeyQueue()
    waiting = [asyncio.create_task(queue.get()) for _ in range(2)]
    await asyncio.sleep(0)
    queue.close()
    assert await asyncio.gather(*waiting) == [None, None]


async def test_a_closed_queue_gives_nothing_that_was_waiting() -> None:
    queue = KeyQueue()
    queue.add(A)
    queue.close()
    assert await queue.get() is None


async def test_its_length_counts_what_waits_and_what_is_in_work() -> None:
    queue = KeyQueue()
    queue.add(A)
    queue.add(B)
    await queue.get()
    assert len(queue) == 2


@pytest.mark.parametrize(
    ("in_work", "waiting", "most", "has_room"),
    [
        pytest.param(0, 0, 1, True, id="nothing is in work"),
        pytest.param(1, 0, 1, False, id="the only place is taken"),
        pytest.param(7, 1, 8, True, id="one is left for the one that waits"),
        pytest.param(7, 2, 8, False, id="one is left for two that wait"),
        pytest.param(8, 0, 8, False, id="none is left for one to come"),
        pytest.param(5, 9, 8, False, id="less than half are left for the many that wait"),
        pytest.param(4, 9, 8, True, id="half are left for the many that wait"),
    ],
)
async def test_there_is_room(in_work: int, waiting: int, most: int, has_room: bool) -> None:
    queue = KeyQueue()
    for number in range(in_work):
        queue.add(key(f"work-{number}"))
        await queue.get()
    for number in range(waiting):
        queue.add(key(f"wait-{number}"))
    looking = asyncio.create_task(queue.until_room(most))
    await asyncio.sleep(0)
    found = looking.done()
    looking.cancel()
    assert found is has_room


async def test_who_waits_for_room_is_woken_by_the_end_of_work() -> None:
    queue = KeyQueue()
    queue.add(A)
    await queue.get()
    looking = asyncio.create_task(queue.until_room(1))
    await asyncio.sleep(0)
    queue.done(A)
    await asyncio.wait_for(looking, 1)
    assert queue.in_work == 0


async def test_of_those_that_wait_the_ones_of_a_kind_and_a_namespace_are_counted() -> None:
    queue = KeyQueue()
    for key in (
        Key(PrepaidInstance, "team-a", "in-work"),
        Key(PrepaidInstance, "team-a", "one"),
        Key(PrepaidInstance, "team-a", "two"),
        Key(PrepaidInstance, "team-b", "one"),
        Key(RenewalOrder, "team-a", "one"),
    ):
        queue.add(key)
    await queue.get()
    assert queue.waiting(PrepaidInstance, "team-a") == 2
