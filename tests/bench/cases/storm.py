"""N instances without a workload expire in the same second."""

from collections.abc import Sequence
from functools import partial

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

TARGET = 1.2
TRIES = 2


def measure(run: Run) -> list[Figure]:
    n = run.plan.n

    with run.stage("storm") as stage:
        patterns = bought(stage)

        def play(stage: Stage, width: int) -> tuple[Storm, Floor]:
            crowd = bare_crowd(stage, patterns, n)
            return weather(stage, crowd), recycling_floor(stage, crowd.names, width)

        rounds = rounds_of(stage, run.plan.widths, play)
    run.storm_seconds[n] = [storm.seconds for storm in rounds.storms]
    return [rounds.figure("storm", "all Recycled with their items", n, TARGET)]


def healthy_seconds(run: Run, *sizes: int) -> list[Sequence[float]]:
    """Of storms of these sizes, of each a few."""
    if new := [n for n in sizes if n not in run.storm_seconds]:
        with run.stage("storms") as stage:
            patterns = bought(stage)
            for n in new:
                tries = [played(ground, partial(healthy, patterns=patterns, n=n)) for ground in grounds_of(stage, n)]
                run.storm_seconds[n] = [storm.seconds for storm in tries]
    return [run.storm_seconds[n] for n in sizes]


def healthy(stage: Stage, patterns: Sequence[Body], n: int) -> Storm:
    return weather(stage, bare_crowd(stage, patterns, n))


def grounds_of(stage: Stage, n: int) -> list[Stage]:
    return [stage.ground(TRIES * n + number) for number in range(TRIES)]


def bought(stage: Stage) -> list[Body]:
    """The pattern of all crowds: it has nothing but a term."""
    stage.prepare(on_sale(stage.namespace))
    return buy(stage, [an_instance(stage.namespace, "pattern", stage.namespace)])


def bare_crowd(ground: Stage, patterns: Sequence[Body], n: int) -> Crowd:
    """Their terms end in the same second."""
    ground.prepare()
    return populate(ground, patterns, Wanted(n, ease(n)))
