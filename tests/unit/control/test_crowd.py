"""What several instances have in common is read in the order that the purchase protocol and the door depend on."""

from collections.abc import AsyncIterator, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
import pytest

from builders import START, instance, instance_class, item, running_status
from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.instance import PrepaidInstance
from prepaid.api.marks import INSTANCE
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import Gone
from prepaid.cluster.glance import Glance
from prepaid.cluster.transport import Answer, Request
from prepaid.cluster.walk import FEW
from prepaid.control.crowd import MOST_NAMES, survey
from prepaid.control.intruders import find_intruders
from simulation.selection import label_test, words

T = TypeVar("T")
Body = dict[str, Any]
PARTS = ("spec", "status")


def instance_body() -> Body:
    """One that can be read."""
    return {**instance().to_manifest(), "metadata": {"name": "web-1", "namespace": "team-a"}}


def class_body(template: Body) -> Body:
    sold = instance_class().to_manifest()
    return {"metadata": {"name": "standard"}, "spec": {**sold["spec"], "workload": {**sold["spec"]["workload"], "template": template}}}


def named(name: str, bodies: list[Body]) -> Body:
    for body in bodies:
        if body["metadata"]["name"] == name:
            return body
    raise Gone("there is none", "NotFound")


@dataclass
class Server:
    """Has nothing but these bodies; notes what is asked for, in short, and when the moment is taken. Serves these kinds besides ours."""

    asked: list[str] = field(default_factory=list)
    bodies: dict[str, list[Body]] = field(default_factory=dict)
    kinds: dict[str, dict[str, str]] = field(default_factory=dict)

    async def call(self, request: Request) -> Answer:
        if kinds := self.kinds.get(request.path):
            return Answer({"resources": [{"kind": kind, "name": plural, "namespaced": True} for kind, plural in kinds.items()]})
        steps = request.path.split("/")
        is_list = steps[-1].endswith("s") and not steps[-1].startswith("web-")
        self.asked.append(steps[-1] if is_list else steps[-2])
        items = self.bodies.get(steps[-1] if is_list else steps[-2], [])
        if not is_list:
            return Answer(named(steps[-1], items))
        if labels := request.query.get("labelSelector"):
            items = [one for one in items if all(label_test(word)(one) for word in words(labels))]
        return Answer({"metadata": {}, "items": [orjson.dumps(one) for one in items] if request.leaves_unread else items})

    async def stream(self, _request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {}


async def in_order(works: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    return [await work for work in works]


async def reads_of(many: int) -> list[str]:
    server = Server()

    def moment() -> Any:  # noqa: ANN401
        server.asked.append("moment")
        return START

    keys = [Key(PrepaidInstance, "team-a", f"web-{number}") for number in range(many)]
    await survey(keys, Cluster(server, Clock(moment, lambda: 0.0)), in_order)
    return server.asked


@pytest.mark.parametrize("many", [2, FEW, FEW + 1, 40])
async def test_the_instances_then_the_moment_then_the_items_then_the_orders_and_accounts(many: int) -> None:
    asked = await reads_of(many)
    last = {what: len(asked) - 1 - asked[::-1].index(what) for what in asked}
    assert last["prepaidinstances"] < asked.index("moment") < asked.index("recyclebinitems")
    assert last["recyclebinitems"] < min(asked.index("renewalorders"), asked.index("prepaidaccounts"))


@pytest.mark.parametrize(
    ("many", "instances", "all_reads"),
    [
        pytest.param(2, 2, 8, id="few are read one by one"),
        pytest.param(FEW, FEW, 12, id="so few"),
        pytest.param(FEW + 1, 1, 6, id="of many a page is read"),
        pytest.param(200, 1, 6, id="however many"),
    ],
)
async def test_as_little_is_read_as_can_be(many: int, instances: int, all_reads: int) -> None:
    asked = [what for what in await reads_of(many) if what != "moment"]
    assert (asked.count("prepaidinstances"), len(asked)) == (instances, all_reads)


@pytest.mark.parametrize(
    "bodies",
    [
        pytest.param({"prepaidinstances": [{"metadata": {"name": "web-1", "namespace": "team-a"}}]}, id="an instance"),
        pytest.param({"prepaidinstances": [instance_body()], "instanceclasses": [{"metadata": {"name": "standard"}}]}, id="a class"),
        pytest.param({"prepaidinstances": [instance_body()], "instanceclasses": [class_body({"kind": "Pod"})]}, id="a template"),
    ],
)
async def test_what_cannot_be_read_of_one_keeps_nothing_from_the_others(bodies: dict[str, list[Body]]) -> None:
    keys = [Key(PrepaidInstance, "team-a", f"web-{number}") for number in range(FEW + 1)]
    server = Server(bodies=bodies)
    panorama = await survey(keys, Cluster(server, Clock(lambda: START, lambda: 0.0)), in_order)
    assert await Glance(Cluster(server, Clock(lambda: START, lambda: 0.0)), panorama).read(PrepaidInstance, "team-a", "web-2") is None


def item_body(name: str, labels: dict[str, str]) -> Body:
    return {**item().to_manifest(), "metadata": {"name": name, "namespace": "team-a", "labels": labels}}


@pytest.mark.parametrize(
    ("items", "reads"),
    [
        pytest.param([], 1, id="there is none"),
        pytest.param([item_body("web-1", {INSTANCE: "web-1"}), item_body("web-3", {INSTANCE: "web-3"})], 2, id="two of theirs"),
        pytest.param([item_body("web-1", {}), item_body("web-3", {INSTANCE: "web-3"})], 3, id="of one the label was taken off"),
        pytest.param([item_body("web-1", {INSTANCE: "db-1"})], 3, id="it carries the label of another"),
        pytest.param([item_body("db-1", {INSTANCE: "web-1"})], 1, id="another carries the label of one of theirs"),
        pytest.param([item_body("db-1", {INSTANCE: "db-1"})], 1, id="one of nobody that looks"),
    ],
)
async def test_whose_items_there_are_is_known_of_all_and_none_is_read_alone_without_need(items: list[Body], reads: int) -> None:
    server = Server(bodies={"recyclebinitems": items})
    cluster = Cluster(server, Clock(lambda: START, lambda: 0.0))
    keys = [Key(PrepaidInstance, "team-a", f"web-{number}") for number in range(FEW + 1)]
    glance = Glance(cluster, await survey(keys, cluster, in_order))
    asked = server.asked.count("recyclebinitems")
    found = [key.name for key in keys if await glance.read(RecycleBinItem, "team-a", key.name)]
    assert (asked, server.asked.count("recyclebinitems")) == (reads, reads)
    assert found == [name for name in ("web-1", "web-3") if name in [one["metadata"]["name"] for one in items]]


async def test_the_items_of_more_than_a_selector_takes_are_asked_for_in_parts() -> None:
    names = [f"web-{number}" for number in range(MOST_NAMES + 1)]
    server = Server(bodies={"recyclebinitems": [item_body(name, {INSTANCE: name}) for name in names]})
    await survey([Key(PrepaidInstance, "team-a", name) for name in names], Cluster(server, Clock(lambda: START, lambda: 0.0)), in_order)
    assert server.asked.count("recyclebinitems") == 3


KINDS = {
    "/api/v1": {"Pod": "pods", "PersistentVolumeClaim": "persistentvolumeclaims"},
    "/apis/apps/v1": {"StatefulSet": "statefulsets"},
}
NOW = START.add(seconds=1)


@pytest.mark.parametrize(
    ("status", "spec", "lists"),
    [
        pytest.param({}, {}, 1, id="it runs: nobody asks for them"),
        pytest.param({"expiration_time": START}, {}, 2, id="its term is over"),
        pytest.param({"recycle_time": START}, {}, 2, id="it is in the bin"),
        pytest.param({}, {"running": False}, 2, id="its owner has stopped it"),
    ],
)
async def test_pods_of_nobodys_are_read_once_for_all_where_one_is_not_to_run(status: Body, spec: Body, lists: int) -> None:
    stateful = class_body({"apiVersion": "apps/v1", "kind": "StatefulSet"})
    one = {
        **instance_body(),
        **{part: body for part, body in instance(running_status(**status), spec).to_manifest().items() if part in PARTS},
    }
    server = Server(bodies={"prepaidinstances": [one], "instanceclasses": [stateful]}, kinds=KINDS)
    cluster = Cluster(server, Clock(lambda: NOW, lambda: 0.0))
    keys = [Key(PrepaidInstance, "team-a", f"web-{number}") for number in range(FEW + 1)]
    panorama = await survey(keys, cluster, in_order)
    assert server.asked.count("pods") == lists
    for _ in keys:
        assert await find_intruders("team-a", ["data"], Glance(cluster, panorama)) == ()
    assert server.asked.count("pods") == (2 if lists == 2 else 1 + len(keys))
