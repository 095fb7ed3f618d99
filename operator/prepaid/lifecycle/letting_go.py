"""Whom an order still concerns: the instance that is busy with it, the account that holds its purchase, or nobody, and it is let go."""

from prepaid.api.account import PrepaidAccount
from prepaid.api.instance import Phase, PrepaidInstance
from prepaid.api.intent import IntentState
from prepaid.api.order import OrderPhase, RenewalOrder
from prepaid.lifecycle.ordering import has_ended, is_taken, names
from prepaid.lifecycle.reasons import Problem, Reason


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
