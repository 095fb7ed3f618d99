"""A status that was emptied is rebuilt from the settled orders: what was paid is never bought again (api.md, "Held")."""

from collections.abc import Sequence
from dataclasses import replace

from prepaid.api.instance import InstanceStatus, Phase, PrepaidInstance
from prepaid.api.marks import STAY
from prepaid.api.order import OrderPhase, RenewalOrder
from prepaid.api.terms import Terms
from prepaid.lifecycle.decision import Step
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.granting import counts_alike, workload_record
from prepaid.lifecycle.holding import has_lost_its_purchase
from prepaid.lifecycle.marking import is_restored_copy
from prepaid.lifecycle.ordering import names, number_of
from prepaid.lifecycle.records import with_records
from prepaid.lifecycle.terms import longer_retention


def settled_history(facts: Facts) -> tuple[RenewalOrder, ...]:
    """The settled orders that tell all of what they bought, in the order of their purchases.

    One that names no uid may have been a predecessor's: it counts only from the first term on that was bought for this very uid.
    """
    uid = facts.instance.metadata.uid
    settled = [order for order in facts.seen.history if order.status.phase is OrderPhase.SETTLED and is_telling(order)]
    starts = [order.status.from_time for order in settled if order.spec.instance_ref.uid == uid and order.status.from_time]
    if not starts:
        return ()
    own = [order for order in settled if names(order, uid) and order.status.from_time and order.status.from_time >= min(starts)]
    return tuple(sorted(own, key=lambda order: order.status.sequence))


def is_telling(order: RenewalOrder) -> bool:
    status = order.status
    return bool(status.from_time and status.to_time and status.terms and status.from_time < status.to_time)


def can_be_rebuilt(facts: Facts) -> bool:
    is_empty = facts.term_or_problem is None and facts.status.intent is None
    return is_empty and not is_restored_copy(facts) and bool(settled_history(facts))


def rebuild(facts: Facts) -> Step:
    """The term of the last purchase; whether it has expired since is found out as always, with the full days in the bin."""
    history = settled_history(facts)
    first, last, run = history[0], history[-1], last_run(history)
    status = InstanceStatus(
        start_time=first.status.from_time,
        expiration_time=last.status.to_time,
        anchor_time=run[0].status.from_time,
        anchor_periods=sum(order.spec.periods for order in run),
        periods=sum(order.spec.periods for order in history),
        requested_periods=max((order.status.requested_periods or 0 for order in history), default=0),
        sequence=next_sequence(facts),
        stay=stays_told(facts),
        terms=kept_terms(history),
        workload=workload_record(facts),
    )
    return Step(Phase.PENDING, with_records(facts, status))


def next_sequence(facts: Facts) -> int:
    """After all that the ledger knows. A purchase that was released left no trace there, but in the name of an order that waits.

    One that was charged and is not in the ledger is not passed over: it is to be held.
    """
    history, own = facts.seen.history, facts.instance.metadata
    known = max(order.status.sequence for order in history) + 1
    is_lost = has_lost_its_purchase(replace(facts, instance=rebuilt_to(facts, known)))
    return known if is_lost else max(known, *(number_of(order, own) for order in history))


def rebuilt_to(facts: Facts, sequence: int) -> PrepaidInstance:
    return facts.instance.model_copy(update={"status": facts.status.model_copy(update={"sequence": sequence})})


def kept_terms(history: Sequence[RenewalOrder]) -> Terms | None:
    """The terms of the last purchase with the longest retention of all: a grant keeps the longer one (api.md, status.terms)."""
    kept: Terms | None = None
    for order in history:
        terms, end = order.status.terms, order.status.to_time
        if kept and terms and end:
            longer = longer_retention(kept.retention, terms.retention, end, terms.time_zone)
            terms = terms.model_copy(update={"retention": longer})
        kept = terms
    return kept


def last_run(history: Sequence[RenewalOrder]) -> tuple[RenewalOrder, ...]:
    """The orders since the term was last counted anew: the periods are counted from the first of them, never step by step."""
    run: tuple[RenewalOrder, ...] = (history[-1],)
    for earlier in reversed(history[:-1]):
        if not is_continued(earlier, run[0]):
            break
        run = (earlier, *run)
    return run


def is_continued(order: RenewalOrder, later: RenewalOrder) -> bool:
    terms, later_terms = order.status.terms, later.status.terms
    return order.status.to_time == later.status.from_time and bool(terms and later_terms and counts_alike(terms, later_terms))


def stays_told(facts: Facts) -> int:
    """The highest stay that an item or the workload's stamp speaks of, so that no word of an earlier stay is obeyed."""
    item = facts.seen.item
    of_item = item.spec.instance_ref.stay if item and item.spec.instance_ref.uid == facts.instance.metadata.uid else 0
    return max(of_item, stamped_stay(facts))


def stamped_stay(facts: Facts) -> int:
    live = facts.seen.workload
    told = live.metadata.annotations.get(STAY, "") if live and facts.seen.workload_is_ours else ""
    number = told.partition("-")[0]
    return int(number) if number.isdigit() else 0
