"""Many instances in a wanted state, fast: one is bought for real, the others are written as its clones in the operator's name.

A clone's times are the pattern's, moved so that it expires when it is asked to. No operator may run meanwhile: it would buy them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from whenever import Instant

from bench.bare import Bare, Work
from bench.observing import RUNNING, Observer
from bench.processes import until_calm
from bench.stage import Stage
from cluster.apiserver import INSTANCES, Body
from cluster.operators import at_work
from prepaid.api.marks import INSTANCE_ID

PURCHASE_SECONDS: Final = 120.0
FAR: Final = 7000.0
"""Seconds: nothing is due while a case lasts."""
OTHERS_A_SECOND: Final = 250
"""So many of earlier grounds and cases does an operator look at when it starts."""


def buy(stage: Stage, bodies: Sequence[Body]) -> list[Body]:
    """Bought by an operator that is gone afterwards; as they were left."""
    names = [body["metadata"]["name"] for body in bodies]
    with Observer(stage.kubeconfig, stage.namespace, RUNNING) as observer, at_work(stage.operator()) as operator:
        for body in bodies:
            stage.admin.create(body)
        observer.wait_for(names, PURCHASE_SECONDS)
        until_calm(operator.pid, PURCHASE_SECONDS)
    bought = {body["metadata"]["name"]: body for body in stage.all(INSTANCES)}
    return [bought[name] for name in names]


@dataclass(frozen=True)
class Wanted:
    """`ease` seconds lie between the last write and the first expiration, or more on a patient stage.

    `rate` of them expire a second, by default all at once.
    """

    n: int
    ease: float
    rate: int = 0
    prefix: str = "i"


@dataclass(frozen=True)
class Crowd:
    """The clones, and when each expires, in seconds of the wall clock."""

    expirations: Mapping[str, float]

    @property
    def names(self) -> list[str]:
        return list(self.expirations)

    @property
    def first_expiration(self) -> float:
        return min(self.expirations.values())


def populate(stage: Stage, patterns: Sequence[Body], wanted: Wanted) -> Crowd:
    """Clones of the patterns in turn."""
    made: dict[str, Body] = {}
    ease = stage.patience * (wanted.ease + seconds_for_others(stage))
    clones = [(f"{wanted.prefix}{number:05d}", patterns[number % len(patterns)]) for number in range(wanted.n)]
    seconds = stage.do([posting(stage, made, *clone) for clone in clones])
    first = Instant.now().round("second", mode="ceil").add(seconds=round(seconds + ease))
    moments = {name: first.add(seconds=number // wanted.rate if wanted.rate else 0) for number, (name, _) in enumerate(clones)}
    stage.do([putting(made[name], pattern, moments[name]) for name, pattern in clones])
    return Crowd({name: float(moment.timestamp()) for name, moment in moments.items()})


def seconds_for_others(stage: Stage) -> float:
    """What an operator needs more, because it looks at the instances of other grounds as well."""
    others = [body for body in stage.admin.list(INSTANCES)["items"] if body["metadata"]["namespace"] != stage.namespace]
    return len(others) / OTHERS_A_SECOND


def posting(stage: Stage, made: dict[str, Body], name: str, pattern: Body) -> Work:
    """The object with its marks; its own uid is one of them."""
    own = pattern["metadata"]
    marks = {known: value for known, value in own["annotations"].items() if known != INSTANCE_ID}
    metadata = {"name": name, "namespace": stage.namespace, "annotations": marks, "finalizers": own["finalizers"]}
    body = {"apiVersion": pattern["apiVersion"], "kind": pattern["kind"], "metadata": metadata, "spec": pattern["spec"]}

    async def post(bare: Bare) -> None:
        answer = await bare.call("POST", INSTANCES.path(stage.namespace), body)
        changes = {"metadata": {"annotations": {INSTANCE_ID: answer["metadata"]["uid"]}}}
        made[name] = await bare.call("PATCH", INSTANCES.path(stage.namespace, name), changes)

    return post


def putting(made: Body, pattern: Body, moment: Instant) -> Work:
    async def put(bare: Bare) -> None:
        await bare.call("PUT", *status_write(made, expiring_at(cleared_of_intent(pattern["status"]), moment)))

    return put


def status_write(body: Body, status: Body, version: str = "") -> tuple[str, Body]:
    """Path and body of a conditional write of the whole status, as the operator writes it."""
    metadata = body["metadata"]
    own = {known: metadata[known] for known in ("name", "namespace", "uid", "resourceVersion")}
    manifest = {"apiVersion": body["apiVersion"], "kind": body["kind"], "metadata": own, "status": status}
    if version:
        own["resourceVersion"] = version
    return INSTANCES.path(metadata["namespace"], metadata["name"], "status"), manifest


def cleared_of_intent(status: Body) -> Body:
    """A clone has no order: what is left of the pattern's purchase is cleared as the next write would."""
    if "intent" not in status:
        return status
    return {**{known: value for known, value in status.items() if known != "intent"}, "sequence": status.get("sequence", 0) + 1}


def expiring_at(status: Body, moment: Instant) -> Body:
    """The same status with its whole term moved, in moments and in sentences alike."""
    start, end = status["startTime"], status["expirationTime"]
    length = Instant.parse_iso(end) - Instant.parse_iso(start)
    return moved(moved(status, end, moment.format_iso()), start, (moment - length).format_iso())


def moved(status: Body, former: str, moment: str) -> Body:
    told: Body = json.loads(json.dumps(status).replace(former, moment))
    return told
