"""Reports bin items that nobody should have made, on the item and in an event. What they say is lifecycle's."""

from dataclasses import dataclass

from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.errors import Conflict, Gone, Refused
from prepaid.cluster.recorder import Recorder
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.strays import OF_ANOTHER, WITHOUT_INSTANCE, reported_stray, stray_beside, stray_event


@dataclass(frozen=True)
class Strays:
    """Writes each report once. An item that changes meanwhile comes again."""

    cluster: Cluster
    recorder: Recorder

    async def report(self, facts: Facts) -> None:
        """An item under the instance's name that is not the instance's; in the bin it is removed, so only told. Raises Unavailable."""
        stray = stray_beside(facts)
        if stray and facts.status.recycle_time:
            self.recorder.tell(stray, stray_event(OF_ANOTHER))
        elif stray:
            await self.write(stray, OF_ANOTHER)

    async def report_without_instance(self, key: Key) -> None:
        """An item whose instance is not there, seen again after the item was. Raises Unavailable and Refused."""
        item = await self.cluster.read(RecycleBinItem, key.namespace, key.name)
        if item is None or await self.cluster.read(PrepaidInstance, key.namespace, key.name) is not None:
            return
        stray = reported_stray(item, WITHOUT_INSTANCE, self.cluster.now())
        if stray:
            await self.write(stray, WITHOUT_INSTANCE)

    async def write(self, stray: RecycleBinItem, why: str) -> None:
        try:
            await self.cluster.write_status(stray)
        except (Conflict, Gone):
            return
        except Refused as error:
            why = f"{why} Its status cannot say so: {error}"
        self.recorder.tell(stray, stray_event(why))
