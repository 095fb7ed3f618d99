"""How late a transition is when twenty fall due in every second: from the expiration to the sight of the commit.

Beside it: when the bare client has made each of as many commits that it begins together.
"""

from functools import partial
from time import perf_counter
from typing import Final

from bench.bare import Bare, Work
from bench.figures import Figure, percentile
from bench.floor import entered_later, newest_of
from bench.observing import End
from bench.plan import STEADY_RATE
from bench.populate import Wanted, buy, populate, status_write
from bench.run import Run
from bench.sale import on_sale
from bench.stage import USUAL_WIDTH, Stage
from bench.storm import ease, played, weather
from cluster.apiserver import INSTANCES, Body
from cluster.wares import an_instance

TARGETS = ((50, 50.0), (99, 500.0))
"""Percentiles and milliseconds."""
ROUNDS: Final = 6


def measure(run: Run) -> list[Figure]:
    n = STEADY_RATE * run.plan.steady_seconds
    late, bare = played(run.shared_stage("lateness"), partial(lateness_of, n=n))
    return [told(late, bare, n, share, target) for share, target in TARGETS]


def lateness_of(stage: Stage, n: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each, and of as many by the bare client."""
    stage.prepare(on_sale(stage.namespace))
    patterns = buy(stage, [an_instance(stage.namespace, "pattern", stage.namespace)])
    crowd = populate(stage, patterns, Wanted(n, ease(n), rate=STEADY_RATE))
    storm = weather(stage, crowd, COMMITTED)
    late = [1000 * (storm.moments[name] - crowd.expirations[name]) for name in crowd.names]
    return late, bare_lateness(stage, crowd.names[:STEADY_RATE])


def told(late: list[float], bare: list[float], n: int, share: int, target: float) -> Figure:
    note = f"{STEADY_RATE} share each second; floor: the bare client, that begins them together"
    return Figure("lateness", f"p{share}", n, percentile(late, share), "ms", target, floor=percentile(bare, share), note=note)


def is_committed(body: Body) -> bool:
    return bool(body.get("status", {}).get("phase") == "Recycled")


COMMITTED: Final = End(INSTANCES, is_committed)


def bare_lateness(stage: Stage, names: list[str]) -> list[float]:
    """Milliseconds from the first of twenty until each was committed, over a few rounds; the connections are open before."""
    newest, late = newest_of(stage, names), list[float]()
    for number in range(1, ROUNDS + 1):
        moments: list[float] = []
        stage.do([reading(stage, name) for name in names[:USUAL_WIDTH]] + [committing(newest, name, number, moments) for name in names])
        late += [1000 * (moment - min(moments)) for moment in moments[1:]]
    return late


def reading(stage: Stage, name: str) -> Work:
    async def read(bare: Bare) -> None:
        await bare.call("GET", INSTANCES.path(stage.namespace, name))

    return read


def committing(newest: dict[str, Body], name: str, number: int, moments: list[float]) -> Work:
    """The first of them notes when it began as well."""
    path, manifest = status_write(newest[name], entered_later(newest[name]["status"], number))

    async def commit(bare: Bare) -> None:
        if not moments:
            moments.append(perf_counter())
        newest[name] = await bare.call("PUT", path, manifest)
        moments.append(perf_counter())

    return commit
