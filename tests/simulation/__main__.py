"""Runs histories and says how they went: HISTORIES=10000 of them, or the one of SEED=… with its trace. Exit code 1: a rule was broken."""

import os
import sys
from time import perf_counter

from simulation.outcome import Outcome, outcome_of, outcomes, story

USUAL = 1000
MOST_STORIES = 1


def main() -> int:
    if "SEED" in os.environ:
        outcome = outcome_of(int(os.environ["SEED"]), with_trace=True)
        sys.stdout.write(f"{story(outcome)}\n")
        return int(bool(outcome.fault))
    return run_many(int(os.environ.get("HISTORIES", USUAL)))


def run_many(count: int) -> int:
    """All of them: a line for each that goes wrong, as soon as it does, the trace of the first, and a line at the end."""
    begin = perf_counter()
    done = [told(outcome) for outcome in outcomes(range(count))]
    seconds = perf_counter() - begin
    bad = [outcome for outcome in done if outcome.fault]
    for outcome in bad[:MOST_STORIES]:
        sys.stdout.write(f"{story(outcome_of(outcome.seed, with_trace=True))}\nSEED={outcome.seed} make simulate shows it again\n")
    sys.stdout.write(summary(done, len(bad), seconds))
    return int(bool(bad))


def told(outcome: Outcome) -> Outcome:
    """The same, once its fault has been said."""
    if outcome.fault:
        sys.stdout.write(f"SEED={outcome.seed}: {outcome.fault}\n")
        sys.stdout.flush()
    return outcome


def summary(done: list[Outcome], bad: int, seconds: float) -> str:
    calls, writes = sum(outcome.calls for outcome in done), sum(outcome.writes for outcome in done)
    rate = len(done) / seconds
    return f"{len(done)} histories, {calls} calls, {writes} writes: {bad} broke a rule; {seconds:.0f} s, {rate:.0f} histories a second\n"


if __name__ == "__main__":
    sys.exit(main())
