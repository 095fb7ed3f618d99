"""The operator's process without its sleeping loops: the same queue, memory, sweep and reconcilers, each look a coroutine stepped by hand.

Knows when the process hears of changes, wakes for deadlines, dies and starts anew; what a look does is the real code's.
"""

from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from whenever import Instant, TimeDelta

from prepaid.api.account import PrepaidAccount
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.order import RenewalOrder
from prepaid.api.resource import Resource
from prepaid.cluster.author import Author
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.errors import ClusterError
from prepaid.cluster.recorder import Recorder
from prepaid.cluster.walk import Walks
from prepaid.cluster.watch import Change as Heard
from prepaid.control.accounts import Accounts
from prepaid.control.classes import Classes
from prepaid.control.desk import Desk
from prepaid.control.due import DueQueue
from prepaid.control.hearing import NUMEROUS, Hearing
from prepaid.control.instances import Instances
from prepaid.control.memory import Memory
from prepaid.control.orders import Orders
from prepaid.control.queue import KeyQueue
from prepaid.control.resources import ElasticResources
from prepaid.control.sweep import Sweep
from prepaid.control.waiting_room import WaitingRoom
from prepaid.control.watching import Watching
from prepaid.control.workers import Gather, Gathering, Reconcile, nothing
from prepaid.lifecycle.notices import Event
from simulation.client import Client
from simulation.faults import Killed
from simulation.store import Address, Change

T = TypeVar("T")
SWEEP_SECONDS = 30.0
RETRY = TimeDelta(seconds=1)
MOST_LOOKS = 3
MOST_MORE = 3
NAMED: tuple[type[Resource], ...] = (InstanceClass, PrepaidAccount, *NUMEROUS)
OURS = {kind.kind: kind for kind in NAMED}


class Notebook(Recorder):
    """Remembers which events were told instead of writing them."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(cluster)
        self.told: list[tuple[str, Event]] = []

    def tell(self, about: Resource, event: Event) -> None:
        self.told.append((about.metadata.uid, event))


class Deaf(Watching):
    """Starts no watches: what they would bring comes with `hear`."""

    def watch(self, api_version: str, kind: str) -> None:
        pass


@dataclass
class Look:
    """One coroutine under way, for the key or for more that wait with it; it is held up for so many turns."""

    key: Key
    work: Coroutine[Any, Any, None]
    held: int = 0


class Process:
    """One incarnation of the operator: dies with all it knows."""

    def __init__(self, client: Client) -> None:
        assert client.clock is not None
        self.client = client
        self.clock = client.clock
        self.queue, self.sweeps = KeyQueue(), KeyQueue()
        walks = Walks(PrepaidInstance, client.clock.read_monotonic, self.queue.waiting, few=1)
        self.author = Author(client, walks.touch)
        cluster = Cluster(self.author, client.clock)
        self.memory = memory = Memory()
        self.due: dict[Key, Instant] = {}
        self.sweep = Sweep(cluster, self.queue, DueQueue(client.clock, self.queue.add), memory, walks)
        self.hearing = Hearing(self.author, memory, walks)
        self.classes = Classes(cluster, self.sweep, Deaf(cluster, self.queue, self.hearing))
        self.desk = desk = Desk(self.queue)
        room, retry = WaitingRoom(self.queue), TimeDelta(seconds=SWEEP_SECONDS)
        notebook = Notebook(cluster)
        orders = Orders(cluster, self.queue, retry)
        instances = Instances(cluster, notebook, memory, retry, desk, room, orders, one_by_one, walks)
        self.accounts = accounts = Accounts(cluster, self.queue, desk, notebook, one_by_one, most_kept=1)
        self.gathers: dict[type[Resource], Gather] = {PrepaidInstance: instances.gather, PrepaidAccount: accounts.gather}
        self.reconcilers: dict[type[Resource], Reconcile] = {
            PrepaidInstance: instances.reconcile,
            PrepaidAccount: accounts.reconcile,
            ElasticResource: ElasticResources(cluster, self.queue, room, retry).reconcile,
            RenewalOrder: orders.reconcile,
            InstanceClass: self.classes.reconcile,
        }
        self.cluster = cluster
        self.looks: list[Look] = []
        self.begun = 0
        self.heard = client.server.store.number
        self.swept = client.clock.read_wall()
        self._look_at_everything()

    def hear(self) -> None:
        """The watches bring what has changed since."""
        for change in self.client.server.store.changes_after(self.heard):
            if key := self.key_to_look_at(change):
                self.queue.add(key)
        self.heard = self.client.server.store.number

    def key_to_look_at(self, change: Change) -> Key | None:
        """What the handlers and watches of control/ make of an event."""
        address: Address = change.address
        ours, heard = OURS.get(address.served.kind), Heard(change.body["metadata"], change.type == "DELETED")
        if ours in NUMEROUS:
            return self.hearing.of_ours(ours, heard)
        return Key(ours, address.namespace, address.name) if ours else self.hearing.of_made(address.served.kind, heard)

    def miss(self) -> None:
        """A gap in the watches: what has changed since is not told; of the ledger the list that follows a gap tells what is there."""
        self.heard = self.client.server.store.number
        for key in [*self._keys(PrepaidAccount), *self._keys(RenewalOrder)]:
            self.queue.add(key)

    def wake(self) -> None:
        """What is due by our own clock is looked at; so is everything, once in a while."""
        for key in [key for key, moment in self.due.items() if self.clock.seconds_until(moment) <= 0]:
            del self.due[key]
            self.queue.add(key)
        if (self.clock.read_wall() - self.swept).total("seconds") >= SWEEP_SECONDS:
            self.sweep_everything()

    def sweep_everything(self) -> None:
        self.swept = self.clock.read_wall()
        for key in self._keys(InstanceClass):
            self.sweeps.add(key)
        self.sweeps.add(Key(InstanceClass, "", ""))
        for key in self._keys(PrepaidAccount):
            self.queue.add(key)

    def look_at_everything(self) -> None:
        """Who waits for something looks again once in a while."""
        for kind in (PrepaidInstance, ElasticResource, RenewalOrder):
            for key in self._keys(kind):
                self.queue.add(key)

    def begin(self) -> bool:
        """Begins a look at what waits, if there is any and a worker is free."""
        if len(self.looks) >= MOST_LOOKS:
            return False
        queue = self.queue if self.queue._waiting else self.sweeps
        if not queue._waiting:
            return False
        key = taken(queue)
        self.begun += 1
        are_together = key.kind in self.gathers and self.begun % 2 == 0
        self.looks.append(self.look_together([key, *queue.more_like(key, MOST_MORE)]) if are_together else self.look_at(key, queue))
        return True

    def look_at(self, key: Key, queue: KeyQueue) -> Look:
        return Look(key, self._look(key, self._sweep if queue is self.sweeps else self.reconcilers[key.kind], queue))

    def look_together(self, keys: Sequence[Key]) -> Look:
        return Look(keys[0], self._look_together(keys))

    async def _look_together(self, keys: Sequence[Key]) -> None:
        """What the workers of control/ do, one after the other."""
        try:
            gathering = await self.gathers[keys[0].kind](keys)
        except ClusterError:
            gathering = Gathering(self.reconcilers[keys[0].kind], nothing)
        for key in keys:
            await self._look(key, gathering.reconcile, self.queue)
        gathering.disperse()

    async def _look(self, key: Key, reconcile: Reconcile, queue: KeyQueue) -> None:
        """Errors of the cluster are looked at again."""
        try:
            self._wake_at(key, await reconcile(key))
        except ClusterError:
            self.due[key] = self.clock.read_wall() + RETRY
        queue.done(key)

    def step(self, look: Look) -> None:
        """Lets a look go on until its next call. Raises Killed when the process dies in it."""
        try:
            look.work.send(None)
        except StopIteration:
            self.looks.remove(look)
        except Killed:
            self.looks.remove(look)
            raise

    def die(self) -> None:
        """Nothing that it was about to do is done."""
        for look in self.looks:
            look.work.close()
        self.looks.clear()

    def is_idle(self) -> bool:
        return not self.looks and not len(self.queue) and not len(self.sweeps)

    def _wake_at(self, key: Key, moment: Instant | None) -> None:
        if moment is None:
            self.due.pop(key, None)
        elif self.clock.seconds_until(moment) > 0:
            self.due[key] = moment
        else:
            self.due[key] = self.clock.read_wall() + RETRY

    async def _sweep(self, key: Key) -> Instant | None:
        if not key.name:
            await self.sweep.of_missing_classes(frozenset(self.classes.versions))
            await self.sweep.of_resources()
            return None
        instance_class = await self.cluster.read(InstanceClass, "", key.name)
        if instance_class is not None:
            await self.sweep.of_class(instance_class)
        return None

    def _look_at_everything(self) -> None:
        """A fresh start hears of every object there is."""
        for kind in self.reconcilers:
            for key in self._keys(kind):
                self.queue.add(key)

    def _keys(self, kind: type[Resource]) -> list[Key]:
        return [Key(kind, *place) for place in self.client.server.places(kind)]


async def one_by_one(works: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """In their order, each call a step of its own: the scheduler knows one coroutine for each look."""
    waiting = list(works)
    try:
        return [await work for work in waiting]
    finally:
        for work in waiting:
            work.close()


def taken(queue: KeyQueue) -> Key:
    """The next key of a queue that has one: it comes without waiting."""
    given: Key | None = None
    try:
        queue.get().send(None)
    except StopIteration as end:
        given = end.value
    assert given, "the queue has nothing to give"
    return given
