"""What the API server accepted before a deadline wins (product.md P12): nothing is recycled, and no door opened, past a payable order."""

from collections.abc import Callable
from typing import Final

from whenever import Instant

from prepaid.api.bin_item import BinItemPhase, RecycleBinItem
from prepaid.api.instance import PrepaidInstance
from prepaid.api.terms import RenewalAnchor, Terms
from prepaid.lifecycle.terms import UnreadableTerms, expiration, release_time
from simulation.filling import at
from simulation.moments import Moment, Violation, is_item_of
from simulation.sights import Sight, Want, can_be_paid

MATTERS: Final = ("PrepaidInstance", "PrepaidAccount", "RenewalOrder", "InstanceClass", "RecycleBinItem")


def what_could_be_paid_before_the_end_wins(moment: Moment) -> None:
    end = moment.before.expiration_time
    if moment.is_recycled and end and has_always_been(is_payable, moment, moment.ledger.number_before(end)):
        raise Violation("it is recycled although a renewal was accepted before its end and could be paid all the time since")


def what_could_be_paid_before_the_door_wins(moment: Moment) -> None:
    """Also what could not be decided, because its class could not be read: nothing is erased meanwhile."""
    if moment.passes_door and has_always_been(is_payable_or_undecidable, moment, number_of_deadline(moment)):
        raise Violation("it is terminated although a renewal was accepted before that and could be paid all the time since")


def has_always_been(holds: Callable[[Sight, Moment], bool], moment: Moment, since: int) -> bool:
    """In every state from that number up to this change."""
    store = moment.server.store
    numbers = {change.number for change in store.changes_after(since) if change.address.served.kind in MATTERS}
    states = sorted({since, *(number for number in numbers if number < moment.number)}, reverse=True)
    return all(holds(Sight(store, number, moment.uid), moment) for number in states)


def is_payable(sight: Sight, moment: Moment) -> bool:
    instance = sight.instance
    if instance is None or instance.metadata.deletion_timestamp:
        return False
    terms = sight.terms(instance)
    return terms is not None and any(wins(want, instance, terms, sight, moment.now) for want in sight.wants(instance))


def is_payable_or_undecidable(sight: Sight, moment: Moment) -> bool:
    instance = sight.instance
    if instance is None or instance.metadata.deletion_timestamp:
        return False
    is_undecidable = sight.terms(instance) is None and any(sight.wants(instance))
    return is_undecidable or is_payable(sight, moment)


def wins(want: Want, instance: PrepaidInstance, terms: Terms, sight: Sight, now: Instant) -> bool:
    return can_be_paid(want, terms, sight.left(instance, terms)) and reaches(want, instance, terms, now)


def reaches(want: Want, instance: PrepaidInstance, terms: Terms, now: Instant) -> bool:
    """What is bought in the bin must reach now, or it is rejected."""
    status, old = instance.status, instance.status.terms
    assert status.anchor_time
    assert status.expiration_time
    assert old
    if status.recycle_time is None or terms.renewal_anchor is RenewalAnchor.RENEWAL_TIME:
        return True
    is_alike = (old.period, old.time_zone, old.renewal_anchor) == (terms.period, terms.time_zone, terms.renewal_anchor)
    anchor, periods = (status.anchor_time, status.anchor_periods) if is_alike else (status.expiration_time, 0)
    try:
        return expiration(anchor, periods + want.periods, terms.period, terms.time_zone) > now
    except UnreadableTerms:
        return False


def number_of_deadline(moment: Moment) -> int:
    """The state before its release; for the end that its owner confirmed, the one that the lock of the item found."""
    lock = number_of_lock(moment)
    status, item = moment.before, moment.item()
    if item is None or item.spec.disposition == "Terminate" or not (status.terms and status.expiration_time and status.release_time):
        return lock
    entered = item.metadata.creation_timestamp or status.release_time
    end = release_time(status.expiration_time, entered, status.terms.retention, status.terms.time_zone)
    return min(lock, moment.ledger.number_before(max(end, status.release_time)))


def number_of_lock(moment: Moment) -> int:
    """Of the state just before the item of this stay was locked."""
    for change in moment.server.store.log:
        is_locked = change.address.served.kind == RecycleBinItem.kind and at(change.body, ("status", "phase")) == BinItemPhase.TERMINATING
        if is_locked and is_item_of(RecycleBinItem.parse(change.body), moment.uid, moment.before.stay):
            return change.number - 1
    return moment.number - 1


DEADLINES: Final[tuple[Callable[[Moment], None], ...]] = (
    what_could_be_paid_before_the_end_wins,
    what_could_be_paid_before_the_door_wins,
)
