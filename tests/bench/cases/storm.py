"""N instances without a workload expire in the same second."""

from bench.figures import Figure
from bench.floor import Floor, recycling_floor
from bench.populate import Crowd, Wanted, buy, populate
from bench.rounds import rounds_of
from bench.run import Run
from bench.sale import on_sale
from bench.stage import Stage
from bench.storm import Storm, ease, weather
from cluster.wares import an_instance

TARGET = 1.2
TRIES = 2


def measure(run: Run) -> list[Figure]:
    n = run.plan.n

    def play(stage: Stage, width: int) -> tuple[Storm, Floor]:
        crowd = bare_crowd(stage, n)
        return weather(stage, crowd), recycling_floor(stage, crowd.names, width)

    with run.stage("storm") as stage:
        rounds = rounds_of(stage, run.plan.widths, play)
    run.storm_seconds[n] = rounds.storm.seconds
    return [rounds.figure("storm", "all Recycled with their items", n, TARGET)]


def healthy_seconds(run: Run, *sizes: int) -> list[float]:
    """Of storms of these sizes, the best of a few as well."""
    if new := [n for n in sizes if n not in run.storm_seconds]:
        with run.stage("storms") as stage:
            for n in new:
                tries = [weather(ground, bare_crowd(ground, n)) for ground in grounds_of(stage, n)]
                run.storm_seconds[n] = min(storm.seconds for storm in tries)
    return [run.storm_seconds[n] for n in sizes]


def grounds_of(stage: Stage, n: int) -> list[Stage]:
    return [stage.ground(TRIES * n + number) for number in range(TRIES)]


def bare_crowd(stage: Stage, n: int) -> Crowd:
    """They have nothing but a term, which ends in the same second."""
    stage.prepare(on_sale(stage.namespace))
    patterns = buy(stage, [an_instance(stage.namespace, "pattern", stage.namespace)])
    return populate(stage, patterns, Wanted(n, ease(n)))
