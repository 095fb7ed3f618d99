"""N instances and nothing due: what is asked of the API server all the same, and what it takes to do nothing."""

from threading import Event
from typing import Final

from bench.cases.storm import TERM_SECONDS
from bench.counting import Requests, requests_so_far
from bench.figures import Figure
from bench.populate import FAR, Wanted, buy, populate
from bench.processes import cpu_seconds, until_calm
from bench.run import Run
from cluster.operators import at_work
from cluster.wares import a_class, an_instance

HOUR: Final = 3600.0
LIMIT_SECONDS: Final = 600.0
FEW: Final = frozenset({"GET instanceclasses", "GET prepaidaccounts"})
"""What is read of the few is no matter of N."""


def measure(run: Run) -> list[Figure]:
    n, seconds = run.plan.n, run.plan.idle_seconds
    with run.stage("idle") as stage:
        stage.prepare(a_class(stage.namespace, term=TERM_SECONDS, retention=TERM_SECONDS))
        patterns = buy(stage, [an_instance(stage.namespace, "pattern", stage.namespace)])
        populate(stage, patterns, Wanted(n, FAR))
        with at_work(stage.operator()) as operator:
            until_calm(operator.pid, LIMIT_SECONDS)
            before, cpu = requests_so_far(stage.admin), cpu_seconds(operator.pid)
            Event().wait(seconds)
            requests, cpu = requests_so_far(stage.admin) - before, cpu_seconds(operator.pid) - cpu
    return figures(n, seconds, requests, cpu)


def figures(n: int, seconds: float, requests: Requests, cpu: float) -> list[Figure]:
    """Of one instance in an hour."""
    share = HOUR / seconds / n
    singly = sum(count for name, count in requests.reads.items() if name.startswith("GET") and name not in FEW)
    lists = sum(count for name, count in requests.reads.items() if name.startswith("LIST"))
    note = f"{lists} LISTs in {seconds:.0f} s, by the sweeps of all"
    return [
        Figure("idle", "writes an instance and hour", n, requests.writes.total() * share, "writes", 0.0, detail=requests.per(1)),
        Figure("idle", "GETs an instance and hour", n, singly * share, "reads", 0.0, note=note),
        Figure("idle", "CPU seconds an instance and hour", n, cpu * share, "s"),
    ]
