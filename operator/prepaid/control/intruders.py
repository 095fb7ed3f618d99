"""Finds pods of nobody's that mount what belongs to instances, and deletes those that mount data. What they are is lifecycle's."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from prepaid.cluster.client import Cluster
from prepaid.cluster.errors import Conflict, Gone, Refused
from prepaid.cluster.recorder import Recorder
from prepaid.control.selectors import NOBODYS
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.intruders import intruder_event, mounting
from prepaid.lifecycle.objects import LiveObject


async def find_intruders(namespace: str, claims: Iterable[str], cluster: Cluster) -> tuple[LiveObject, ...]:
    """The pods without our label that mount one of the claims."""
    return mounting(await cluster.list_objects("v1", "Pod", namespace, NOBODYS), claims)


@dataclass(frozen=True)
class Intruders:
    """Puts them out. One that changes meanwhile is found again; one that may not be deleted keeps nothing else from being done."""

    cluster: Cluster
    recorder: Recorder

    async def put_out(self, facts: Facts) -> None:
        """Raises Unavailable."""
        for pod in facts.seen.intruders:
            with suppress(Conflict, Gone, Refused):
                await self.cluster.delete_object(pod)
                self.recorder.tell(facts.instance, intruder_event(pod))
