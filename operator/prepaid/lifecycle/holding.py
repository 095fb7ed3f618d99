"""Decisions that nothing can be decided: the instance is held, the alarm is raised, nothing is destroyed (product.md P15)."""

from dataclasses import replace

from whenever import TimeDelta

from prepaid.api.account import PurchaseOutcome, PurchaseRecord
from prepaid.api.instance import Phase
from prepaid.api.intent import IntentState
from prepaid.lifecycle.decision import Decision, Standing
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.notices import Event, Notice
from prepaid.lifecycle.ordering import has_ended
from prepaid.lifecycle.reasons import Problem, Reason

CLOCK_POLL = TimeDelta(seconds=5)


def held(facts: Facts, problem: Problem) -> Decision:
    """Phase and moments stay as they are."""
    event = Event(Notice.HELD, problem.message, f"{problem.reason.lower()}-{facts.instance.metadata.generation}")
    phase = facts.status.phase or Phase.PENDING
    return Decision(phase, Standing.STALLED, problem.reason, problem.message, facts.status, events=(event,))


def is_hidden(facts: Facts) -> bool:
    return facts.seen.hidden is not None


def hold_hidden(facts: Facts) -> Decision:
    assert facts.seen.hidden is not None
    return held(facts, facts.seen.hidden)


def hold_copy(facts: Facts) -> Decision:
    return held(
        facts,
        Problem(
            Reason.RESTORED_COPY,
            "It carries another instance's id, so it is a restored copy and is never bought; delete it and apply it anew.",
        ),
    )


def hold_term(facts: Facts) -> Decision:
    problem = facts.term_or_problem
    assert isinstance(problem, Problem)
    return held(facts, problem)


def lacks_readable_term(facts: Facts) -> bool:
    return isinstance(facts.term_or_problem, Problem)


def has_lost_its_status(facts: Facts) -> bool:
    """Nothing was granted as far as the status tells, but something was made for this very instance."""
    if facts.term_or_problem is not None:
        return False
    item = facts.seen.item
    has_item = item is not None and item.spec.instance_ref.uid == facts.instance.metadata.uid
    return has_item or (facts.seen.workload is not None and facts.seen.workload_is_ours) or any(data.is_ours for data in facts.seen.data)


def hold_lost(facts: Facts) -> Decision:
    return held(
        facts,
        Problem(
            Reason.STATUS_LOST, "Its status was emptied although it has lived; an administrator must restore the status from a backup."
        ),
    )


def has_lost_its_purchase(facts: Facts) -> bool:
    """The account was charged for a purchase that its status knows nothing of: bought again, it would be charged twice (P14)."""
    entry = entry_in_account(facts)
    if entry is None or entry.outcome is not PurchaseOutcome.APPLIED:
        return False
    return facts.status.intent is None and entry.sequence >= facts.status.sequence


def entry_in_account(facts: Facts) -> PurchaseRecord | None:
    account = facts.seen.account
    return account.status.purchases.get(facts.instance.metadata.uid) if account else None


def hold_purchase(facts: Facts) -> Decision:
    said = f"Account {facts.instance.spec.account} was charged for a purchase that its status knows nothing of"
    return held(facts, Problem(Reason.STATUS_LOST, f"{said}; an administrator must restore the status from a backup."))


def is_in_flight_again(facts: Facts) -> bool:
    """An open purchase that has ended before, by its order or by what the account has decided since: an older status was put back."""
    intent, account, order = facts.status.intent, facts.seen.intent_account, facts.seen.intent_order
    if intent is None or intent.state is not IntentState.OPEN or account is None:
        return False
    entry = account.status.purchases.get(facts.instance.metadata.uid)
    if entry is not None and entry.sequence >= intent.sequence:
        return entry.sequence > intent.sequence
    return order is not None and has_ended(order)


def hold_in_flight(facts: Facts) -> Decision:
    said = "Its status speaks of a purchase as under way that has ended long ago, so an older status was put back"
    return held(facts, Problem(Reason.STATUS_LOST, f"{said}; an administrator must restore the newest one from a backup."))


def wait_for_clocks(facts: Facts) -> Decision:
    problem = Problem(
        Reason.CLOCKS_DISAGREE,
        "The operator's clock and the API server's differ by more than 30 s; set them right: nothing expires until then.",
    )
    decision = held(facts, problem)
    return replace(decision, wake_time=facts.now + CLOCK_POLL)
