"""What strangers do: scale, annotate or delete a workload behind our back; a careless tool empties a status."""

from dataclasses import dataclass
from random import Random
from typing import Any

from prepaid.api.instance import PrepaidInstance
from simulation.filling import at
from simulation.kubectl import NAMESPACE, Kubectl
from simulation.plan import Plan
from simulation.served import STATEFUL_SET
from simulation.store import Address


@dataclass
class Stranger:
    """Chooses and makes moves."""

    kubectl: Kubectl
    chance: Random
    plan: Plan

    def moves(self) -> None:
        workload = self.kubectl.client.server.store.get(Address(STATEFUL_SET, NAMESPACE, self.chance.choice(self.plan.names)))
        if workload is None:
            return
        changes: list[dict[str, Any]] = [
            {"spec": {"replicas": self.chance.choice((0, 1))}},
            {"metadata": {"annotations": {"example.org/touched": str(self.chance.randint(0, 9))}}},
        ]
        if self.chance.random() < 0.3:
            self.kubectl.delete(workload)
        else:
            self.kubectl.patch(workload, self.chance.choice(changes))

    def empty_a_status(self, forgotten: frozenset[str]) -> None:
        """Of an instance that has been bought and lives, and whose orders are all there."""
        living = [body for body in self.kubectl.all(PrepaidInstance) if at(body, ("status", "periods"))]
        living = [body for body in living if not at(body, ("status", "terminationTime")) and body["metadata"]["uid"] not in forgotten]
        if living:
            self.kubectl.empty_status(self.chance.choice(living))
