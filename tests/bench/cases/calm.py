"""The operator where N instances exist and nothing is due: its start, its memory, and what it does while there is nothing to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

from bench.bare import Bare
from bench.cases.idleness import Idleness, idle_figures, observed
from bench.figures import Figure, over_floor, ratio
from bench.populate import FAR, Wanted, buy, populate
from bench.processes import cpu_seconds, memory_bytes, until_calm
from bench.run import Run
from bench.sale import on_sale
from bench.stage import Stage
from cluster.apiserver import INSTANCES
from cluster.operators import at_work
from cluster.wares import an_instance

LIST_TARGET: Final = 6.0
MEMORY_TARGET: Final = 4096.0
LIMIT_SECONDS: Final = 600.0
TRIES: Final = 2
PAGE: Final = 500
"""As most clients list (client-go, "pager")."""


@dataclass(frozen=True)
class Start:
    """One start, until it rests: seconds, CPU seconds, bytes; seconds of a LIST afterwards; and what followed, if it was left alone."""

    seconds: float
    cpu: float
    memory: int
    listing: float
    idleness: Idleness | None = None


def measure(run: Run) -> list[Figure]:
    n = run.plan.n
    with run.stage("calm") as stage:
        stage.prepare(on_sale(stage.namespace))
        patterns = buy(stage, [an_instance(stage.namespace, "pattern", stage.namespace)])
        nearly_none = best([start(stage) for _ in range(TRIES)])
        populate(stage, patterns, Wanted(n, FAR))
        once = [start(stage, run.plan.idle_seconds), *(start(stage) for _ in range(TRIES - 1))]
        populate(stage, patterns, Wanted(n, FAR, prefix="j"))
        twice = [start(stage) for _ in range(TRIES)]
    idleness = once[0].idleness
    assert idleness is not None
    started = [*starts(n, nearly_none, once), *starts(2 * n, nearly_none, twice)]
    return [*started, memory(n, once[0], twice[0]), *idle_figures(n, idleness)]


def best(tried: Sequence[Start]) -> Start:
    """Whatever disturbs a machine only takes time."""
    return min(tried, key=lambda each: each.seconds)


def starts(n: int, nearly_none: Start, tried: Sequence[Start]) -> list[Figure]:
    """The best of them, less what it takes to start at all, over the best LIST."""
    seconds, cpu = best(tried).seconds - nearly_none.seconds, best(tried).cpu - nearly_none.cpu
    listing = min(each.listing for each in tried)
    note = f"best of {len(tried)}; less the {nearly_none.seconds:.1f} s and {nearly_none.cpu:.1f} CPU s of a start with one"
    return [
        over_floor("start", "seconds until at rest, over a paged LIST", n, seconds, listing, LIST_TARGET, note=note),
        over_floor("start", "CPU seconds, over the seconds of a paged LIST", n, cpu, listing, None, note=note),
    ]


def memory(n: int, once: Start, twice: Start) -> Figure:
    """The slope between N and 2N."""
    megabytes = {f"MiB at {count}": round(each.memory / 2**20, 1) for count, each in ((n, once), (2 * n, twice))}
    return Figure(
        "memory", "of one instance in the operator", n, ratio(twice.memory - once.memory, n), "B", MEMORY_TARGET, detail=megabytes
    )


def start(stage: Stage, idle_seconds: float = 0) -> Start:
    begin = monotonic()
    with at_work(stage.operator()) as operator:
        rest = until_calm(operator.pid, LIMIT_SECONDS)
        cpu, memory = cpu_seconds(operator.pid), memory_bytes(operator.pid)
        idleness = observed(stage, operator.pid, idle_seconds) if idle_seconds else None
    return Start(rest - begin, cpu, memory, stage.do([list_once], width=1), idleness)


async def list_once(bare: Bare) -> None:
    """Page by page."""
    path = f"{INSTANCES.path()}?limit={PAGE}"
    page = await bare.call("GET", path)
    while following := page["metadata"].get("continue"):
        page = await bare.call("GET", f"{path}&continue={following}")
