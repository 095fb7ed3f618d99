"""How histories went: one by its seed, or many on all processors."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from typing import Any

from simulation.history import History


@dataclass(frozen=True)
class Outcome:
    """Of one history: `fault` is empty when all was well; the trace is kept only when it was asked for."""

    seed: int
    fault: str
    trace: tuple[str, ...]
    calls: int
    writes: int


def outcome_of(seed: int, with_trace: bool = False, profile: Mapping[str, Any] | None = None) -> Outcome:
    """Runs one history. An exception that the operator's code did not expect is a fault like any other."""
    history = History(seed, with_trace, profile or {})
    fault = ""
    try:
        history.run()
    except Exception as error:  # noqa: BLE001
        fault = f"{type(error).__name__}: {error}"
    history.end()
    return Outcome(seed, fault, tuple(history.trace.lines), history.trace.calls, history.server.store.number)


def outcomes(seeds: Iterable[int]) -> Iterator[Outcome]:
    """Runs many, on all processors."""
    with ProcessPoolExecutor(cpu_count()) as pool:
        yield from pool.map(outcome_of, seeds, chunksize=5)


def story(outcome: Outcome) -> str:
    """What to show of a history: every write, and how it went; reads only where they failed."""
    told = (line for line in outcome.trace if " GET " not in line or not (line.endswith("-> ok") or "-> Gone" in line))
    return "\n".join((*told, f"seed {outcome.seed}: {outcome.fault or 'all is well'}"))
