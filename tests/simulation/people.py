"""What people do to a cluster: owners buy, renew, stop, recover, terminate; an administrator edits the class; a stranger meddles.

Each move is one request, as kubectl makes it: without a condition. One that the server refuses changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.instance import Phase, PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.resource import API_VERSION
from prepaid.cluster.client import endpoint_of
from prepaid.cluster.errors import ClusterError
from prepaid.cluster.transport import MERGE_PATCH, Request
from simulation.client import Client
from simulation.filling import at
from simulation.served import STATEFUL_SET, Body
from simulation.store import Address

NAMESPACE: Final = "team-a"
NAMES: Final = ("web-1", "web-2")
IMAGES: Final = ("example:1", "example:2", "example:3")


def at_once(client: Client, request: Request) -> bool:
    """One request, made in one step; whether it was taken."""
    call = client.call(request)
    try:
        while True:
            call.send(None)
    except StopIteration:
        return True
    except ClusterError:
        return False


@dataclass
class People:
    """Chooses and makes moves."""

    client: Client
    chance: Random
    offer: Body
    names: tuple[str, ...] = NAMES

    def owner_moves(self) -> None:
        name = self.chance.choice(self.names)
        instance = self._find(PrepaidInstance, name)
        if instance is None:
            self.buy(name)
            return
        moves: list[tuple[int, Callable[[Body], None]]] = [
            (2, self.raise_periods),
            (1, self.lower_periods),
            (3, self.toggle_running),
            (2, self.toggle_auto_renewal),
            (1, self.edit_parameters),
            (6, self.answer_item),
            (2, self.throw_away),
        ]
        (move,) = self.chance.choices([move for _, move in moves], [weight for weight, _ in moves])
        move(instance)

    def buy(self, name: str) -> None:
        spec = {
            "instanceClass": "standard",
            "purchasedPeriods": self.chance.choice((1, 1, 2)),
            "autoRenew": self.chance.random() < 0.2,
            "running": self.chance.random() < 0.9,
        }
        body = {"apiVersion": API_VERSION, "kind": "PrepaidInstance", "metadata": {"name": name}, "spec": spec}
        at_once(self.client, Request("POST", endpoint_of(PrepaidInstance).path(NAMESPACE), {}, body))

    def raise_periods(self, instance: Body) -> None:
        self._patch(instance, {"purchasedPeriods": instance["spec"]["purchasedPeriods"] + self.chance.randint(1, 3)})

    def lower_periods(self, instance: Body) -> None:
        self._patch(instance, {"purchasedPeriods": max(1, instance["spec"]["purchasedPeriods"] - 1)})

    def toggle_running(self, instance: Body) -> None:
        self._patch(instance, {"running": not instance["spec"]["running"]})

    def toggle_auto_renewal(self, instance: Body) -> None:
        self._patch(instance, {"autoRenew": not instance["spec"]["autoRenew"]})

    def edit_parameters(self, instance: Body) -> None:
        self._patch(instance, {"parameters": {"image": self.chance.choice(IMAGES)}})

    def answer_item(self, instance: Body) -> None:
        """A word on the bin item, if there is one."""
        item = self._find(RecycleBinItem, instance["metadata"]["name"])
        if item is None:
            return
        words: list[Body] = [
            {"disposition": "Recover", "periods": self.chance.randint(1, 3)},
            {"disposition": "Terminate", "confirm": item["metadata"]["name"]},
            {"disposition": "Retain"},
        ]
        self._patch(item, self.chance.choices(words, (3, 2, 1))[0])

    def throw_away(self, instance: Body) -> None:
        """A tombstone, or what was never bought; everything else the policies refuse to an owner."""
        if at(instance, ("status", "phase")) == Phase.TERMINATED or not at(instance, ("status", "periods")):
            self.delete(instance)

    def delete(self, instance: Body) -> None:
        """A DELETE that the policies let pass: an owner's of a tombstone, an administrator's of anything."""
        at_once(self.client, Request("DELETE", path_of(instance)))

    def administrator_moves(self) -> None:
        """The class is edited, taken away, put back; rarely a live instance is deleted."""
        current = self._find(InstanceClass, "standard")
        if current is None:
            self.put_class_right()
            return
        edits: list[Body] = [
            {"period": {"count": self.chance.randint(5, 40), "unit": "Second"}},
            {"retention": {"count": self.chance.randint(5, 60)}},
            {"price": {"amount": self.chance.choice(("0", "5"))}},
            {"renewalAnchor": self.chance.choice(("OriginalExpiration", "RenewalTime"))},
        ]
        drawn = self.chance.random()
        if drawn < 0.7:
            self._patch(current, self.chance.choice(edits))
        elif drawn < 0.8:
            self.delete(current)
        elif instances := self.client.server.bodies(PrepaidInstance):
            self.delete(self.chance.choice(instances))

    def put_class_right(self) -> None:
        """The class is there and can be sold."""
        current = self._find(InstanceClass, "standard")
        if current is None:
            at_once(self.client, Request("POST", endpoint_of(InstanceClass).path(), {}, self.offer))
        else:
            self._patch(current, {"price": {"amount": "0"}})

    def stranger_moves(self) -> None:
        """Somebody scales, relabels or deletes a workload behind our back."""
        workload = self.client.server.store.get(Address(STATEFUL_SET, NAMESPACE, self.chance.choice(self.names)))
        if workload is None:
            return
        changes: list[dict[str, Any]] = [
            {"spec": {"replicas": self.chance.choice((0, 1))}},
            {"metadata": {"annotations": {"example.org/touched": str(self.chance.randint(0, 9))}}},
        ]
        if self.chance.random() < 0.3:
            at_once(self.client, Request("DELETE", path_of(workload)))
        else:
            at_once(self.client, Request("PATCH", path_of(workload), {}, self.chance.choice(changes), MERGE_PATCH))

    def _patch(self, body: Body, spec: Body) -> None:
        at_once(self.client, Request("PATCH", path_of(body), {}, {"spec": spec}, MERGE_PATCH))

    def _find(self, kind: type[PrepaidInstance | RecycleBinItem | InstanceClass], name: str) -> Body | None:
        return next((body for body in self.client.server.bodies(kind) if body["metadata"]["name"] == name), None)


KINDS = {kind.kind: kind for kind in (PrepaidInstance, RecycleBinItem, InstanceClass)}


def path_of(body: Body) -> str:
    metadata = body["metadata"]
    if body["kind"] == "StatefulSet":
        return f"/apis/apps/v1/namespaces/{metadata['namespace']}/statefulsets/{metadata['name']}"
    return endpoint_of(KINDS[body["kind"]]).path(metadata.get("namespace", ""), metadata["name"])
