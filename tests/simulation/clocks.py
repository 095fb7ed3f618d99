"""Virtual time: one true clock that moves only when it is told to, and operators' clocks that may be off."""

from dataclasses import dataclass

from whenever import Instant, TimeDelta

from prepaid.cluster.clock import Clock

BEGIN = Instant.from_utc(2026, 3, 2, 9)


@dataclass
class VirtualTime:
    """What the server's clock shows."""

    now: Instant = BEGIN

    def read(self) -> Instant:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += TimeDelta(seconds=seconds)

    def clock(self, seconds_ahead: float = 0.0) -> Clock:
        """An operator's clock, this far ahead of the truth."""
        return Clock(lambda: self.now + TimeDelta(seconds=seconds_ahead), lambda: (self.now - BEGIN).total("seconds"))
