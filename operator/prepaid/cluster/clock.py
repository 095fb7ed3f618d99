"""The one place that reads a clock: the earlier of our own and the API server's (product.md P12, architecture.md "Time").

A Date header D that came at local moment L proves that the server's clock showed at least D then; what it shows since is D plus the
monotonic time gone by. The best proof of the last minute or two is kept. Knows nothing of what moments are used for.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import lru_cache

from whenever import Instant, TimeDelta

PROOF_SECONDS = 60.0
AGREEMENT = TimeDelta(seconds=30)


@lru_cache(1)
def seconds_of(date_header: str) -> float:
    """Of the same second there are many answers in a storm. Raises ValueError."""
    return parsedate_to_datetime(date_header).timestamp()


def wall() -> Instant:
    """What this machine's clock shows."""
    return Instant.now()


def monotonic() -> float:
    """Seconds since some moment; never goes back."""
    return time.monotonic()


@dataclass
class Clock:
    """`now` for decisions: never later than what the API server has proved, never later than our own clock."""

    read_wall: Callable[[], Instant] = wall
    read_monotonic: Callable[[], float] = monotonic
    _best: float | None = field(default=None, init=False)
    _previous_best: float | None = field(default=None, init=False)
    _latest: float | None = field(default=None, init=False)
    _window_start: float = field(default=0.0, init=False)

    def observe(self, date_header: str) -> None:
        """Takes the Date of an answer that has just come. A Date that cannot be read proves nothing and is passed over."""
        try:
            seconds = seconds_of(date_header)
        except ValueError:
            return
        reading = self.read_monotonic()
        offset = seconds - reading
        if self._best is None or reading - self._window_start > PROOF_SECONDS:
            self._previous_best, self._best, self._window_start = self._best, offset, reading
        self._best, self._latest = max(self._best, offset), offset

    def now(self) -> Instant:
        """Aware UTC in whole seconds, rounded down: the earlier of the two clocks."""
        proved = self._proved()
        own = self.read_wall()
        return (own if proved is None else min(own, proved)).round("second", mode="floor")

    def agree(self) -> bool:
        """Whether our clock and the server's latest Date lie within 30 s of each other."""
        if self._latest is None:
            return True
        server = Instant.from_timestamp(int((self._latest + self.read_monotonic()) * 1e9), unit="nanosecond")
        return abs((self.read_wall() - server).total("seconds")) <= AGREEMENT.total("seconds")

    def seconds_until(self, moment: Instant) -> float:
        """Seconds by our own clock; negative when it has passed."""
        return (moment - self.read_wall()).total("seconds")

    def _proved(self) -> Instant | None:
        offsets = [offset for offset in (self._best, self._previous_best) if offset is not None]
        if not offsets:
            return None
        return Instant.from_timestamp(int((max(offsets) + self.read_monotonic()) * 1e9), unit="nanosecond")
