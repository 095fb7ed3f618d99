"""Orders that a command makes for an owner. Their names are derived from what was asked and from the instance's state.

So a command that is repeated after a lost connection finds the order that it made before, instead of buying a second time: under the
same name while the purchase has not ended, and by its age for a while afterwards.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from whenever import Instant, TimeDelta

from prepaid.api.order import OrderInstanceRef, OrderPhase, OrderSource, RenewalOrder, RenewalOrderSpec
from prepaid.api.resource import ObjectMeta
from prepaid.api.terms import Terms
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.ordering import fewest_to_reach_now, waiting_orders
from prepaid.lifecycle.purchasing import cleared
from prepaid.lifecycle.reasons import Problem
from prepaid.lifecycle.term import Term
from prepaid.lifecycle.terms import fewest_periods

MARK: Final = "renew"
REPEAT_MINUTES: Final = 10
REPEAT: Final = TimeDelta(minutes=REPEAT_MINUTES)
"""For so long the same words are taken for the same purchase, unless their owner says otherwise."""


@dataclass(frozen=True)
class Words:
    """What a command was told: `periods` is None for as many as usual, `source` that of the orders which the command leads to."""

    periods: int | None = None
    source: OrderSource = OrderSource.OWNER
    is_meant_again: bool = False
    is_rehearsal: bool = False


def owner_order(facts: Facts, periods: int, max_amount: Decimal | None) -> RenewalOrder:
    """So many periods for exactly this instance, paying no more than that."""
    own = facts.instance.metadata
    return RenewalOrder(
        metadata=ObjectMeta(name=order_name(facts, periods), namespace=own.namespace),
        spec=RenewalOrderSpec(instance_ref=OrderInstanceRef(name=own.name, uid=own.uid), periods=periods, max_amount=max_amount),
    )


def order_name(facts: Facts, periods: int) -> str:
    """`web-1-renew-` and ten digits that tell the instance, which purchase of it this is, and the number of periods.

    The sequence grows with every purchase that is over, whether that is written yet or not: an order of the same words that still
    waits keeps its name, whatever was bought meanwhile. Once it is settled, a repeat finds the settled order.
    """
    waiting = [order for order in waiting_orders(facts) if is_said_here(order, facts, OrderSource.OWNER) and order.spec.periods == periods]
    if waiting:
        return waiting[0].metadata.name
    own = facts.instance.metadata
    said = f"{own.uid}/{cleared(facts).status.sequence}/{periods}"
    return f"{own.name}-{MARK}-{hashlib.sha256(said.encode()).hexdigest()[:10]}"


def asks_for_the_same(found: RenewalOrder, wanted: RenewalOrder) -> bool:
    """Whether the order of this name is the one that was wanted; the price may have changed since."""
    mine, theirs = wanted.spec, found.spec
    return (theirs.instance_ref, theirs.periods, theirs.source) == (mine.instance_ref, mine.periods, mine.source)


def usual_periods(facts: Facts, terms: Terms) -> int:
    """How many are meant where no number is said: one, or in the bin the fewest that reach now."""
    return (fewest_to_reach_now(facts, terms) or 1) if lies_in_bin(facts) else 1


def lies_in_bin(facts: Facts) -> bool:
    return isinstance(facts.term_or_problem, Term) and facts.term_or_problem.stay is not None


def bought_before(facts: Facts, history: Iterable[RenewalOrder], words: Words) -> RenewalOrder | None:
    """The purchase that the same words have made a short while ago, if any. For what is over for good nothing counts as a repeat."""
    if words.is_meant_again or facts.is_deleted or facts.status.termination_time is not None:
        return None
    return next((order for order in history if is_repeat_of(order, facts, words)), None)


def is_repeat_of(order: RenewalOrder, facts: Facts, words: Words) -> bool:
    return (
        is_said_here(order, facts, words.source)
        and order.status.phase is OrderPhase.SETTLED
        and order.spec.instance_ref.uid == facts.instance.metadata.uid
        and is_recent(order.status.settled_time, facts.now)
        and not is_from_before_the_bin(order, facts)
        and is_number_meant(order, facts, words.periods)
    )


def is_said_here(order: RenewalOrder, facts: Facts, source: OrderSource) -> bool:
    """Orders of an owner may be made in other ways as well: the name tells those of the command."""
    is_named_so = order.metadata.name.startswith(f"{facts.instance.metadata.name}-{MARK}-")
    return order.spec.source is source and (source is not OrderSource.OWNER or is_named_so)


def is_number_meant(order: RenewalOrder, facts: Facts, periods: int | None) -> bool:
    """Whether the words ask for as many: the very number, or the usual one of now, or that of the bin which the order itself has ended."""
    if periods is not None:
        return order.spec.periods == periods
    terms = facts.seen.terms_on_offer
    usual = 1 if isinstance(terms, Problem) else usual_periods(facts, terms)
    return order.spec.periods == usual or has_just_left_bin(order, facts)


def has_just_left_bin(order: RenewalOrder, facts: Facts) -> bool:
    """Whether the order bought the fewest periods that reached its own moment: in the bin those are what no number means."""
    term, settled, bought = facts.term_or_problem, order.status.settled_time, order.spec.periods
    if not isinstance(term, Term) or term.stay is not None or settled is None or term.anchor_periods < bought:
        return False
    before = term.anchor_periods - bought
    return fewest_periods(term.anchor_time, before, term.terms.period, term.terms.time_zone, settled) == bought


def is_from_before_the_bin(order: RenewalOrder, facts: Facts) -> bool:
    """In the bin the same words mean a recovery: what was bought before it is no answer to them."""
    entered, settled = facts.status.recycle_time, order.status.settled_time
    return entered is not None and settled is not None and settled < entered


def is_recent(moment: Instant | None, now: Instant) -> bool:
    return moment is not None and now - moment < REPEAT
