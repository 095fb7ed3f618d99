"""What the owner of a namespace does to instances and bin items: buys, renews, stops, recovers, terminates, pays from another account."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.instance import Phase, PrepaidInstance
from simulation.filling import at
from simulation.kubectl import Kubectl
from simulation.plan import RESOURCES, Plan
from simulation.served import Body

IMAGES: Final = ("example:1", "example:2", "example:3")


@dataclass
class Owner:
    """Chooses and makes moves."""

    kubectl: Kubectl
    chance: Random
    plan: Plan

    def moves(self) -> None:
        name = self.chance.choice(self.plan.names)
        instance = self.kubectl.find(PrepaidInstance, name)
        if instance is None:
            self.buy(name)
            return
        phase = at(instance, ("status", "phase"))
        moves: list[tuple[int, Callable[[Body], None]]] = [
            (2, self.raise_periods),
            (1, self.lower_periods),
            (3, self.toggle_running),
            (2, self.toggle_auto_renewal),
            (1, self.edit_parameters),
            (20 if phase == Phase.RECYCLED else 2, self.answer_item),
            (40 if phase == Phase.TERMINATED else 1, self.throw_away),
            (2, self.pay_from_another_account),
        ]
        (move,) = self.chance.choices([move for _, move in moves], [weight for weight, _ in moves])
        move(instance)

    def buy(self, name: str) -> None:
        spec = {
            "instanceClass": self.chance.choice(self.plan.classes),
            "account": self.chance.choice(self.plan.accounts or ("default",)),
            "purchasedPeriods": self.chance.choice((1, 1, 2)),
            "autoRenew": self.chance.random() < 0.3,
            "running": self.chance.random() < 0.9,
            "attachments": [{"name": name} for name in self.wanted_resources()],
        }
        self.kubectl.create(PrepaidInstance, name, spec)

    def wanted_resources(self) -> list[str]:
        """Where resources are used at all, most instances are born with some."""
        return self.chance.sample(tuple(RESOURCES), self.chance.choice((0, 1, 2, 3))) if self.plan.attachers else []

    def raise_periods(self, instance: Body) -> None:
        self.kubectl.change(instance, {"purchasedPeriods": instance["spec"]["purchasedPeriods"] + self.chance.choice((1, 1, 2))})

    def lower_periods(self, instance: Body) -> None:
        self.kubectl.change(instance, {"purchasedPeriods": max(1, instance["spec"]["purchasedPeriods"] - 1)})

    def toggle_running(self, instance: Body) -> None:
        self.kubectl.change(instance, {"running": not instance["spec"]["running"]})

    def toggle_auto_renewal(self, instance: Body) -> None:
        self.kubectl.change(instance, {"autoRenew": not instance["spec"]["autoRenew"]})

    def edit_parameters(self, instance: Body) -> None:
        self.kubectl.change(instance, {"parameters": {"image": self.chance.choice(IMAGES)}})

    def pay_from_another_account(self, instance: Body) -> None:
        self.kubectl.change(instance, {"account": self.chance.choice((*self.plan.accounts * 3, "absent"))})

    def answer_item(self, instance: Body) -> None:
        """A word on the bin item, if there is one."""
        item = self.kubectl.find(RecycleBinItem, instance["metadata"]["name"])
        if item is None:
            return
        most = self.chance.choice(("", "", "", "5", "20", "60")) if self.plan.accounts else ""
        words: list[Body] = [
            {"disposition": "Recover", "periods": self.chance.choice((1, 2, 4, 10)), "maxAmount": most},
            {"disposition": "Terminate", "confirm": item["metadata"]["name"]},
            {"disposition": "Retain"},
        ]
        self.kubectl.change(item, self.chance.choices(words, (3, 2, 1))[0])

    def throw_away(self, instance: Body) -> None:
        """A tombstone, or what was never bought; everything else the policies refuse to an owner."""
        is_in_flight = at(instance, ("status", "intent")) is not None
        if at(instance, ("status", "phase")) == Phase.TERMINATED or not (at(instance, ("status", "periods")) or is_in_flight):
            self.kubectl.delete(instance)
