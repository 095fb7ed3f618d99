"""One line of the table: what was measured, of how many, beside its floor and its target. Measures nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from math import ceil
from typing import Any

Detail = Mapping[str, float]


@dataclass(frozen=True)
class Figure:
    """`value` is in `unit`; "x" is a ratio. Without a target it is only reported; with a fault it was not measured.

    `floor` is in the same unit, where the figure is not over its floor. `cpu` and `floor_cpu` are milliseconds of processor time of one
    instance, by part.
    """

    case: str
    what: str
    n: int
    value: float | None = None
    unit: str = ""
    target: float | None = None
    seconds: float | None = None
    floor_seconds: float | None = None
    floor: float | None = None
    note: str = ""
    fault: str = ""
    detail: Detail = field(default_factory=dict)
    cpu: Detail = field(default_factory=dict)
    floor_cpu: Detail = field(default_factory=dict)

    @property
    def is_reached(self) -> bool | None:
        """None where there is nothing to reach, or nothing was measured."""
        if self.target is None or self.value is None:
            return None
        return round(self.value, 2) <= self.target

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "is_reached": self.is_reached}


def over_floor(case: str, what: str, n: int, seconds: float, floor_seconds: float, target: float | None, **more: Any) -> Figure:  # noqa: ANN401
    """A ratio of two measured times."""
    return Figure(case, what, n, ratio(seconds, floor_seconds), "x", target, seconds, floor_seconds, **more)


def missing(case: str, n: int, fault: str) -> Figure:
    """A case that could not be measured, and why."""
    return Figure(case, "could not be measured", n, fault=fault)


def told(seconds: Iterable[float]) -> str:
    """Of a few tries, for a note."""
    return ", ".join(f"{each:.1f}" for each in seconds)


def ratio(part: float, whole: float) -> float:
    """How many times the whole goes into the part; endless for a whole of nothing."""
    return part / whole if whole > 0 else float("inf")


def percentile(values: list[float], percent: float) -> float:
    """The smallest value that so many percent of all do not exceed (nearest rank). Raises ValueError when there are none."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    ordered = sorted(values)
    return ordered[max(ceil(percent / 100 * len(ordered)), 1) - 1]


def doublings(seconds: list[float]) -> list[float]:
    """How many times longer each took than the one before, of half its size."""
    return [ratio(later, former) for former, later in pairwise(seconds)]
