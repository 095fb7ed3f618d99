"""What administrators do: edit classes, take them away and put them back; rarely they delete a live instance."""

from dataclasses import dataclass
from random import Random

from prepaid.api.instance import PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from simulation.kubectl import Kubectl
from simulation.plan import CURRENCIES, PRICES, Plan
from simulation.served import Body


@dataclass
class Administrator:
    """Chooses and makes moves."""

    kubectl: Kubectl
    chance: Random
    plan: Plan

    def moves(self) -> None:
        name = self.chance.choice(self.plan.classes)
        current = self.kubectl.find(InstanceClass, name)
        if current is None:
            self.offer(name)
            return
        drawn = self.chance.random()
        if drawn < 0.7:
            self.kubectl.change(current, self.edit())
        elif drawn < 0.8:
            self.kubectl.delete(current)
        elif instances := self.kubectl.all(PrepaidInstance):
            self.kubectl.delete(self.chance.choice(instances))

    def offer(self, name: str) -> None:
        """Of two classes the second one is free as often as not."""
        price = self.plan.price if name == self.plan.classes[0] else self.chance.choice(("0", self.plan.price))
        self.kubectl.post(InstanceClass, self.plan.offer(name, price))

    def edit(self) -> Body:
        edits: list[Body] = [
            {"period": {"count": self.chance.randint(5, 40), "unit": "Second"}},
            {"retention": {"count": self.chance.randint(5, 60)}},
            {"price": {"amount": self.chance.choice(PRICES if self.plan.accounts else ("0",))}},
            {"price": {"currency": self.chance.choice(CURRENCIES)}},
            {"renewalAnchor": self.chance.choice(("OriginalExpiration", "RenewalTime"))},
            {"timeZone": self.chance.choice(("Asia/Shanghai", "UTC", "Mars/Base"))},
            {"autoRenewInRecycleBin": self.chance.random() < 0.5},
        ]
        return self.chance.choice(edits)

    def put_classes_right(self) -> None:
        """All classes are there and can be read."""
        for name in self.plan.classes:
            current = self.kubectl.find(InstanceClass, name)
            if current is None:
                self.offer(name)
            else:
                self.kubectl.change(current, {"timeZone": "Asia/Shanghai"})
