"""Workers that take keys from the queue and look, with one retry loop for everything: whatever fails is looked at again, later and later.

A failing key delays no other. Unexpected errors are logged with their trace and retried like the rest (style.md 18).
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from whenever import Instant

from prepaid.api.resource import Resource
from prepaid.cluster.client import Key
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import ClusterError, Conflict, Unavailable
from prepaid.control.due import DueQueue
from prepaid.control.queue import KeyQueue

FIRST_DELAY = 0.05
LONGEST_DELAY = 30.0
CLOCK_DELAY = 0.05
COMPANY_SECONDS = 0.25
BUSY = 4
"""While so many others are in work, the few that come wait for company, and events are told slowly: there is time."""
LOOKS_AT_ONCE = 32
"""More than usual writes in flight (pace.py): who waits to write a second time is no reason for another not to begin."""
CROWD = 8
"""So many set out at once."""
PATIENCE_SECONDS = 1.0
"""So long at most those who have been looked at wait for the others."""

Reconcile = Callable[[Key], Awaitable[Instant | None]]


@dataclass(frozen=True)
class Gathering:
    """How several keys are looked at together, and what is to be done when that is over."""

    reconcile: Reconcile
    disperse: Callable[[], None]


Gather = Callable[[Sequence[Key]], Awaitable[Gathering]]
"""Reads what several keys of one namespace have in common."""
NONE_TOGETHER: Final[Mapping[type[Resource], Gather]] = MappingProxyType({})
log = logging.getLogger("prepaid.control")


def nothing() -> None:
    """Nobody has gathered."""


class Workers:
    """Looks at keys, a few at a time. Those of a kind in `gathers` are looked at together where several of a namespace wait.

    What has been seen of the last of them is as old as the looks at all others took: so not too many are in work.
    """

    def __init__(
        self,
        queue: KeyQueue,
        due: DueQueue,
        clock: Clock,
        reconcilers: Mapping[type[Resource], Reconcile],
        gathers: Mapping[type[Resource], Gather] = NONE_TOGETHER,
    ) -> None:
        self._queue = queue
        self._due = due
        self._clock = clock
        self._reconcilers = reconcilers
        self._gathers = gathers
        self._gate = asyncio.Semaphore(LOOKS_AT_ONCE)
        self._companies: dict[tuple[type[Resource], str], list[Key]] = {}
        self._failures: dict[Key, int] = {}
        self._later: dict[Key, asyncio.TimerHandle] = {}

    def start(self, most: int) -> asyncio.Task[None]:
        """Has so many keys in work at most; ends when the queue is closed and the last look is done."""
        return asyncio.create_task(self._work(most))

    async def _work(self, most: int) -> None:
        async with asyncio.TaskGroup() as looks:
            while (key := await self._queue.get()) is not None:
                gather = self._gathers.get(key.kind)
                keys = [key, *(self._queue.more_like(key, most - self._queue.in_work) if gather else [])]
                if gather and len(keys) < CROWD and self._looking(keys) >= BUSY:
                    self._wait_for_company(keys, gather, looks)
                else:
                    looks.create_task(self._look_at_all(keys, gather))
                await self._queue.until_room(most)

    def _looking(self, keys: Sequence[Key]) -> int:
        """How many are looked at now: not these, nor those that wait for company."""
        return self._queue.in_work - len(keys) - sum(map(len, self._companies.values()))

    def _wait_for_company(self, keys: Sequence[Key], gather: Gather, looks: asyncio.TaskGroup) -> None:
        """A few that come wait a moment for more like them (RFC 896, Nagle)."""
        company = self._companies.setdefault((keys[0].kind, keys[0].namespace), [])
        if not company:
            looks.create_task(self._set_out(company, gather))
        company += keys

    async def _set_out(self, company: list[Key], gather: Gather) -> None:
        await asyncio.sleep(COMPANY_SECONDS)
        del self._companies[company[0].kind, company[0].namespace]
        await self._look_at_all(company, gather)

    async def _look_at_all(self, keys: Sequence[Key], gather: Gather | None) -> None:
        if gather and len(keys) > 1:
            await self._look_together(keys, gather)
        else:
            await self._look(keys[0], self._reconcilers[keys[0].kind], self._clock.now())

    async def _look_together(self, keys: Sequence[Key], gather: Gather) -> None:
        """Where it cannot be read for all of them, it is read for each."""
        since = self._clock.now()
        try:
            gathering = await gather(keys)
        except Exception as error:  # noqa: BLE001
            log.warning("what %d looks have in common cannot be read: %r", len(keys), error)
            gathering = Gathering(self._reconcilers[keys[0].kind], nothing)
        looks = [asyncio.ensure_future(self._look(key, gathering.reconcile, since)) for key in keys]
        await asyncio.wait(looks, timeout=PATIENCE_SECONDS)
        gathering.disperse()
        await asyncio.gather(*looks)

    async def _look(self, key: Key, reconcile: Reconcile, since: Instant) -> None:
        """One that is reached after the queue was closed is not begun. Nothing that it sees is older than `since`."""
        try:
            async with self._gate:
                if not self._queue.is_closed:
                    self._wake_at(key, await reconcile(key), since)
                    self._failures.pop(key, None)
        except Exception as error:  # noqa: BLE001
            self._retry(key, error)
        finally:
            self._queue.done(key)

    def _wake_at(self, key: Key, wake_time: Instant | None, since: Instant) -> None:
        """A moment that has passed by our own clock, but not by the server's, is waited for by the server's."""
        if wake_time is None or self._clock.seconds_until(wake_time) > 0:
            self._due.set(key, wake_time)
        else:
            self._add_later(key, self._delay_by_server(wake_time, since))

    def _delay_by_server(self, wake_time: Instant, since: Instant) -> float:
        """Seconds until a second before the server shows the moment; its clock is known to the second, so that one is looked at often.

        One that has passed while it was looked at is looked at now; one that had passed before, in a while.
        """
        seconds = (wake_time - self._clock.now()).total("seconds")
        if seconds <= 0:
            return CLOCK_DELAY if wake_time > since else LONGEST_DELAY
        return min(max(seconds - 1, CLOCK_DELAY), LONGEST_DELAY)

    def _retry(self, key: Key, error: Exception) -> None:
        failures = self._failures[key] = self._failures.get(key, 0) + 1
        delay = min(FIRST_DELAY * 2 ** min(failures, 16), LONGEST_DELAY) * random.uniform(0.5, 1.0)
        if isinstance(error, Unavailable) and error.retry_after:
            delay = max(delay, error.retry_after)
        if not isinstance(error, ClusterError):
            log.error("look failed", extra={"key": str(key)}, exc_info=error)
        elif not isinstance(error, Conflict):
            log.warning("%s: %s; looking again in %.1f s", key, error, delay)
        self._add_later(key, delay)

    def _add_later(self, key: Key, delay: float) -> None:
        """One timer for each key: a newer one takes the place of the one before."""
        if former := self._later.get(key):
            former.cancel()
        self._later[key] = asyncio.get_running_loop().call_later(delay, self._add_now, key)

    def _add_now(self, key: Key) -> None:
        del self._later[key]
        self._queue.add(key)
