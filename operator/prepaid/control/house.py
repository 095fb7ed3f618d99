"""Everything that runs beside kopf, wired together: queues, workers, watches, the sweep. Started before kopf, ended after it.

kopf cancels the tasks that were made after its own start when it ends; ours are older, so that they finish what is in flight.
"""

import asyncio
import itertools
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from whenever import Instant, TimeDelta

from prepaid.api.account import PrepaidAccount
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.order import RenewalOrder
from prepaid.api.resource import Resource
from prepaid.cluster.author import Author
from prepaid.cluster.census import USUAL_PAGE
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.errors import ClusterError
from prepaid.cluster.recorder import Recorder
from prepaid.cluster.together import together
from prepaid.cluster.walk import Walks
from prepaid.control.accounts import Accounts
from prepaid.control.classes import Classes
from prepaid.control.desk import Desk
from prepaid.control.due import DueQueue
from prepaid.control.hearing import Hearing
from prepaid.control.instances import Instances
from prepaid.control.memory import Memory
from prepaid.control.orders import Orders
from prepaid.control.queue import KeyQueue
from prepaid.control.resources import ElasticResources
from prepaid.control.sweep import Sweep
from prepaid.control.usage import Usage
from prepaid.control.waiting_room import WaitingRoom
from prepaid.control.watching import Watching
from prepaid.control.workers import BUSY, Gather, Reconcile, Workers

MOST_IN_WORK = USUAL_PAGE
"""Those who look together are then those whom a page shows."""
DRAIN_SECONDS = 8.0
USAGE_TURNS = 5
"""A mark that comes off late does no harm, and finding out takes a list of everything: every fifth sweep does it."""

log = logging.getLogger("prepaid.control")


@dataclass(frozen=True)
class Settings:
    """What may be set from outside, in seconds."""

    sweep_seconds: float = 30.0


class House:
    """The operator without kopf."""

    def __init__(self, cluster: Cluster, settings: Settings) -> None:
        self.queue = KeyQueue()
        walks = Walks(PrepaidInstance, cluster.clock.read_monotonic, self.queue.waiting)
        author = Author(cluster.transport, walks.touch)
        cluster = Cluster(author, cluster.clock)
        self._sweeps = KeyQueue()
        self._cluster = cluster
        self._settings = settings
        self._recorder = Recorder(cluster, lambda: self.queue.in_work > BUSY)
        self._due = DueQueue(cluster.clock, self.queue.add)
        self._no_dues = DueQueue(cluster.clock, self._sweeps.add)
        memory = Memory()
        self._sweep = Sweep(cluster, self.queue, self._due, memory, walks)
        self._usage = Usage(cluster)
        self._watching = Watching(cluster, self.queue, Hearing(author, memory, walks))
        self._classes = Classes(cluster, self._sweep, self._watching)
        desk, room, retry = Desk(self.queue), WaitingRoom(self.queue), TimeDelta(seconds=settings.sweep_seconds)
        orders = Orders(cluster, self.queue, retry)
        instances = Instances(cluster, self._recorder, memory, retry, desk, room, orders, together, walks)
        accounts = Accounts(cluster, self.queue, desk, self._recorder, together)
        reconcilers: dict[type[Resource], Reconcile] = {
            PrepaidInstance: instances.reconcile,
            PrepaidAccount: accounts.reconcile,
            ElasticResource: ElasticResources(cluster, self.queue, room, retry).reconcile,
            RenewalOrder: orders.reconcile,
            InstanceClass: self._classes.reconcile,
        }
        gathers: dict[type[Resource], Gather] = {PrepaidInstance: instances.gather, PrepaidAccount: accounts.gather}
        self._workers = Workers(self.queue, self._due, cluster.clock, reconcilers, gathers)
        self._sweepers = Workers(self._sweeps, self._no_dues, cluster.clock, {InstanceClass: self._sweep_class})
        self._working: list[asyncio.Task[None]] = []
        self._endless: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Starts all tasks. Call it before kopf is started."""
        self._working = [self._workers.start(MOST_IN_WORK), self._sweepers.start(1)]
        endless: list[Coroutine[Any, Any, None]] = [self._due.run(), self._recorder.run(), self._sweep_the_rest()]
        self._endless = [asyncio.create_task(task) for task in endless]
        self._watching.start()

    def ask_for_sweep(self, name: str) -> None:
        """Asks for a sweep of one class."""
        self._sweeps.add(Key(InstanceClass, "", name))

    async def stop(self) -> None:
        """Finishes what is in flight, within a limit, and ends. Safe to call twice."""
        self._watching.stop()
        self.queue.close()
        self._sweeps.close()
        await asyncio.wait(self._working, timeout=DRAIN_SECONDS)
        try:
            await asyncio.wait_for(self._recorder.drain(), 1.0)
        except TimeoutError:
            log.warning("some events were not told before the end")
        for task in (*self._working, *self._endless):
            task.cancel()

    async def _sweep_class(self, key: Key) -> Instant | None:
        instance_class = await self._cluster.read(InstanceClass, "", key.name)
        if instance_class is not None:
            await self._sweep.of_class(instance_class)
        return None

    async def _sweep_the_rest(self) -> None:
        for turn in itertools.count(1):
            await asyncio.sleep(self._settings.sweep_seconds)
            try:
                await self._sweep.of_missing_classes(frozenset(self._classes.versions))
                await self._sweep.of_resources()
                if turn % USAGE_TURNS == 0:
                    await self._usage.check()
            except ClusterError as error:
                log.warning("the sweep of what no class covers failed: %s", error)
            except Exception as error:
                log.error("the sweep of what no class covers failed", exc_info=error)
