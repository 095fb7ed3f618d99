"""The floor: the same final writes by the bare client, nothing read, at the best of a few concurrencies, on the same server.

What a storm has left is written once more: the very objects, moved by a second or so, because a server writes nothing that is the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from whenever import Instant

from bench.bare import Bare, Work
from bench.plan import WIDTHS
from bench.populate import moved, status_write
from bench.stage import Stage
from cluster.apiserver import INSTANCES, ITEMS, Body

NEEDED: Final = ("name", "namespace", "labels", "annotations", "ownerReferences", "finalizers")
Round = Callable[[int], Sequence[Work]]


@dataclass(frozen=True)
class Floor:
    """The best that was seen, with so many requests in flight."""

    seconds: float
    width: int

    @property
    def note(self) -> str:
        return f"floor with {self.width} in flight"


def floor_of(stage: Stage, prepare: Round, finish: Callable[[], float] = lambda: 0.0) -> Floor:
    """`prepare` makes room for a round and gives its works; `finish` waits for what controllers do then, and says how long."""
    rounds = []
    for number, width in enumerate(WIDTHS, 1):
        works = prepare(number)
        rounds.append(Floor(stage.do(works, width) + finish(), width))
    return min(rounds, key=lambda floor: floor.seconds)


def recycling_floor(stage: Stage, names: Sequence[str]) -> Floor:
    """The commit and the filing of each."""
    items = {body["metadata"]["name"]: body for body in stage.all(ITEMS)}
    newest = newest_of(stage, names)

    def prepare(number: int) -> list[Work]:
        stage.drop(ITEMS)
        return [recycling(stage, newest, name, items[name], number) for name in names]

    return floor_of(stage, prepare)


def recycling(stage: Stage, newest: dict[str, Body], name: str, item: Body, number: int) -> Work:
    path, manifest = status_write(newest[name], entered_later(newest[name]["status"], number))
    filed = as_made(item)

    async def write(bare: Bare) -> None:
        newest[name] = await bare.call("PUT", path, manifest)
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
