"""The floor: the same final writes by the bare client, nothing read, on the same server.

What a storm has left is written once more: the very objects, moved by a second or so, because a server writes nothing that is the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from whenever import Instant

from bench.bare import Bare, Work
from bench.cpu import Cpu, between, cpu_so_far
from bench.populate import moved, status_write
from bench.stage import Stage
from cluster.apiserver import INSTANCES, ITEMS, Body

NEEDED: Final = ("name", "namespace", "labels", "annotations", "ownerReferences", "finalizers")
LATER_SECONDS: Final = 1


@dataclass(frozen=True)
class Floor:
    """What it took with so many requests in flight."""

    seconds: float
    width: int
    cpu: Cpu


def floor_of(stage: Stage, works: Sequence[Work], width: int, finish: Callable[[], float] = lambda: 0.0) -> Floor:
    """`finish` waits for what controllers do then, and says how long."""
    cpu = cpu_so_far(stage)
    seconds = stage.do(works, width) + finish()
    return Floor(seconds, width, between(cpu, cpu_so_far(stage)))


def recycling_floor(stage: Stage, names: Sequence[str], width: int) -> Floor:
    """The commit and the filing of each."""
    items = {body["metadata"]["name"]: body for body in stage.all(ITEMS)}
    newest = newest_of(stage, names)
    stage.drop(ITEMS)
    return floor_of(stage, [recycling(stage, newest[name], items[name]) for name in names], width)


def recycling(stage: Stage, newest: Body, item: Body) -> Work:
    path, manifest = status_write(newest, entered_later(newest["status"], LATER_SECONDS))
    filed = as_made(item)

    async def write(bare: Bare) -> None:
        await bare.call("PUT", path, manifest)
        await bare.call("POST", ITEMS.path(stage.namespace), filed)

    return write


def newest_of(stage: Stage, names: Sequence[str]) -> dict[str, Body]:
    """The instances by name, as they are."""
    wanted = set(names)
    return {body["metadata"]["name"]: body for body in stage.all(INSTANCES) if body["metadata"]["name"] in wanted}


def entered_later(status: Body, seconds: int) -> Body:
    """The status of a stay that began some seconds later."""
    former = status["recycleTime"]
    return moved(status, former, Instant.parse_iso(former).add(seconds=seconds).format_iso())


def as_made(body: Body) -> Body:
    """What was posted to make this object."""
    metadata = {known: value for known, value in body["metadata"].items() if known in NEEDED}
    return {"apiVersion": body["apiVersion"], "kind": body["kind"], "metadata": metadata, "spec": body["spec"]}
