"""A storm and the floor beside it, a few times in turn: the best of each is compared, for whatever disturbs a machine only takes time.

The floor is tried with another number of requests in flight each time; its best is the best concurrency as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from bench.cpu import milliseconds_each
from bench.figures import Figure, over_floor, told
from bench.floor import Floor
from bench.stage import Stage
from bench.storm import Storm, played


class Round(Protocol):
    """A storm of `n` and its floor."""

    def __call__(self, stage: Stage, n: int, width: int) -> tuple[Storm, Floor]:
        """On a ground of its own, with so many requests in flight at the floor."""


@dataclass(frozen=True)
class Rounds:
    storms: Sequence[Storm]
    floors: Sequence[Floor]

    @property
    def storm(self) -> Storm:
        return min(self.storms, key=lambda storm: storm.seconds)

    @property
    def floor(self) -> Floor:
        return min(self.floors, key=lambda floor: floor.seconds)

    @property
    def note(self) -> str:
        storms, floors = told(each.seconds for each in self.storms), told(each.seconds for each in self.floors)
        return f"best of {storms} s; floors {floors} s with {', '.join(str(floor.width) for floor in self.floors)} in flight"

    def figure(self, case: str, what: str, n: int, target: float) -> Figure:
        cpu, floor_cpu = milliseconds_each(self.storm.cpu, n), milliseconds_each(self.floor.cpu, n)
        more = {"note": self.note, "detail": self.storm.detail, "cpu": cpu, "floor_cpu": floor_cpu}
        return over_floor(case, what, n, self.storm.seconds, self.floor.seconds, target, **more)


def rounds_of(stage: Stage, sizes: Sequence[int], widths: Sequence[int], play: Round) -> dict[int, Rounds]:
    """All sizes in each round, in turn from the least and from the most: a machine that changes its speed does so for all alike."""
    storms: dict[int, list[Storm]] = {n: [] for n in sizes}
    floors: dict[int, list[Floor]] = {n: [] for n in sizes}
    for number, width in enumerate(widths, 1):
        for n in sizes if number % 2 else reversed(sizes):
            storm, floor = played(stage.ground(n).ground(number), partial(play, n=n, width=width))
            storms[n].append(storm)
            floors[n].append(floor)
    return {n: Rounds(storms[n], floors[n]) for n in sizes}
