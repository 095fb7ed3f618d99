"""Plays every scene, then runs histories until one breaks a rule, and says which: python -m simulation.hunt MOST PROFILE (JSON)."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from simulation.moments import Violation
from simulation.outcome import outcome_of
from simulation.scenes import SCENES, Stage, play


def faults(most: int, profile: Mapping[str, Any]) -> Iterator[str]:
    """What goes wrong, one after the other: in scenes, then in so many histories."""
    for scene in SCENES:
        if said := fault_in(scene):
            yield f"{scene.__name__}: {said}"
    for seed in range(most):
        if fault := outcome_of(seed, profile=profile).fault:
            yield f"{seed}: {fault}"


def fault_in(scene: Callable[[Stage], None]) -> str:
    """A rule that was broken, or that the scene never comes to its end."""
    try:
        play(scene)
    except (Violation, LookupError) as fault:
        return str(fault)
    return ""


def main() -> int:
    sys.stdout.write(next(faults(int(sys.argv[1]), json.loads(sys.argv[2])), ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
