"""The reconciler of orders: one for no living instance is rejected, one that has ended is let go, all others are their instance's."""

from dataclasses import dataclass

from whenever import Instant, TimeDelta

from prepaid.api.account import PrepaidAccount
from prepaid.api.instance import Phase, PrepaidInstance
from prepaid.api.intent import IntentState
from prepaid.api.marks import ENDED, LIFECYCLE_FINALIZER
from prepaid.api.order import OrderPhase, RenewalOrder
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.errors import Conflict
from prepaid.control.ledger import without_what_is_over
from prepaid.control.queue import KeyQueue
from prepaid.lifecycle.ordering import has_ended, is_taken, is_waiting, names
from prepaid.lifecycle.orders import rejected_order
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.usage import may_be_marked


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
        if not may_be_marked(account):
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


def is_needed(order: RenewalOrder, instance: PrepaidInstance | None) -> bool:
    """Whether it was deleted in flight, was settled, and still tells what a living instance has paid for: it goes with that one's end."""
    is_alive = instance is not None and names(order, instance.metadata.uid) and instance.status.phase is not Phase.TERMINATED
    return is_vanishing(order) and is_alive


def is_vanishing(order: RenewalOrder) -> bool:
    """Whether our finalizer is all that keeps a settled order in the ledger."""
    is_going = order.metadata.deletion_timestamp is not None and is_taken(order)
    return is_going and order.status.phase is OrderPhase.SETTLED


def has_entry_of(account: PrepaidAccount, order: RenewalOrder) -> bool:
    """Whether the account may still hold the purchase of this order; the owner may have left the uid out."""
    return any(names(order, uid) and entry.sequence == order.status.sequence for uid, entry in account.status.purchases.items())


def is_in_flight(order: RenewalOrder, instance: PrepaidInstance) -> bool:
    """Whether the instance is busy with it. One that is granted and settled is over, which the next write of the instance says."""
    intent = instance.status.intent
    is_over = intent is not None and intent.state is IntentState.GRANTED and has_ended(order)
    return intent is not None and intent.order.uid == order.metadata.uid and not is_over


def without_living_instance(order: RenewalOrder, instance: PrepaidInstance | None) -> Problem | None:
    """Why the order can never be settled, if so."""
    name = order.spec.instance_ref.name
    if instance is None:
        return Problem(Reason.NO_INSTANCE, f"There is no PrepaidInstance {name}; create it first, then order again.")
    if not names(order, instance.metadata.uid):
        return Problem(Reason.NO_INSTANCE, f"PrepaidInstance {name} is another one than the order names; order again for the new one.")
    if instance.status.termination_time is not None:
        return Problem(Reason.NO_INSTANCE, f"PrepaidInstance {name} is terminated; make a new one.")
    return None
