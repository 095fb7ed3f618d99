"""Which purchase an instance wants now, and the order that asks for it (api.md, RenewalOrder).

All ways to buy end in an order with a deterministic name: the first purchase, a raised total, a Recover from the bin, auto-renewal.
Owners make orders of their own; those are taken as they are.
"""

from dataclasses import dataclass
from decimal import Decimal

from whenever import Instant

from prepaid.api.bin_item import Disposition
from prepaid.api.marks import ENDED, LIFECYCLE_FINALIZER
from prepaid.api.order import OrderInstanceRef, OrderPhase, OrderSource, RenewalOrder, RenewalOrderSpec
from prepaid.api.resource import ObjectMeta
from prepaid.api.terms import Terms
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.granting import anchor_for, grant
from prepaid.lifecycle.leads import lead_before
from prepaid.lifecycle.notices import Event, Notice
from prepaid.lifecycle.objects import Manifest
from prepaid.lifecycle.reasons import Problem
from prepaid.lifecycle.term import Term
from prepaid.lifecycle.terms import fewest_periods


@dataclass(frozen=True)
class Wish:
    """A purchase that is wanted: `requested_periods` is the total that it buys up to, `max_amount` the most that it may cost."""

    source: OrderSource
    periods: int
    requested_periods: int | None = None
    max_amount: Decimal | None = None


def wish(facts: Facts) -> Wish | None:
    """What is wanted now, the owner's word before auto-renewal; a deleted instance wants nothing any more."""
    if facts.is_deleted:
        return None
    term = facts.term_or_problem
    if not isinstance(term, Term):
        return Wish(OrderSource.INITIAL, facts.instance.spec.purchased_periods) if term is None else None
    return None if term.termination_time else owners_wish(facts) or auto_renewal(facts)


def owners_wish(facts: Facts) -> Wish | None:
    """The raised total first, then the word on the bin item."""
    if (more := raised_periods(facts)) > 0:
        return Wish(OrderSource.PURCHASED_PERIODS, more, facts.instance.spec.purchased_periods)
    item = facts.own_item
    if facts.term.stay is not None and item is not None and asks_to_recover(facts):
        return Wish(OrderSource.RECOVER, item.spec.periods, max_amount=item.spec.max_amount)
    return None


def raised_periods(facts: Facts) -> int:
    """How many periods spec.purchasedPeriods asks for beyond what was acted on; 0 or less asks for nothing."""
    return facts.instance.spec.purchased_periods - facts.status.requested_periods


def lowered(facts: Facts) -> tuple[Event, ...]:
    """Lowering the total is accepted and changes nothing: the owner is told, once for each value."""
    requested, purchased = facts.status.requested_periods, facts.instance.spec.purchased_periods
    if purchased >= requested:
        return ()
    message = f"spec.purchasedPeriods is {purchased}, but {requested} were acted on: nothing changes. Set it above {requested} to renew."
    return (Event(Notice.LOWERED, message, f"{requested}-{purchased}"),)


def asks_to_recover(facts: Facts) -> bool:
    """Whether the owner's word on the bin item is Recover, and not acted on yet: once per generation of the item."""
    item = facts.own_item
    return (
        item is not None
        and item.spec.disposition is Disposition.RECOVER
        and item.metadata.generation > item.status.observed_generation
    )  # fmt: skip


def auto_renew_time(facts: Facts) -> Instant | None:
    """When auto-renewal is due, or None when its owner does not want it."""
    if not facts.instance.spec.auto_renew:
        return None
    return lead_before(facts.term.expiration_time, facts.term.terms.auto_renew_lead, facts.term.terms.time_zone)


def auto_renewal(facts: Facts) -> Wish | None:
    """The fewest periods that reach now, once it is due (P5); in the bin only if the terms say so.

    What could not be granted is not asked for: an order would be rejected and made again for ever.
    """
    due, terms = auto_renew_time(facts), facts.seen.terms_on_offer
    if due is None or facts.now < due or isinstance(terms, Problem):
        return None
    if facts.term.stay is not None and not facts.term.terms.auto_renew_in_recycle_bin:
        return None
    fewest = fewest_to_reach_now(facts, terms)
    if fewest is None or isinstance(grant(facts, terms, fewest), Problem):
        return None
    return Wish(OrderSource.AUTO_RENEW, fewest)


def fewest_to_reach_now(facts: Facts, terms: Terms) -> int | None:
    """How many periods end after now; None when no number does."""
    anchor = anchor_for(facts.term, terms, facts.now)
    return fewest_periods(anchor.time, anchor.periods, terms.period, terms.time_zone, facts.now)


def order_for(facts: Facts, wanted: Wish) -> RenewalOrder:
    """The order of a wish, born with our finalizer; its name tells the instance and which purchase of it this is."""
    own = facts.instance.metadata
    name = f"{stem_of(own)}{facts.status.sequence}"
    return RenewalOrder(
        metadata=ObjectMeta(name=name, namespace=own.namespace, finalizers=(LIFECYCLE_FINALIZER,)),
        spec=RenewalOrderSpec(
            instance_ref=OrderInstanceRef(name=own.name, uid=own.uid),
            periods=wanted.periods,
            max_amount=wanted.max_amount,
            source=wanted.source,
            requested_periods=wanted.requested_periods,
        ),
    )


def stem_of(instance: ObjectMeta) -> str:
    """What the names of all orders begin with that we file for it; the number of the purchase follows."""
    return f"{instance.name}-{instance.uid[:8]}-"


def number_of(order: RenewalOrder, instance: ObjectMeta) -> int:
    """Which purchase of the instance an order of ours was filed for; 0 for any other order."""
    before, stem, number = order.metadata.name.partition(stem_of(instance))
    return int(number) if is_ours(order) and not before and stem and number.isdecimal() else 0


def recovery_of(facts: Facts) -> RenewalOrder:
    """The order that the next Recover would make."""
    return order_for(facts, Wish(OrderSource.RECOVER, 1))


def is_for(order: RenewalOrder, wanted: Wish | None) -> bool:
    """Whether an order of the operator's asks for just this."""
    spec = order.spec
    return wanted == Wish(spec.source, spec.periods, spec.requested_periods, spec.max_amount)


def is_ours(order: RenewalOrder) -> bool:
    return order.spec.source is not OrderSource.OWNER


def has_ended(order: RenewalOrder) -> bool:
    return order.status.phase in (OrderPhase.SETTLED, OrderPhase.REJECTED)


def waiting_orders(facts: Facts) -> tuple[RenewalOrder, ...]:
    """Orders for exactly this instance that have not ended, oldest first; one that ended before and lost its status is held."""
    own = facts.instance.metadata.uid
    return tuple(sorted((order for order in facts.seen.orders if names(order, own) and is_waiting(order)), key=age))


def orders_of_others(facts: Facts) -> tuple[RenewalOrder, ...]:
    """Orders that wait for an instance of this name and another uid: it is no more."""
    own = facts.instance.metadata.uid
    return tuple(order for order in facts.seen.orders if not names(order, own) and is_waiting(order))


def names(order: RenewalOrder, uid: str) -> bool:
    """Whether the order is for the instance of this uid; owners may leave the uid out."""
    return order.spec.instance_ref.uid in ("", uid)


def are_untold(facts: Facts) -> bool:
    """Whether an order has not heard yet what it waits for: the cashier tells it. The one in flight waits for nothing."""
    intent = facts.status.intent
    untold = [order for order in waiting_orders(facts) if not order.status.conditions]
    return facts.seen.account is not None and any(intent is None or order.metadata.uid != intent.order.uid for order in untold)


def is_taken(order: RenewalOrder) -> bool:
    """Whether it cannot vanish any more."""
    return LIFECYCLE_FINALIZER in order.metadata.finalizers


def taking(order: RenewalOrder) -> Manifest:
    """The merge patch that keeps it from vanishing."""
    return {"metadata": {"finalizers": [*order.metadata.finalizers, LIFECYCLE_FINALIZER]}}


def is_waiting(order: RenewalOrder) -> bool:
    return not has_ended(order) and ENDED not in order.metadata.annotations


def age(order: RenewalOrder) -> tuple[Instant, str]:
    """Oldest first, then by name."""
    return order.metadata.creation_timestamp or Instant.MAX, order.metadata.name


def place_in_ledger(order: RenewalOrder) -> tuple[Instant, Instant, int, str]:
    """Oldest first; of one second as they were bought, and what was not bought last."""
    created, name = age(order)
    return created, order.status.settled_time or Instant.MAX, order.status.sequence or 0, name
