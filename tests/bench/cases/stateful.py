"""Instances with StatefulSets expire in the same second: bought for real, because their claims and pods are."""

from collections.abc import Sequence
from time import perf_counter
from typing import Final

from whenever import Instant

from bench.bare import Bare, Work
from bench.figures import Figure
from bench.floor import LATER_SECONDS, Floor, as_made, entered_later, floor_of, newest_of
from bench.observing import STOPPED
from bench.populate import Crowd, buy, cleared_of_intent, expiring_at, seconds_for_others, status_write
from bench.rounds import rounds_of
from bench.run import Run
from bench.sale import on_sale
from bench.stage import Stage
from bench.storm import Storm, ease, weather
from cluster.apiserver import ITEMS, PODS, STATEFUL_SETS, Body
from cluster.waiting import wait_for
from cluster.wares import an_instance, stateful_workload
from prepaid.api.marks import STAY

TARGET: Final = 1.3
MOST_ROUNDS: Final = 2
"""Each takes long, because controllers have a part in it."""
LIMIT_SECONDS: Final = 300.0
RUNNING: Final = {"spec": {"replicas": 1}}
WRITING_SECONDS: Final = 4


def measure(run: Run) -> list[Figure]:
    n = run.plan.stateful_n
    rounds = rounds_of(run.shared_stage("stateful"), [n], run.plan.widths[:MOST_ROUNDS], beside_its_floor)
    return [rounds[n].figure("stateful", "all stopped and Recycled with their items", n, TARGET)]


def beside_its_floor(stage: Stage, n: int, width: int) -> tuple[Storm, Floor]:
    stage.prepare(on_sale(stage.namespace, workload=stateful_workload()))
    bought = buy(stage, [an_instance(stage.namespace, f"s{number:05d}", stage.namespace) for number in range(n)])
    crowd = hastened(stage, bought)
    return weather(stage, crowd, STOPPED), stopping_floor(stage, crowd.names, width)


def hastened(stage: Stage, bought: Sequence[Body]) -> Crowd:
    """All of them expire in the same second, soon."""
    seconds = stage.patience * (ease(len(bought)) + seconds_for_others(stage)) + WRITING_SECONDS
    moment = Instant.now().round("second", mode="ceil").add(seconds=round(seconds))

    def putting(body: Body) -> Work:
        async def put(bare: Bare) -> None:
            await bare.call("PUT", *status_write(body, expiring_at(cleared_of_intent(body["status"]), moment)))

        return put

    stage.do([putting(body) for body in bought])
    return Crowd({body["metadata"]["name"]: float(moment.timestamp()) for body in bought})


def stopping_floor(stage: Stage, names: Sequence[str], width: int) -> Floor:
    """Commit, stop, filing and the last status of each, until the controllers have taken the last pod away."""
    items = {body["metadata"]["name"]: body for body in stage.all(ITEMS)}
    stays = {body["metadata"]["name"]: body["metadata"]["annotations"][STAY] for body in stage.all(STATEFUL_SETS)}
    newest = newest_of(stage, names)
    stage.drop(ITEMS)
    stage.do([patching(stage, name, RUNNING) for name in names])
    wait_for("all pods run again", lambda: all(map(is_ready, stage.all(STATEFUL_SETS))), LIMIT_SECONDS, pause=0.5)
    works = [stopping(stage, newest[name], items[name], stays[name]) for name in names]
    return floor_of(stage, works, width, lambda: seconds_until_no_pods(stage))


def is_ready(body: Body) -> bool:
    return bool(body["status"].get("readyReplicas") == 1)


def seconds_until_no_pods(stage: Stage) -> float:
    begin = perf_counter()
    wait_for("all pods are gone", lambda: not stage.all(PODS), LIMIT_SECONDS)
    return perf_counter() - begin


def patching(stage: Stage, name: str, changes: Body) -> Work:
    async def patch(bare: Bare) -> None:
        await bare.call("PATCH", STATEFUL_SETS.path(stage.namespace, name), changes)

    return patch


def stopping(stage: Stage, newest: Body, item: Body, stay: str) -> Work:
    name, filed = item["metadata"]["name"], as_made(item)
    first, last = (entered_later(newest["status"], seconds) for seconds in (LATER_SECONDS, 2 * LATER_SECONDS))
    stop = patching(stage, name, {"metadata": {"annotations": {STAY: stay}}, "spec": {"replicas": 0}})

    async def write(bare: Bare) -> None:
        committed = await bare.call("PUT", *status_write(newest, first))
        await stop(bare)
        await bare.call("POST", ITEMS.path(stage.namespace), filed)
        await bare.call("PUT", *status_write(committed, last))

    return write
