"""What is asked of the API server while nothing is due, and what it takes to do nothing. A part of the calm case."""

from dataclasses import dataclass
from threading import Event
from typing import Final

from bench.counting import Requests, requests_so_far
from bench.figures import Figure
from bench.processes import cpu_seconds
from bench.stage import Stage

HOUR: Final = 3600.0
FEW: Final = frozenset({"GET instanceclasses", "GET prepaidaccounts"})
"""What is read of the few is no matter of N."""


@dataclass(frozen=True)
class Idleness:
    """So many seconds of nothing."""

    seconds: float
    requests: Requests
    cpu: float


def observed(stage: Stage, pid: int, seconds: float) -> Idleness:
    before, cpu = requests_so_far(stage.admin), cpu_seconds(pid)
    Event().wait(seconds)
    return Idleness(seconds, requests_so_far(stage.admin) - before, cpu_seconds(pid) - cpu)


def idle_figures(n: int, idleness: Idleness) -> list[Figure]:
    """Of one instance in an hour."""
    share, reads, writes = HOUR / idleness.seconds / n, idleness.requests.reads, idleness.requests.writes
    singly = sum(count for name, count in reads.items() if name.startswith("GET") and name not in FEW)
    lists = sum(count for name, count in reads.items() if name.startswith("LIST"))
    note = f"{lists} LISTs in {idleness.seconds:.0f} s, by the sweeps of all"
    return [
        Figure("idle", "writes an instance and hour", n, writes.total() * share, "writes", 0.0, detail=idleness.requests.per(1)),
        Figure("idle", "GETs an instance and hour", n, singly * share, "reads", 0.0, note=note),
        Figure("idle", "CPU seconds an instance and hour", n, idleness.cpu * share, "s"),
    ]
