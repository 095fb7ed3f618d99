"""What owners do with orders of their own: make them, with and without a uid or a limit, for whom it may concern, and take them back."""

from dataclasses import dataclass, field
from random import Random

from prepaid.api.instance import PrepaidInstance
from prepaid.api.order import OrderPhase, RenewalOrder
from simulation.filling import at
from simulation.kubectl import Kubectl
from simulation.plan import Plan
from simulation.served import Body


@dataclass
class Buyer:
    """Chooses and makes moves; remembers the uids of instances that may be gone."""

    kubectl: Kubectl
    chance: Random
    plan: Plan
    uids: list[str] = field(default_factory=list)

    def moves(self) -> None:
        self.uids.extend(body["metadata"]["uid"] for body in self.kubectl.all(PrepaidInstance) if body["metadata"]["uid"] not in self.uids)
        if self.chance.random() < 0.7:
            self.order()
        else:
            self.take_back()

    def order(self) -> None:
        """Names are few, so that one that was deleted is made again."""
        name = self.chance.choice((*self.plan.names, "absent") if self.chance.random() < 0.2 else self.plan.names)
        spec: Body = {
            "instanceRef": {"name": name, "uid": self.uid_for(name)},
            "periods": self.chance.choice((1, 1, 2, 3)),
            "maxAmount": self.chance.choice(("", "", "5", "20")),
            "source": "Owner",
        }
        self.kubectl.create(RenewalOrder, f"order-{self.chance.randint(1, 6)}", spec)

    def uid_for(self, name: str) -> str:
        """None, the present one's, or any that ever was."""
        instance = self.kubectl.find(PrepaidInstance, name)
        drawn = self.chance.random()
        if drawn < 0.4 or not self.uids:
            return ""
        if drawn < 0.9 and instance:
            return str(instance["metadata"]["uid"])
        return self.chance.choice(self.uids)

    def take_back(self) -> None:
        """Deletes an order: waiting, in flight or rejected; the policies protect what is settled."""
        orders = [body for body in self.kubectl.all(RenewalOrder) if at(body, ("status", "phase")) != OrderPhase.SETTLED]
        if orders:
            self.kubectl.delete(self.chance.choice(orders))
