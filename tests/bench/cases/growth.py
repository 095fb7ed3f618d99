"""Storms of three sizes, each twice the one before, the best of a few each: nothing may grow faster than the number."""

from bench.cases.storm import healthy_seconds
from bench.figures import Figure, doublings
from bench.run import Run

TARGET = 2.1


def measure(run: Run) -> list[Figure]:
    sizes = run.plan.growth_sizes
    seconds = healthy_seconds(run, *sizes)
    detail = {f"seconds at {n}": round(each, 2) for n, each in zip(sizes, seconds, strict=True)}
    what = f"storms of {', '.join(map(str, sizes))}: the worst doubling"
    return [Figure("growth", what, sizes[-1], max(doublings(seconds)), "x", TARGET, seconds[-1], detail=detail)]
