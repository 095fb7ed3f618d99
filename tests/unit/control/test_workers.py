"""Workers look at keys, one retry loop for all: what fails is looked at again, later and later, and delays no other."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from string import ascii_lowercase

import pytest
from whenever import Instant, TimeDelta

from prepaid.api.instance import PrepaidInstance
from prepaid.api.order import RenewalOrder
from prepaid.api.resource import Resource
from prepaid.cluster.client import Key
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import Conflict, Gone, Refused, Unavailable
from prepaid.control.due import DueQueue
from prepaid.control.queue import KeyQueue
from prepaid.control.workers import BUSY, CROWD, LOOKS_AT_ONCE, Gathering, Reconcile, Workers, nothing
from unhurried import at_once

NOON = Instant.parse_iso("2026-06-01T12:00:00Z")
A, B = Key(PrepaidInstance, "team-a", "a"), Key(PrepaidInstance, "team-a", "b")
Answer = Callable[[Key, int], Instant | None]
Looks = dict[str, list[float]]


def after(seconds: float) -> Instant:
    return NOON + TimeDelta(seconds=seconds)


@dataclass
class Workshop:
    """Workers whose looks answer what a test says; when each key was looked at, in seconds since noon."""

    answer: Answer
    server_is_behind: float = 0.0
    look_seconds: float = 0.0
    looks: Looks = field(default_factory=lambda: defaultdict(list))

    async def work_until(self, due: Instant) -> Looks:
        """Each look says that it is to be looked at when the server's clock shows `due`, until it does."""
        clock = self.clock()
        self.answer = lambda _key, _look: due if clock.now() < due else None
        return await self.work(9000, A)

    def clock(self) -> Clock:
        """Ours is the loop's own; the server's was heard once."""
        loop = asyncio.get_running_loop()
        clock = Clock(lambda: after(loop.time()), loop.time)
        clock.observe(after(loop.time() - self.server_is_behind).format_rfc2822())
        return clock

    async def work(self, seconds: float, *keys: Key, workers: int = 2) -> Looks:
        loop, clock = asyncio.get_running_loop(), self.clock()
        queue = KeyQueue()
        due = DueQueue(clock, queue.add)

        async def reconcile(key: Key) -> Instant | None:
            self.looks[key.name].append(loop.time())
            await asyncio.sleep(self.look_seconds)
            return self.answer(key, len(self.looks[key.name]))

        working = Workers(queue, due, clock, {PrepaidInstance: reconcile}).start(workers)
        waking = asyncio.create_task(due.run())
        for key in keys:
            queue.add(key)
        await asyncio.wait([working], timeout=seconds)
        queue.close()
        await working
        waking.cancel()
        return dict(self.looks)


def looked_at(seconds: float, answer: Answer, *keys: Key, workers: int = 2, server_is_behind: float = 0.0) -> Looks:
    return at_once(Workshop(answer, server_is_behind).work(seconds, *keys, workers=workers))


def failing(error: Exception, times: int = 1) -> Answer:
    """Fails so many times, then succeeds; only the key `a`."""

    def answer(key: Key, look: int) -> Instant | None:
        if key == A and look <= times:
            raise error
        return None

    return answer


def quiet(_key: Key, _look: int) -> Instant | None:
    return None


def test_each_key_is_looked_at_once() -> None:
    assert looked_at(3600, quiet, A, B) == {"a": [0], "b": [0]}


@pytest.mark.parametrize(
    "error",
    [Conflict("somebody was faster"), Unavailable("not now"), Refused("no"), Gone("away"), ValueError("a fault of ours")],
    ids=lambda error: type(error).__name__,
)
def test_whatever_fails_is_looked_at_again(error: Exception) -> None:
    assert len(looked_at(3600, failing(error), A)["a"]) == 2


def test_a_key_that_fails_delays_no_other() -> None:
    assert looked_at(3600, failing(Unavailable("not now"), 99), A, B, workers=1)["b"] == [0]


def test_it_is_looked_at_later_and_later_but_at_least_twice_a_minute() -> None:
    moments = looked_at(3600, failing(Conflict("again"), 10**6), A)["a"]
    waits = [later - sooner for sooner, later in pairwise(moments)]
    assert waits[0] <= 0.1
    assert all(15 <= wait <= 30.001 for wait in waits[10:])
    assert len(waits) > 120


def test_a_success_ends_the_waiting() -> None:
    def answer(_key: Key, look: int) -> Instant | None:
        if look in range(1, 9) or look == 10:
            raise Conflict("again")
        return after(1000) if look == 9 else None

    moments = looked_at(3600, answer, A)["a"]
    assert (round(moments[9]), moments[10] - moments[9] <= 0.1) == (1000, True)


@pytest.mark.parametrize(("retry_after", "soonest"), [(60.0, 60.0), (0.001, 0.02)], ids=["longer than ours", "shorter than ours"])
def test_the_server_says_how_long_to_wait(retry_after: float, soonest: float) -> None:
    moments = looked_at(3600, failing(Unavailable("not now", retry_after=retry_after)), A)["a"]
    assert soonest <= moments[1] <= max(60.001, soonest)


def at_first(moment: Instant) -> Answer:
    return lambda _key, look: moment if look == 1 else None


def test_a_moment_to_come_is_looked_at_then() -> None:
    assert looked_at(3600, at_first(after(60)), A)["a"] == pytest.approx([0, 60], abs=0.01)


def test_a_moment_that_has_passed_is_looked_at_in_a_while_and_not_again_and_again() -> None:
    assert looked_at(3600, at_first(after(-1)), A)["a"] == pytest.approx([0, 30], abs=0.01)


@pytest.mark.parametrize(
    ("due", "again"),
    [pytest.param(3, 5.05, id="while it was looked at"), pytest.param(-1, 35, id="before"), pytest.param(60, 60, id="in a minute")],
)
def test_a_moment_that_passes_in_a_look_is_looked_at_at_once(due: float, again: float) -> None:
    moments = at_once(Workshop(at_first(after(due)), look_seconds=5).work(3600, A))["a"]
    assert moments == pytest.approx([0, again], abs=0.01)


@pytest.mark.parametrize(
    ("behind", "most"),
    [
        pytest.param(1, 25, id="the server's clock is a second behind"),
        pytest.param(20, 25, id="it is 20 s behind"),
        pytest.param(3600, 200, id="it is an hour behind"),
    ],
)
def test_a_moment_that_the_server_has_yet_to_show_is_looked_at_then(behind: int, most: int) -> None:
    moments = at_once(Workshop(quiet, behind).work_until(after(60)))["a"]
    assert (60 + behind <= round(moments[-1], 3) < 60.2 + behind, len(moments) <= most) == (True, True)


def test_what_is_in_flight_at_the_end_is_finished() -> None:
    done: list[str] = []

    async def story() -> list[str]:
        queue, clock = KeyQueue(), Clock(lambda: NOON)

        async def slow(key: Key) -> Instant | None:
            await asyncio.sleep(5)
            done.append(key.name)
            return None

        working = Workers(queue, DueQueue(clock, queue.add), clock, {PrepaidInstance: slow}).start(1)
        queue.add(A)
        queue.add(B)
        asyncio.get_running_loop().call_at(1, queue.close)
        await working
        return done

    assert at_once(story()) == ["a"]


A_CROWD = ascii_lowercase[:CROWD]


@dataclass
class Company:
    """Workers whose looks say with whom they were; `fault` is raised where they are to be looked at together."""

    fault: Exception | None = None
    looks: dict[str, list[str]] = field(default_factory=dict)
    dispersed: list[list[str]] = field(default_factory=list)
    most: int = 8

    async def work(self, *keys: Key) -> dict[str, list[str]]:
        queue, clock = KeyQueue(), Clock(lambda: NOON)

        async def alone(key: Key) -> None:
            self.looks.setdefault(key.name, [])

        async def gather(keys: Sequence[Key]) -> Gathering:
            if self.fault:
                raise self.fault

            async def reconcile(key: Key) -> None:
                self.looks.setdefault(key.name, [one.name for one in keys])
                if key == A:
                    raise Conflict("somebody was faster")

            return Gathering(reconcile, lambda: self.dispersed.append(sorted(self.looks)))

        workers = Workers(
            queue, DueQueue(clock, queue.add), clock, {PrepaidInstance: alone, RenewalOrder: alone}, {PrepaidInstance: gather}
        )
        for key in keys:
            queue.add(key)
        working = workers.start(self.most)
        await asyncio.wait([working], timeout=0.08)
        queue.close()
        await working
        return self.looks


def key(name: str) -> Key:
    return Key(PrepaidInstance, "team-a", name)


def order_named(name: str) -> Key:
    return Key(RenewalOrder, "team-a", name)


@pytest.mark.parametrize(
    ("keys", "looks"),
    [
        pytest.param((B,), {"b": []}, id="one that waits alone"),
        pytest.param((A, B), {"a": ["a", "b"], "b": ["a", "b"]}, id="two of a namespace; one that fails keeps the other from nothing"),
        pytest.param((B, Key(PrepaidInstance, "team-b", "c")), {"b": [], "c": []}, id="two of two namespaces"),
        pytest.param((order_named("c"), order_named("d")), {"c": [], "d": []}, id="two of a kind that are looked at alone"),
    ],
)
def test_who_waits_together_is_looked_at_together(keys: tuple[Key, ...], looks: dict[str, list[str]]) -> None:
    assert at_once(Company().work(*keys)) == looks


def at(moment: float, names: str, company: str) -> dict[str, tuple[float, list[str]]]:
    """They are looked at then, with all of these."""
    return dict.fromkeys(names, (moment, list(company)))


@pytest.mark.parametrize(
    ("busy", "arrivals", "looks"),
    [
        pytest.param(0, {"a": 1.0}, at(1.0, "a", "a"), id="nobody is in work: one that comes alone is looked at then"),
        pytest.param(BUSY - 1, {"a": 1.0}, at(1.0, "a", "a"), id="few are in work: it is looked at then"),
        pytest.param(BUSY, {"a": 1.0}, at(1.25, "a", "a"), id="many are in work: it waits a moment for company, and no longer"),
        pytest.param(
            BUSY,
            {"a": 1.0, "b": 1.2, "c": 1.3},
            at(1.25, "ab", "ab") | at(1.55, "c", "c"),
            id="who comes in that moment is looked at with it",
        ),
        pytest.param(BUSY, {"a": 1.0, "b": 1.0, "c": 1.2}, at(1.25, "abc", "abc"), id="a few that come together wait for more"),
        pytest.param(BUSY, dict.fromkeys(A_CROWD, 1.0), at(1.0, A_CROWD, A_CROWD), id="a crowd waits for nobody"),
    ],
)
def test_while_so_many_others_are_in_work(busy: int, arrivals: Mapping[str, float], looks: dict[str, tuple[float, list[str]]]) -> None:
    assert looks_beside(busy, 3600, {key(name): moment for name, moment in arrivals.items()}) == looks


def test_who_waits_for_company_is_not_in_work() -> None:
    """The others are done before the four that wait have set out, and before the one of another namespace comes."""
    arrivals = {key(name): 1.0 for name in "abcd"} | {Key(PrepaidInstance, "team-b", "z"): 1.2}
    assert looks_beside(BUSY, 1.1, arrivals) == at(1.25, "abcd", "abcd") | at(1.2, "z", "z")


def looks_beside(busy: int, seconds: float, arrivals: Mapping[Key, float]) -> dict[str, tuple[float, list[str]]]:
    """When each was looked at, and with whom, beside so many others that come first. Each look takes so long."""
    found: dict[str, tuple[float, list[str]]] = {}

    async def story() -> None:
        loop, queue, clock = asyncio.get_running_loop(), KeyQueue(), Clock(lambda: NOON)

        async def look(key: Key, keys: Sequence[Key]) -> None:
            found[key.name] = (round(loop.time(), 3), sorted(one.name for one in keys))
            await asyncio.sleep(seconds)

        async def alone(key: Key) -> None:
            await look(key, [key])

        async def gather(keys: Sequence[Key]) -> Gathering:
            together = tuple(keys)
            return Gathering(lambda key: look(key, together), nothing)

        reconcilers: dict[type[Resource], Reconcile] = {PrepaidInstance: alone, RenewalOrder: alone}
        working = Workers(queue, DueQueue(clock, queue.add), clock, reconcilers, {PrepaidInstance: gather}).start(99)
        others = [order_named(f"other-{number}") for number in range(busy)]
        for other in others:
            queue.add(other)
        for one, moment in arrivals.items():
            loop.call_at(moment, queue.add, one)
        loop.call_at(2, queue.close)
        await working
        for other in others:
            del found[other.name]

    at_once(story())
    return found


def test_no_more_are_looked_at_together_than_may_be_in_work() -> None:
    assert at_once(Company(most=2).work(B, key("c"), key("d"))) == {"b": ["b", "c"], "c": ["b", "c"], "d": []}


def test_they_disperse_when_all_have_been_looked_at() -> None:
    company = Company()
    at_once(company.work(A, B))
    assert company.dispersed == [["a", "b"]]


@pytest.mark.parametrize(("seconds", "dispersed_at"), [(0.3, 0.3), (3600.0, 1.0)], ids=["the last takes a moment", "one takes an hour"])
def test_one_that_takes_long_keeps_the_others_waiting_no_longer_than_a_second(seconds: float, dispersed_at: float) -> None:
    async def story() -> float:
        loop, queue, clock = asyncio.get_running_loop(), KeyQueue(), Clock(lambda: NOON)
        moments: list[float] = []

        async def slow(key: Key) -> None:
            await asyncio.sleep(seconds if key == A else 0)

        async def gather(_keys: Sequence[Key]) -> Gathering:
            return Gathering(slow, lambda: moments.append(loop.time()))

        working = Workers(queue, DueQueue(clock, queue.add), clock, {PrepaidInstance: slow}, {PrepaidInstance: gather}).start(9)
        for one in (A, B):
            queue.add(one)
        loop.call_at(0.1, queue.close)
        await working
        return round(moments[0], 3)

    assert at_once(story()) == dispersed_at


@pytest.mark.parametrize("fault", [Unavailable("not now"), ValueError("a fault of ours")], ids=lambda error: type(error).__name__)
def test_what_cannot_be_read_for_all_is_read_for_each(fault: Exception) -> None:
    assert at_once(Company(fault).work(A, B)) == {"a": [], "b": []}


def test_those_that_are_not_reached_before_the_end_are_not_begun() -> None:
    done: list[str] = []

    async def story() -> list[str]:
        queue, clock = KeyQueue(), Clock(lambda: NOON)

        async def slow(key: Key) -> None:
            await asyncio.sleep(5)
            done.append(key.name)

        async def gather(_keys: Sequence[Key]) -> Gathering:
            return Gathering(slow, nothing)

        working = Workers(queue, DueQueue(clock, queue.add), clock, {PrepaidInstance: slow}, {PrepaidInstance: gather}).start(99)
        for number in range(LOOKS_AT_ONCE + 4):
            queue.add(Key(PrepaidInstance, "team-a", f"{number:02}"))
        asyncio.get_running_loop().call_at(1, queue.close)
        await working
        return done

    assert len(at_once(story())) == LOOKS_AT_ONCE
