"""What owners do with elastic resources: make them, attach and take off, fight over them, let another account pay, delete them."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from simulation.kubectl import NAMESPACE, Kubectl
from simulation.plan import RESOURCES, Plan
from simulation.served import CLAIM, SERVICE, Body
from simulation.store import Address

CLAIM_SPEC: Body = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}


@dataclass
class Attacher:
    """Chooses and makes moves."""

    kubectl: Kubectl
    chance: Random
    plan: Plan

    def furnish(self) -> None:
        """Most of what there is to attach, from the beginning."""
        for name in RESOURCES:
            if self.plan.attachers and self.chance.random() < 0.8:
                self.make(name)

    def moves(self) -> None:
        name = self.chance.choice(tuple(RESOURCES))
        resource = self.kubectl.find(ElasticResource, name)
        if resource is None:
            self.make(name)
            return
        moves: list[tuple[int, Callable[[Body], None]]] = [
            (6, self.set_attachments),
            (1, self.let_another_account_pay),
            (1, self.delete),
            (1, self.touch_target),
        ]
        (move,) = self.chance.choices([move for _, move in moves], [weight for weight, _ in moves])
        move(resource)

    def make(self, name: str) -> None:
        """One in ten is a second one for the target of another."""
        elastic_type = RESOURCES[name]
        target = "disk-1" if name == "disk-2" and self.chance.random() < 0.2 else name
        self.make_target(elastic_type, target)
        kind = "PersistentVolumeClaim" if elastic_type == "CloudDisk" else "Service"
        spec = {"type": elastic_type, "targetRef": {"apiVersion": "v1", "kind": kind, "name": target}, "account": self.account()}
        self.kubectl.create(ElasticResource, name, spec)

    def make_target(self, elastic_type: str, name: str) -> None:
        if elastic_type == "CloudDisk":
            self.kubectl.make(CLAIM, name, CLAIM_SPEC)
        else:
            self.kubectl.make(SERVICE, name, {"ports": [{"port": 80}]})

    def account(self) -> str:
        return self.chance.choice((*self.plan.accounts, "default"))

    def set_attachments(self, _: Body) -> None:
        """Any list, for any instance; in the bin it is written back."""
        instance = self.kubectl.find(PrepaidInstance, self.chance.choice(self.plan.names))
        if instance is None:
            return
        names = self.chance.sample((*RESOURCES, "absent"), self.chance.choice((0, 1, 1, 2, 2, 4)))
        self.kubectl.change(instance, {"attachments": [{"name": name} for name in names]})

    def let_another_account_pay(self, resource: Body) -> None:
        self.kubectl.change(resource, {"account": self.account()})

    def delete(self, resource: Body) -> None:
        """The policy that refuses it while it is attached is not served here: it waits until it is not."""
        self.kubectl.delete(resource)

    def touch_target(self, resource: Body) -> None:
        """A Service goes, or comes back; a disk is nobody's to delete."""
        target = resource["spec"]["targetRef"]
        if target["kind"] != "Service":
            return
        found = self.kubectl.client.server.store.get(Address(SERVICE, NAMESPACE, target["name"]))
        if found is None:
            self.make_target(resource["spec"]["type"], target["name"])
        elif self.chance.random() < 0.3:
            self.kubectl.delete(found)
