"""The processor time of all that has a part in a storm: what a time and its floor are made of."""

from collections.abc import Mapping
from time import process_time

from bench.processes import cpu_seconds
from bench.stage import Stage
from prepaid.local.flags import START_ORDER

OPERATOR, BENCH = "operator", "the bench itself"
Cpu = Mapping[str, float]
"""Seconds by part."""


def cpu_so_far(stage: Stage, operator_pid: int | None = None) -> dict[str, float]:
    """Of the parts of the control plane, of the operator if there is one, and of this process: who looks on, or makes the floor."""
    records = {part: stage.plane.record(part) for part in START_ORDER}
    used = {part: cpu_seconds(record.pid) for part, record in records.items() if record}
    if operator_pid is not None:
        used[OPERATOR] = cpu_seconds(operator_pid)
    return {**used, BENCH: process_time()}


def between(former: Cpu, later: Cpu) -> Cpu:
    return {part: seconds - former[part] for part, seconds in later.items()}


def milliseconds_each(cpu: Cpu, n: int) -> dict[str, float]:
    """Of one of so many."""
    return {part: round(1000 * seconds / n, 2) for part, seconds in cpu.items()}
