"""Storms of three sizes, each twice the one before, a few each: nothing may grow faster than the number.

They are those of the case `storm`. Their means are compared: of short storms the luckiest is luckier than of long ones. Beside them: how
their floors grow.
"""

from statistics import fmean
from typing import Final

from bench.cases import storm
from bench.figures import Figure, doublings, told
from bench.run import Run

TARGET: Final = 2.1


def measure(run: Run) -> list[Figure]:
    sizes = run.plan.growth_sizes
    if not run.storms:
        storm.measure(run)
    storms = [[each.seconds for each in run.storms[n].storms] for n in sizes]
    floors = [[each.seconds for each in run.storms[n].floors] for n in sizes]
    means = list(map(fmean, storms))
    what = f"storms of {', '.join(map(str, sizes))}: the worst doubling of their means"
    note = f"{'; '.join(map(told, storms))} s; floors {'; '.join(map(told, floors))} s"
    detail = {f"seconds at {n}": round(mean, 2) for n, mean in zip(sizes, means, strict=True)}
    floor = max(doublings(list(map(fmean, floors))))
    return [Figure("growth", what, sizes[-1], max(doublings(means)), "x", TARGET, means[-1], floor=floor, note=note, detail=detail)]
