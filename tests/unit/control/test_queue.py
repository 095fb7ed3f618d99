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
