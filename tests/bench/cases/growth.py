"""Storms of three sizes, each twice the one before, a few each: nothing may grow faster than the number.

They are those of the case `storm`. Their means are compared: of short storms the luckiest is luckier than of long ones.
"""

from statistics import fmean

from bench.cases import storm
from bench.figures import Figure, doublings
from bench.run import Run

TARGET = 2.1


def measure(run: Run) -> list[Figure]:
    sizes = run.plan.growth_sizes
    if not run.storm_seconds:
        storm.measure(run)
    tried = [run.storm_seconds[n] for n in sizes]
    seconds = [fmean(each) for each in tried]
    detail = {f"seconds at {n}": round(each, 2) for n, each in zip(sizes, seconds, strict=True)}
    what = f"storms of {', '.join(map(str, sizes))}: the worst doubling of their means"
    note = "; ".join(", ".join(f"{each:.1f}" for each in some) for some in tried)
    return [Figure("growth", what, sizes[-1], max(doublings(seconds)), "x", TARGET, seconds[-1], note=f"{note} s", detail=detail)]
