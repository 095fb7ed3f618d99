"""The reconciler of orders: one for no living instance is rejected, one that has ended is let go, all others are their instance's."""

from dataclasses import dataclass

from whenever import Instant, TimeDelta

from prepaid.api.account import PrepaidAccount
from prepaid.api.instance import PrepaidInstance
from prepaid.api.marks import ENDED, LIFECYCLE_FINALIZER
from prepaid.api.order import RenewalOrder
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.errors import Conflict
from prepaid.control.ledger import without_what_is_over
from prepaid.control.queue import KeyQueue
from prepaid.lifecycle.applying import is_balanced
from prepaid.lifecycle.letting_go import has_entry_of, is_in_flight, is_needed, is_vanishing, without_living_instance
from prepaid.lifecycle.ordering import has_ended, is_waiting
from prepaid.lifecycle.orders import rejected_order


@dataclass(frozen=True)
class Orders:
    """Reconciles one order at a time."""

    cluster: Cluster
    queue: KeyQueue
    retry: TimeDelta

    async def reconcile(self, key: Key) -> Instant | None:
        """One look at one order. Raises ClusterError."""
        order = await self.cluster.read(RenewalOrder, key.namespace, key.name)
        if order is None:
            return None
        instance = await self.cluster.read(PrepaidInstance, key.namespace, order.spec.instance_ref.name)
        if instance is not None and is_in_flight(order, instance):
            self.queue.add(Key(PrepaidInstance, key.namespace, instance.metadata.name))
            return self.cluster.now() + self.retry
        if has_ended(order):
            await self.let_go(order, instance)
        elif is_waiting(order):
            await self.hand_on(order, instance)
        return None

    async def let_go(self, order: RenewalOrder, instance: PrepaidInstance | None) -> None:
        """The finalizer comes off, and the write that takes it off says how it ended. What a replace took off is said again."""
        kept = [LIFECYCLE_FINALIZER] if is_needed(order, instance) else []
        finalizers = [*(name for name in order.metadata.finalizers if name != LIFECYCLE_FINALIZER), *kept]
        is_let_go = ENDED in order.metadata.annotations and set(finalizers) == set(order.metadata.finalizers)
        if is_let_go or order.status.phase is None:
            return
        if not kept and is_vanishing(order):
            await self.close_the_account_of(order)
        await self.cluster.patch(order, {"metadata": {"finalizers": finalizers, "annotations": {ENDED: order.status.phase.value}}})

    async def close_the_account_of(self, order: RenewalOrder) -> None:
        """An entry whose order is not in the ledger counts as debited for nothing: it leaves the account before its order vanishes.

        Raises Conflict for an account that the cashier has still to balance: who writes it says that all have been told of a deposit.
        """
        paid_by = order.status.account
        account = await self.cluster.read(PrepaidAccount, order.metadata.namespace, paid_by.name) if paid_by else None
        if account is None or not has_entry_of(account, order):
            return
        if not is_balanced(account):
            self.queue.add(Key(PrepaidAccount, account.metadata.namespace, account.metadata.name))
            raise Conflict(f"{account.metadata.name} has still to be balanced")
        await self.cluster.write_status(await without_what_is_over(account, self.cluster))

    async def hand_on(self, order: RenewalOrder, instance: PrepaidInstance | None) -> None:
        problem = without_living_instance(order, instance)
        if problem is None:
            self.queue.add(Key(PrepaidInstance, order.metadata.namespace, order.spec.instance_ref.name))
            return
        rejected = await self.cluster.write_status(rejected_order(order, None, problem, self.cluster.now()))
        await self.let_go(rejected, instance)
