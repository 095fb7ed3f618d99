"""The purchase protocol as rules (architecture.md, "The purchase protocol"): each step resumable by anybody from the objects alone.

1 write the intent, 2 take the order and debit the account (the cashier's, in cashier.py), 3 grant, 4 settle the order, 5 release what was
refused or voided, 6 clear. Steps 3 to 6 read nothing but the intent. What is free, or refused, is taken before step 1.
"""

from dataclasses import replace

from whenever import TimeDelta

from prepaid.api.account import PurchaseOutcome
from prepaid.api.instance import InstanceStatus, Phase
from prepaid.api.intent import Intent, IntentState
from prepaid.api.order import OrderSource
from prepaid.lifecycle.actions import Action, TakeOrder, WriteItemStatus, WriteOrderStatus
from prepaid.lifecycle.applying import Application, applications, intent_for
from prepaid.lifecycle.decision import Decision, Standing, Step
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.granting import grant
from prepaid.lifecycle.holding import held
from prepaid.lifecycle.item_status import answered_item
from prepaid.lifecycle.notices import Event, Notice
from prepaid.lifecycle.ordering import has_ended, is_for, is_taken, wish
from prepaid.lifecycle.orders import rejected_order, settled_order
from prepaid.lifecycle.reasons import Problem, Reason

FEW_ENTRIES = 50
"""So many purchases may stay in an account after they are over; there is room for four times as many (cashier.py)."""
PAYING_POLL = TimeDelta(seconds=20)
"""Who asks to pay is woken by the cashier; only where that was lost the instance asks again."""


def intent_of(facts: Facts) -> Intent:
    """The purchase in flight; rules before make sure that there is one."""
    assert facts.status.intent is not None
    return facts.status.intent


def is_in_state(facts: Facts, state: IntentState) -> bool:
    return facts.status.intent is not None and facts.status.intent.state is state


def outcome_of(facts: Facts) -> PurchaseOutcome | None:
    """What the account says of the purchase in flight; Voided when that very account is gone, None when nothing was said yet."""
    intent, account = intent_of(facts), facts.seen.intent_account
    if account is None:
        return PurchaseOutcome.VOIDED
    entry = account.status.purchases.get(facts.instance.metadata.uid)
    return entry.outcome if entry and entry.sequence == intent.sequence else None


def is_paid_for(facts: Facts) -> bool:
    return is_in_state(facts, IntentState.OPEN) and outcome_of(facts) is PurchaseOutcome.APPLIED


def grant_intent(facts: Facts) -> Decision | Step:
    """3: the money has moved, so the term grows, whatever has happened to class, account and order."""
    return granting(facts, intent_of(facts))


def granting(facts: Facts, intent: Intent) -> Decision | Step:
    outcome = grant(facts, intent.terms, intent.periods, source=None)
    if isinstance(outcome, Problem):
        return held(facts, outcome)
    was_in_bin = facts.status.recycle_time is not None
    from_time = max(filter(None, [facts.status.expiration_time, outcome.anchor_time]))
    granted = intent.model_copy(update={"state": IntentState.GRANTED, "from_time": from_time, "to_time": outcome.expiration_time})
    status = acted_on(outcome, intent).model_copy(update={"intent": granted})
    return Step(Phase.PENDING, status, events=(granted_event(granted, was_in_bin),))


def granted_event(intent: Intent, was_in_bin: bool) -> Event:
    notices = {OrderSource.INITIAL: Notice.PURCHASED, OrderSource.AUTO_RENEW: Notice.AUTO_RENEWED}
    notice = Notice.RECOVERED if was_in_bin else notices.get(intent.source, Notice.RENEWED)
    count = f"{intent.periods} {'period' if intent.periods == 1 else 'periods'}"
    paid = f"{intent.amount} {intent.terms.currency}" if intent.amount else "nothing"
    return Event(notice, f"Bought {count} for {paid}; the term runs until {intent.to_time}.", f"{intent.sequence}")


def acted_on(status: InstanceStatus, intent: Intent) -> InstanceStatus:
    """What the purchase concerned of spec.purchasedPeriods counts as acted on."""
    return status.model_copy(update={"requested_periods": max(intent.requested_periods or 0, status.requested_periods)})


def is_unsettled(facts: Facts) -> bool:
    """Granted, but its order does not say so yet."""
    order = facts.seen.intent_order
    return is_in_state(facts, IntentState.GRANTED) and order is not None and not has_ended(order)


def settle(facts: Facts) -> Decision:
    """4: the ledger learns of it."""
    order = facts.seen.intent_order
    assert order is not None
    return silently(facts, WriteOrderStatus(settled_order(order, intent_of(facts), facts.now)))


def cleared(facts: Facts) -> Facts:
    """6: a granted purchase whose order is settled, or gone, is no longer in flight; the next write says so.

    Where nothing could be seen, nobody knows that.
    """
    if not is_in_state(facts, IntentState.GRANTED) or is_unsettled(facts) or facts.seen.hidden:
        return facts
    return with_status(facts, ended(facts.status))


def is_worth_a_write(status: InstanceStatus, facts: Facts) -> bool:
    """Whether this status is to be written: that a purchase is over waits for the next write, unless its account holds many entries."""
    account = facts.seen.intent_account
    is_crowded = account is not None and len(account.status.purchases) > FEW_ENTRIES
    return status != facts.status and (is_crowded or not is_said(status, facts))


def is_said(status: InstanceStatus, facts: Facts) -> bool:
    """Whether it is what the instance says already, once its purchase is cleared away: that reads nothing but the intent and its order."""
    return status in (facts.status, cleared(facts).status)


def ended(status: InstanceStatus) -> InstanceStatus:
    return status.model_copy(update={"intent": None, "sequence": status.sequence + 1})


def with_status(facts: Facts, status: InstanceStatus) -> Facts:
    return replace(facts, instance=facts.instance.model_copy(update={"status": status}))


def is_not_to_be_paid(facts: Facts) -> bool:
    if is_in_state(facts, IntentState.REFUSED):
        return True
    return is_in_state(facts, IntentState.OPEN) and outcome_of(facts) is PurchaseOutcome.VOIDED


def release(facts: Facts) -> Decision | Step:
    """5: first the order is rejected (a voided one is left waiting), then the instance is free for the next purchase."""
    intent, order = intent_of(facts), facts.seen.intent_order
    if intent.state is not IntentState.REFUSED:
        return Step(facts.status.phase or Phase.PENDING, ended(facts.status))
    problem = Problem(Reason(intent.reason), intent.message)
    if order is not None and not has_ended(order):
        return silently(facts, WriteOrderStatus(rejected_order(order, intent, problem, facts.now)))
    status = ended(acted_on(facts.status, intent))
    is_news = intent.source is not OrderSource.OWNER and problem.reason not in (Reason.SUPERSEDED, Reason.CANCELLED)
    events = (Event(Notice.RENEWAL_REJECTED, problem.message, f"{intent.sequence}"),) if is_news else ()
    return Step(facts.status.phase or Phase.PENDING, status, answer(facts, intent, problem), events, problem if is_news else None)


def answer(facts: Facts, intent: Intent, problem: Problem) -> tuple[Action, ...]:
    """A Recover on the bin item is acted on once; one that was said anew meanwhile is still to be acted on."""
    order = facts.seen.intent_order
    is_overtaken = order is not None and not is_for(order, wish(facts))
    if intent.source is not OrderSource.RECOVER or facts.own_item is None or is_overtaken:
        return ()
    return (WriteItemStatus(answered_item(facts, problem)),)


def is_being_paid(facts: Facts) -> bool:
    return is_in_state(facts, IntentState.OPEN)


def await_cashier(facts: Facts) -> Decision:
    """2 is the cashier's; nothing else happens to the instance meanwhile."""
    account = intent_of(facts).account
    return ask_cashier(facts, account.name if account else "")


def payable(facts: Facts) -> Application | None:
    """The oldest order that can be paid now."""
    return next((application for application in applications(facts) if application.is_payable), None)


def has_payable_order(facts: Facts) -> bool:
    """What was accepted before a deadline wins, if it can be paid (P12)."""
    return facts.status.intent is None and payable(facts) is not None


def take(facts: Facts) -> Decision | Step:
    """1. What is free needs no cashier, and no debit: its grant is its intent, once its order is taken."""
    application = payable(facts)
    assert application is not None
    if not application.is_free:
        return ask_cashier(facts, facts.instance.spec.account)
    if not is_taken(application.order):
        return silently(facts, TakeOrder(application.order))
    return granting(facts, intent_for(application, facts, IntentState.OPEN))


def ask_cashier(facts: Facts, account: str, *actions: Action) -> Decision:
    decision = silently(facts, *actions)
    return replace(decision, asks_cashier=account, wake_time=facts.now + PAYING_POLL)


def silently(facts: Facts, *actions: Action) -> Decision:
    """Something is under way that is not worth a status of its own."""
    phase = facts.status.phase or Phase.PENDING
    return Decision(phase, Standing.WORKING, Reason.PAYING, "A purchase is under way.", facts.status, actions, is_silent=True)
