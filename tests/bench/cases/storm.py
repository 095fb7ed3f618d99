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
from bench.storm import Storm, ease, weather
from cluster.apiserver import Body
from cluster.wares import an_instance

TARGET: Final = 1.2


def measure(run: Run) -> list[Figure]:
    n = run.plan.n
    with run.stage("storm") as stage:
        play = partial(beside_its_floor, patterns=bought(stage))
        run.storms = rounds_of(stage, run.plan.storm_sizes, run.plan.widths, play)
    return [run.storms[n].figure("storm", "all Recycled with their items", n, TARGET)]


def beside_its_floor(stage: Stage, n: int, width: int, patterns: Sequence[Body]) -> tuple[Storm, Floor]:
    crowd = bare_crowd(stage, patterns, n)
    return weather(stage, crowd), recycling_floor(stage, crowd.names, width)


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
