"""Storms of three sizes, each twice the one before, a few each: nothing may grow faster than the number.

They are those of the case `storm`. Their means are compared: of short storms the luckiest is luckier than of long ones. Beside them: how
their floors grow.
"""

from collections.abc import Sequence
from statistics import fmean

from bench.cases import storm
from bench.figures import Figure, doublings
from bench.floor import Floor
from bench.run import Run
from bench.storm import Storm

TARGET = 2.1


def measure(run: Run) -> list[Figure]:
    sizes = run.plan.growth_sizes
    if not run.storms:
        storm.measure(run)
    storms, floors = [run.storms[n].storms for n in sizes], [run.storms[n].floors for n in sizes]
    seconds = means(storms)
    what = f"storms of {', '.join(map(str, sizes))}: the worst doubling of their means"
    note = f"{told(storms)} s; floors {told(floors)} s"
    detail = {f"seconds at {n}": round(each, 2) for n, each in zip(sizes, seconds, strict=True)}
    floor = max(doublings(means(floors)))
    return [Figure("growth", what, sizes[-1], max(doublings(seconds)), "x", TARGET, seconds[-1], floor=floor, note=note, detail=detail)]


def means(tried: Sequence[Sequence[Storm | Floor]]) -> list[float]:
    return [fmean(each.seconds for each in some) for some in tried]


def told(tried: Sequence[Sequence[Storm | Floor]]) -> str:
    return "; ".join(", ".join(f"{each.seconds:.1f}" for each in some) for some in tried)
