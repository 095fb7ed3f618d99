"""N instances without a workload expire in the same second."""

from bench.figures import Figure
from bench.floor import Floor, recycling_floor
from bench.populate import Crowd, Wanted, buy, populate
from bench.rounds import rounds_of
from bench.run import Run
from bench.stage import Stage
from bench.storm import Storm, ease, weather
from cluster.wares import a_class, an_instance

TERM_SECONDS = 7200
TARGET = 1.2


def measure(run: Run) -> list[Figure]:
    n = run.plan.n

    def play(stage: Stage, width: int) -> tuple[Storm, Floor]:
        crowd = bare_crowd(stage, n)
        return weather(stage, crowd), recycling_floor(stage, crowd.names, width)

    with run.stage("storm") as stage:
        rounds = rounds_of(stage, run.plan.widths, play)
    run.storm_seconds[n] = rounds.usual_seconds
    return [rounds.figure("storm", "all Recycled with their items", n, TARGET)]


def healthy_seconds(run: Run, *sizes: int) -> list[float]:
    """Of storms of these sizes."""
    if new := [n for n in sizes if n not in run.storm_seconds]:
        with run.stage("storms") as stage:
            for n in new:
                run.storm_seconds[n] = storm_of(stage.ground(n), n).seconds
    return [run.storm_seconds[n] for n in sizes]


def storm_of(stage: Stage, n: int) -> Storm:
    return weather(stage, bare_crowd(stage, n))


def bare_crowd(stage: Stage, n: int) -> Crowd:
    """They have nothing but a term, which ends in the same second."""
    stage.prepare(a_class(stage.namespace, term=TERM_SECONDS, retention=TERM_SECONDS))
    patterns = buy(stage, [an_instance(stage.namespace, "pattern", stage.namespace)])
    return populate(stage, patterns, Wanted(n, ease(n)))
