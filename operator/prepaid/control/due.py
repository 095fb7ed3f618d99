"""Which key is due when: a heap of moments that wakes what is due. A key has one moment at a time.

Moments are by our own clock; it is looked at again every few seconds, so that a clock that is set does not leave a key asleep.
"""

import asyncio
import heapq
from collections.abc import Callable

from whenever import Instant

from prepaid.cluster.client import Key
from prepaid.cluster.clock import Clock

LONGEST_SLEEP = 5.0


class DueQueue:
    """Gives keys to `wake` at their moments."""

    def __init__(self, clock: Clock, wake: Callable[[Key], None]) -> None:
        self._clock = clock
        self._wake = wake
        self._moments: dict[Key, Instant] = {}
        self._heap: list[tuple[Instant, int, Key]] = []
        self._count = 0
        self._changed = asyncio.Event()

    def set(self, key: Key, moment: Instant | None) -> None:
        """Replaces the moment of a key; None takes it out."""
        if moment is None:
            self._moments.pop(key, None)
            return
        if self._moments.get(key) == moment:
            return
        self._moments[key] = moment
        self._count += 1
        heapq.heappush(self._heap, (moment, self._count, key))
        self._changed.set()

    def __contains__(self, key: object) -> bool:
        return key in self._moments

    async def run(self) -> None:
        """Wakes keys for ever."""
        while True:
            self._changed.clear()
            seconds = self._wake_what_is_due()
            try:
                await asyncio.wait_for(self._changed.wait(), min(seconds, LONGEST_SLEEP))
            except TimeoutError:
                continue

    def _wake_what_is_due(self) -> float:
        """Seconds until the next moment."""
        while self._heap:
            moment, _, key = self._heap[0]
            if self._moments.get(key) != moment:
                heapq.heappop(self._heap)
                continue
            seconds = self._clock.seconds_until(moment)
            if seconds > 0:
                return seconds
            heapq.heappop(self._heap)
            del self._moments[key]
            self._wake(key)
        return LONGEST_SLEEP
