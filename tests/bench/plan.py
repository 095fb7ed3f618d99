"""What a run measures, and at which sizes. From the environment: N, CASES, ROUNDS, LONG, OUT. Starts nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CASES: Final = ("storm", "growth", "counts", "lateness", "money", "stateful", "neighbour", "peer", "calm")
"""Those that share a control plane follow each other: the counts first, where nobody else lives."""
USUAL, LONG = 500, 5000
ACCOUNTS: Final = 10
STEADY_RATE: Final = 20
STEADY_SECONDS: Final = 10
SMALL: Final = 20
WIDTHS: Final = (12, 16, 8)
"""Requests in flight that the floor is tried with, one in each round; 32 are slower (measured beforehand)."""
USUAL_ROUNDS: Final = 2


@dataclass(frozen=True)
class Plan:
    """Sizes follow from `n`, except where controllers or a peer would make the run too long."""

    n: int = USUAL
    cases: tuple[str, ...] = CASES
    widths: tuple[int, ...] = WIDTHS[:USUAL_ROUNDS]
    is_long: bool = False
    out: Path = Path()

    @property
    def money_n(self) -> int:
        """A renewal is several writes, and so is its floor."""
        return self.part(0.2)

    @property
    def stateful_n(self) -> int:
        """Each takes the controllers some ten writes of their own, and is bought for real."""
        return self.part(0.06)

    @property
    def neighbour_n(self) -> int:
        """Each is played in turn with a healthy storm of as many."""
        return self.part(0.5)

    @property
    def peer_n(self) -> int:
        """A peer of twelve times the floor would take as long as all the rest."""
        return min(self.part(0.25), USUAL)

    @property
    def counted_n(self) -> int:
        """Lives that a count is the mean of."""
        return min(4, self.n)

    @property
    def growth_sizes(self) -> tuple[int, int, int]:
        """Up to the storm that is measured anyway."""
        return max(self.n // 4, 1), max(self.n // 2, 1), self.n

    @property
    def storm_sizes(self) -> tuple[int, ...]:
        """Beside the storm those that only the growth asks for; none twice."""
        return tuple(sorted(set(self.growth_sizes))) if "growth" in self.cases else (self.n,)

    @property
    def steady_seconds(self) -> int:
        return max(min(self.n // STEADY_RATE, STEADY_SECONDS), 1)

    def part(self, share: float) -> int:
        """So much of N, but of a small N more."""
        return max(round(self.n * share), min(self.n, SMALL))

    @property
    def idle_seconds(self) -> float:
        return 3600.0 if self.is_long else 60.0


def plan_from(environment: Mapping[str, str]) -> Plan:
    """The plan that was asked for. Raises ValueError in words for the person who typed it."""
    is_long = environment.get("LONG", "") not in ("", "0")
    n = environment.get("N") or str(LONG if is_long else USUAL)
    if not n.isdigit() or int(n) < 1:
        raise ValueError(f"N={n}: say how many instances, 1 or more")
    asked = tuple(filter(None, environment.get("CASES", "").split(","))) or CASES
    if unknown := [case for case in asked if case not in CASES]:
        raise ValueError(f"CASES={','.join(unknown)}: there are {', '.join(CASES)}")
    rounds = environment.get("ROUNDS") or str(USUAL_ROUNDS)
    if rounds not in map(str, range(1, len(WIDTHS) + 1)):
        raise ValueError(f"ROUNDS={rounds}: say how often a storm and its floor are tried, 1 to {len(WIDTHS)}")
    cases = tuple(case for case in CASES if case in asked)
    return Plan(int(n), cases, WIDTHS[: int(rounds)], is_long, Path(environment.get("OUT") or "."))
