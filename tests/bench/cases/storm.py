"""N instances without a workload expire in the same second."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from bench.figures import Figure
from bench.floor import Floor, recycling_floor
from bench.populate import Crowd, Wanted, buy, populate
from bench.rounds import rounds_of
from bench.run import Run
from bench.sale import on_sale
from bench.stage import Stage
from bench.storm import Storm, ease, played, weather
from cluster.apiserver import Body
from cluster.wares import an_instance

TARGET: Final = 1.2
BEFORE, AFTER = 1, 2


def measure(run: Run) -> list[Figure]:
    """Smaller storms lie around it, each size once before and once after: a machine that changes its speed does so for all sizes alike."""
    n, smaller = run.plan.n, run.plan.smaller_sizes

    with run.stage("storm") as stage:
        patterns = bought(stage)

        def play(stage: Stage, width: int) -> tuple[Storm, Floor]:
            crowd = bare_crowd(stage, patterns, n)
            return weather(stage, crowd), recycling_floor(stage, crowd.names, width)

        def seconds_of(n: int, turn: int) -> float:
            return played(stage.ground(n).ground(turn), partial(healthy, patterns=patterns, n=n)).seconds

        before = [seconds_of(size, BEFORE) for size in smaller]
        rounds = rounds_of(stage, run.plan.widths, play)
        after = [seconds_of(size, AFTER) for size in reversed(smaller)]
    run.storm_seconds = {size: each for size, *each in zip(smaller, before, reversed(after), strict=True)}
    run.storm_seconds[n] = [storm.seconds for storm in rounds.storms]
    return [rounds.figure("storm", "all Recycled with their items", n, TARGET)]


def healthy(stage: Stage, patterns: Sequence[Body], n: int) -> Storm:
    return weather(stage, bare_crowd(stage, patterns, n))


def bought(stage: Stage) -> list[Body]:
    """The pattern of all crowds: it has nothing but a term."""
    stage.prepare(on_sale(stage.namespace))
    return buy(stage, [an_instance(stage.namespace, "pattern", stage.namespace)])


def bare_crowd(ground: Stage, patterns: Sequence[Body], n: int) -> Crowd:
    """Their terms end in the same second."""
    ground.prepare()
    return populate(ground, patterns, Wanted(n, ease(n)))
