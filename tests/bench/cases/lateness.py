"""How late a transition is when twenty fall due in every second: from the expiration to the sight of the commit."""

from bench.cases.storm import TERM_SECONDS
from bench.figures import Figure, percentile
from bench.plan import STEADY_RATE
from bench.populate import Wanted, buy, populate
from bench.run import Run
from bench.storm import ease, weather
from cluster.apiserver import INSTANCES, Body
from cluster.wares import a_class, an_instance

TARGETS = ((50, 50.0), (99, 500.0))
"""Percentiles and milliseconds."""


def measure(run: Run) -> list[Figure]:
    n = STEADY_RATE * run.plan.steady_seconds
    with run.stage("lateness") as stage:
        stage.prepare(a_class(stage.namespace, term=TERM_SECONDS, retention=TERM_SECONDS))
        patterns = buy(stage, [an_instance(stage.namespace, "pattern", stage.namespace)])
        crowd = populate(stage, patterns, Wanted(n, ease(n), rate=STEADY_RATE))
        storm = weather(stage, crowd, {INSTANCES: is_committed})
    late = [1000 * (storm.moments[name] - crowd.expirations[name]) for name in crowd.names]
    note = f"{STEADY_RATE} share each second"
    return [Figure("lateness", f"p{share}", n, percentile(late, share), "ms", target, note=note) for share, target in TARGETS]


def is_committed(body: Body) -> bool:
    return bool(body.get("status", {}).get("phase") == "Recycled")
