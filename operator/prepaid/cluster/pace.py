"""How many writes may be in flight at once: the arithmetic. Refuses to know what is written, who waits, and what time it is.

TCP Vegas (Brakmo and Peterson, 1995) with writes for segments, as VegasLimit of Netflix's concurrency-limits has it: for as long as a write
takes beyond the best that was seen, it stood in a queue. A short queue keeps the server busy, a longer one only makes everybody wait. (With
an average for the best, Gradient2 takes a queue that lasts for normal, and drifts upwards.) A refusal halves at once (RFC 9002, 7.3.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

LEAST, FIRST, MOST = 4, 12, 32
FEW, MANY = 4, 8
"""How many should stand in the queue: Vegas's alpha and beta, twice the usual, as the floor of the bench is best with 8 to 16 in flight."""

FORGETTING: Final = 1e-5
"""The best is believed a little less with each write: of a server that is slower for good, it has doubled after 70,000 of them."""

SHORTEST_SECONDS: Final = 1e-4


@dataclass(frozen=True)
class Write:
    """One that was done. Those of a `sort` take about as long; `in_flight` were at its start, itself among them."""

    sort: str
    start_time: float
    seconds: float
    in_flight: int


@dataclass(frozen=True)
class Round:
    """As many writes as may be in flight at once. `slowness` is the sum of how many times the best each took; full: all could not start."""

    writes: int = 0
    slowness: float = 0.0
    was_full: bool = False

    def with_one(self, slowness: float, is_full: bool) -> "Round":
        return Round(self.writes + 1, self.slowness + slowness, self.was_full or is_full)


@dataclass(frozen=True)
class Pace:
    """`width` is how many may be in flight. The best is known by sort: an event takes a fraction of a status (concurrency-limits#37)."""

    width: int = FIRST
    best_seconds: Mapping[str, float] = field(default_factory=dict)
    cut_time: float = float("-inf")
    round: Round = Round()


def after_write(pace: Pace, write: Write) -> Pace:
    """Once a round, one more or one fewer. What started before a refusal tells how it was then."""
    if write.start_time <= pace.cut_time:
        return pace
    best = best_of(pace, write)
    so_far = pace.round.with_one(max(write.seconds / best, 1.0), write.in_flight >= pace.width)
    learnt = replace(pace, best_seconds={**pace.best_seconds, write.sort: best}, round=so_far)
    if so_far.writes < pace.width:
        return learnt
    return replace(learnt, width=next_width(pace.width, so_far), round=Round())


def after_refusal(pace: Pace, start_time: float, now: float) -> Pace:
    """The server had too much to do for a write that started then. It is one refusal for all that were in flight together."""
    if start_time <= pace.cut_time:
        return pace
    return replace(pace, width=max(pace.width // 2, LEAST), cut_time=now, round=Round())


def best_of(pace: Pace, write: Write) -> float:
    """Seconds that a write of this sort takes where nothing stands in a queue, as far as was seen."""
    known = pace.best_seconds.get(write.sort, write.seconds) * (1 + FORGETTING)
    return max(min(known, write.seconds), SHORTEST_SECONDS)


def next_width(width: int, taken: Round) -> int:
    """Nothing is learnt of a round in which there was always room. Slowness alone leads to no fewer than MANY, for no more can queue."""
    if not taken.was_full:
        return width
    queued = width * (1 - taken.writes / taken.slowness)
    if queued < FEW:
        return min(width + 1, MOST)
    return width - 1 if queued > MANY else width
