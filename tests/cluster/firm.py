"""The operator's reconcilers without its event source, on the real API server: everything is looked at until nothing is written any more.

A firm can be made to die at any of its writes, just before or just after the server has acted: then it is gone with all it knew.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Final

from whenever import Instant, TimeDelta

from prepaid.api.account import PrepaidAccount
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.api.order import RenewalOrder
from prepaid.api.resource import Resource
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import Conflict, Gone
from prepaid.cluster.recorder import Recorder
from prepaid.cluster.together import together
from prepaid.cluster.transport import Answer, Request, Transport
from prepaid.cluster.walk import alone
from prepaid.control.accounts import Accounts
from prepaid.control.desk import Desk
from prepaid.control.instances import Instances
from prepaid.control.memory import Memory
from prepaid.control.orders import Orders
from prepaid.control.queue import KeyQueue
from prepaid.control.resources import ElasticResources
from prepaid.control.waiting_room import WaitingRoom
from prepaid.lifecycle.notices import Event

MOST_PASSES: Final = 40
RETRY: Final = TimeDelta(seconds=1)


class Killed(BaseException):
    """The process ends here."""


class When(Enum):
    """On which side of a write it dies."""

    BEFORE = auto()
    AFTER = auto()


@dataclass
class Mortal:
    """A Transport that counts its writes, and dies at one of them."""

    inner: Transport
    dies_at: int | None = None
    when: When = When.BEFORE
    writes: list[str] = field(default_factory=list)

    async def call(self, request: Request) -> Answer:
        if request.method == "GET":
            return await self.inner.call(request)
        self.writes.append(f"{request.method} {request.path}")
        is_last = self.dies_at == len(self.writes)
        if is_last and self.when is When.BEFORE:
            raise Killed
        answer = await self.inner.call(request)
        if is_last:
            raise Killed
        return answer

    def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        return self.inner.stream(request)


class Silent(Recorder):
    """Tells nothing: events are written apart."""

    def tell(self, about: Resource, event: Event) -> None:
        pass


class Firm:
    """One incarnation of the operator, in one namespace."""

    def __init__(self, transport: Transport, clock: Clock, namespace: str) -> None:
        self.cluster = Cluster(transport, clock)
        self.namespace = namespace
        self.queue = KeyQueue()
        desk, room, silent = Desk(self.queue), WaitingRoom(self.queue), Silent(self.cluster)
        orders = Orders(self.cluster, self.queue, RETRY)
        instances = Instances(self.cluster, silent, Memory(), RETRY, desk, room, orders, together, alone(PrepaidInstance, self.cluster))
        self.reconcilers: dict[type[Resource], Callable[[Key], Awaitable[Instant | None]]] = {
            PrepaidInstance: instances.reconcile,
            PrepaidAccount: Accounts(self.cluster, self.queue, desk, silent, together).reconcile,
            ElasticResource: ElasticResources(self.cluster, self.queue, room, RETRY).reconcile,
            RenewalOrder: orders.reconcile,
        }

    async def work_until(self, is_done: Callable[[], Awaitable[bool]]) -> None:
        """Looks at everything, again and again. AssertionError when it does not get there."""
        for _ in range(MOST_PASSES):
            await self.pass_over_everything()
            if await is_done():
                return
        raise AssertionError("it does not come to rest")

    async def pass_over_everything(self) -> None:
        for kind in self.reconcilers:
            async for body in self.cluster.pages(kind, self.namespace):
                self.queue.add(Key(kind, self.namespace, body["metadata"]["name"]))
        while len(self.queue):
            key = await self.queue.get()
            assert key is not None
            try:
                await self.reconcilers[key.kind](key)
            except (Conflict, Gone):
                pass
            finally:
                self.queue.done(key)
