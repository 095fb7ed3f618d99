"""What several instances have in common is read in the order that the purchase protocol and the door depend on."""

from collections.abc import AsyncIterator, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
import pytest

from builders import START, instance, instance_class, running_status
from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import Gone
from prepaid.cluster.glance import Glance
from prepaid.cluster.transport import Answer, Request
from prepaid.cluster.walk import FEW
from prepaid.control.crowd import MOST_NAMES, survey
from prepaid.control.intruders import find_intruders

T = TypeVar("T")
Body = dict[str, Any]
PARTS = ("spec", "status")


def instance_body() -> Body:
    """One that can be read."""
    return {**instance().to_manifest(), "metadata": {"name": "web-1", "namespace": "team-a"}}


def class_body(template: Body) -> Body:
    sold = instance_class().to_manifest()
    return {"metadata": {"name": "standard"}, "spec": {**sold["spec"], "workload": {**sold["spec"]["workload"], "template": template}}}


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
        if not is_list:
            raise Gone("there is none", "NotFound")
        items = self.bodies.get(steps[-1], [])
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
        pytest.param(MOST_NAMES, 1, 6, id="of so many the items are one list"),
        pytest.param(2 * MOST_NAMES, 1, 7, id="however many"),
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


@pytest.mark.parametrize(
    ("status", "reads"),
    [
        pytest.param({}, 1, id="it is not in the bin: there is none, or it will be met"),
        pytest.param({"recycle_time": START}, 2, id="it is in the bin: its label may have been taken off"),
    ],
)
async def test_an_item_that_no_label_shows_is_asked_for_by_name_where_there_has_to_be_one(status: Body, reads: int) -> None:
    one = {**instance_body(), "status": instance(running_status(**status)).to_manifest()["status"]}
    server = Server(bodies={"prepaidinstances": [one]})
    keys = [Key(PrepaidInstance, "team-a", f"web-{number}") for number in range(FEW + 1)]
    await survey(keys, Cluster(server, Clock(lambda: START, lambda: 0.0)), in_order)
    assert server.asked.count("recyclebinitems") == reads


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
