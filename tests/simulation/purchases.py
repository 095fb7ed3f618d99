"""What must hold of every purchase as an instance shows it: wanted, paid for, granted once, and never undone."""

from collections.abc import Callable
from typing import Final

from prepaid.api.bin_item import Disposition
from prepaid.api.instance import PrepaidInstance
from prepaid.api.intent import Intent, IntentState
from prepaid.api.order import OrderSource, RenewalOrder
from prepaid.lifecycle.leads import lead_before
from simulation.accounts import account_of, orders
from simulation.moments import Moment, Violation


def what_is_bought_was_asked_for(moment: Moment) -> None:
    """By a first purchase, a raised total, a word on the item of this very stay, auto-renewal, or an order of the owner."""
    intent = moment.taken
    if intent is None:
        return
    order = order_in_flight(moment, intent)
    if order is None:
        return
    if order.spec.periods != intent.periods or order.spec.instance_ref.uid not in ("", moment.uid):
        raise Violation(f"{intent.periods} periods are bought by an order that asks for something else: {order.spec}")
    if intent.amount != intent.terms.price * intent.periods:
        raise Violation(f"{intent.periods} periods at {intent.terms.price} are sold for {intent.amount}")
    if order.spec.max_amount is not None and intent.amount > order.spec.max_amount:
        raise Violation(f"{intent.amount} are to be paid, more than {order.spec.max_amount}")
    if not WANTED[intent.source](moment, intent):
        raise Violation(f"{intent.periods} periods are bought by source {intent.source} that nobody asked for")


def order_in_flight(moment: Moment, intent: Intent) -> RenewalOrder | None:
    """The order that an intent names, not ended; it may be gone again, deleted since it was read: then it is never paid (money.py)."""
    order = next((order for order in orders(moment.server) if order.metadata.uid == intent.order.uid), None)
    if order is not None and order.status.phase is not None:
        raise Violation(f"the order {intent.order.name} is bought although it has ended")
    return order


def is_first(moment: Moment, intent: Intent) -> bool:
    return not moment.before.periods and intent.periods == moment.old.spec.purchased_periods


def is_raised(moment: Moment, intent: Intent) -> bool:
    return intent.periods == moment.old.spec.purchased_periods - moment.before.requested_periods


def is_word(moment: Moment, intent: Intent) -> bool:
    words = moment.ledger.words.get((moment.uid, moment.before.stay), set())
    return bool(moment.before.recycle_time) and (Disposition.RECOVER, intent.periods) in words


def is_renewed_by_itself(moment: Moment, _: Intent) -> bool:
    terms, end = moment.before.terms, moment.before.expiration_time
    if terms is None or end is None or not moment.old.spec.auto_renew:
        return False
    due = lead_before(end, terms.auto_renew_lead, terms.time_zone)
    is_due = due is not None and moment.now >= due
    return is_due and (moment.before.recycle_time is None or terms.auto_renew_in_recycle_bin)


def is_owners(moment: Moment, _: Intent) -> bool:
    return bool(moment.before.periods)


WANTED: Final[dict[OrderSource, Callable[[Moment, Intent], bool]]] = {
    OrderSource.INITIAL: is_first,
    OrderSource.PURCHASED_PERIODS: is_raised,
    OrderSource.RECOVER: is_word,
    OrderSource.AUTO_RENEW: is_renewed_by_itself,
    OrderSource.OWNER: is_owners,
}


def every_grant_is_paid_for(moment: Moment) -> None:
    """Once for each order, and only after its money has moved."""
    intent, books = moment.granted, moment.ledger.books
    if intent is None:
        if moment.more_periods:
            raise Violation(f"{moment.more_periods} periods were granted without a purchase")
        return
    order_in_flight(moment, intent)
    if intent.order.uid in books.grants:
        raise Violation(f"the order {intent.order.name} is granted a second time")
    if intent.periods != moment.more_periods:
        raise Violation(f"{moment.more_periods} periods were granted, {intent.periods} were bought")
    debit = books.debits.get((moment.uid, intent.sequence))
    if intent.amount and (debit is None or debit.order != intent.order.uid or debit.amount != intent.amount):
        raise Violation(f"{intent.periods} periods were granted for {intent.amount} that were never paid")


def every_grant_lengthens_the_term(moment: Moment) -> None:
    """From the old end, or from now in the bin; the stay ends with it."""
    intent, end = moment.granted, moment.before.expiration_time
    if intent is None:
        return
    if not (intent.from_time and intent.to_time) or intent.to_time != moment.after.expiration_time or intent.to_time <= intent.from_time:
        raise Violation(f"bought from {intent.from_time} to {intent.to_time}, but the term ends at {moment.after.expiration_time}")
    if end and intent.from_time < end:
        raise Violation(f"what is bought starts at {intent.from_time}, before the old end {end}")
    if end and intent.from_time != end and not moment.before.recycle_time:
        raise Violation(f"what is bought starts at {intent.from_time}, not at the old end {end}")
    if moment.after.recycle_time or moment.after.release_time:
        raise Violation("it is bought anew and still in the bin")


def no_purchase_is_dropped(moment: Moment) -> None:
    """An open purchase ends without a grant only if no account that exists was debited; a granted one only once it is settled."""
    old, new, books = moment.before.intent, moment.after.intent, moment.ledger.books
    if old is None or (new and new.sequence == old.sequence):
        return
    if old.state is IntentState.GRANTED and old.order.uid not in books.settled:
        raise Violation(f"the order {old.order.name} was granted, and its order is not settled")
    debit = books.debits.get((moment.uid, old.sequence))
    if old.state is IntentState.OPEN and debit and account_of(moment.server, debit.account):
        raise Violation(f"{old.amount} were paid for {old.order.name}, and nothing was granted")


def the_periods_add_up(moment: Moment) -> None:
    """To those of all grants ever made to this instance."""
    granted = sum(grant.intent.periods for grant in moment.ledger.books.grants_of(moment.uid))
    granted += moment.granted.periods if moment.granted else 0
    if moment.after.periods != granted:
        raise Violation(f"it has {moment.after.periods} periods, {granted} were granted")


def what_was_lost_is_rebuilt(moment: Moment) -> None:
    """After its status was emptied it has what it was paid for, no more and no less."""
    lost, found = moment.ledger.emptied[moment.uid], moment.after
    if (lost.periods, lost.expiration_time) != (found.periods, found.expiration_time):
        raise Violation(f"{lost.periods} periods until {lost.expiration_time} became {found.periods} until {found.expiration_time}")


def has_been_emptied(instance: PrepaidInstance) -> bool:
    return not instance.status.periods and instance.status.expiration_time is None


PURCHASES: Final[tuple[Callable[[Moment], None], ...]] = (
    what_is_bought_was_asked_for,
    every_grant_is_paid_for,
    every_grant_lengthens_the_term,
    no_purchase_is_dropped,
    the_periods_add_up,
)
