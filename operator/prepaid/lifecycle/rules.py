"""What should happen to an instance now (product.md P2..P15). Read the list from the top: the first rule that applies wins."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from prepaid.api.order import OrderSource
from prepaid.lifecycle.applying import Application, applications
from prepaid.lifecycle.attaching import has_resource_to_take, take_hold
from prepaid.lifecycle.breaking import break_out, is_broken_out
from prepaid.lifecycle.decision import Decision, Standing, Step
from prepaid.lifecycle.erasing import erase, is_terminating
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.filing import file_order, lacks_order
from prepaid.lifecycle.holding import (
    has_lost_its_purchase,
    has_lost_its_status,
    held,
    hold_copy,
    hold_hidden,
    hold_in_flight,
    hold_lost,
    hold_purchase,
    hold_term,
    is_hidden,
    is_in_flight_again,
    lacks_readable_term,
    wait_for_clocks,
)
from prepaid.lifecycle.leaving import is_leaving, is_terminated, let_go, mark, rest
from prepaid.lifecycle.lengths import UnreadableTerms
from prepaid.lifecycle.marking import is_new_and_unmarked, is_restored_copy
from prepaid.lifecycle.ordering import wish
from prepaid.lifecycle.paid import run, stop
from prepaid.lifecycle.purchasing import (
    await_cashier,
    cleared,
    grant_intent,
    has_payable_order,
    is_being_paid,
    is_not_to_be_paid,
    is_paid_for,
    is_unsettled,
    release,
    settle,
    silently,
    take,
)
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.rebuilding import can_be_rebuilt, rebuild
from prepaid.lifecycle.recycling import (
    is_condemned_by_owner,
    is_expired,
    is_in_bin,
    is_past_release,
    keep_in_bin,
    open_the_door,
    recycle,
)
from prepaid.lifecycle.refusing import has_order_to_refuse, refuse
from prepaid.lifecycle.unbought import cannot_be_sold, hold_sale, is_unbought, wait_for_money
from prepaid.lifecycle.usage import lacks_marks, marks_to_set


@dataclass(frozen=True)
class Rule:
    """When it applies, what follows, and why."""

    when: Callable[[Facts], bool]
    then: Callable[[Facts], Decision | Step]
    because: str


def is_unwanted(facts: Facts) -> bool:
    return not facts.instance.spec.running


def is_held_up_by_clocks(facts: Facts) -> bool:
    """A deadline would be acted on, but our clock and the server's are too far apart (architecture.md, "Time")."""
    deadlines = (is_terminating, is_condemned_by_owner, is_past_release, is_due_to_renew_itself, is_due_to_be_recycled)
    return not facts.clocks_agree and not is_unbought(facts) and any(deadline(facts) for deadline in deadlines)


def is_due_to_renew_itself(facts: Facts) -> bool:
    wanted = wish(facts)
    return wanted is not None and wanted.source is OrderSource.AUTO_RENEW


def is_due_to_be_recycled(facts: Facts) -> bool:
    return is_expired(facts) and not is_in_bin(facts)


def always(_: Facts) -> bool:
    return True


def set_marks(facts: Facts) -> Decision:
    return silently(facts, *marks_to_set(facts))


HOLDING: Final = (
    Rule(is_terminated, rest, "terminated is final"),
    Rule(is_hidden, hold_hidden, "nothing is decided on what could not be seen (P15)"),
    Rule(is_broken_out, break_out, "an administrator takes it out, and signs for it"),
    Rule(can_be_rebuilt, rebuild, "what was paid is never bought again (P14)"),
    Rule(has_lost_its_status, hold_lost, "what has lived is never bought a second time (P15)"),
    Rule(is_leaving, let_go, "it was never bought and is deleted"),
    Rule(is_restored_copy, hold_copy, "a copy from a backup is nobody's purchase"),
    Rule(lacks_readable_term, hold_term, "nothing is decided on a guess (P15)"),
    Rule(has_lost_its_purchase, hold_purchase, "what was paid is never bought again (P14)"),
    Rule(is_in_flight_again, hold_in_flight, "what was paid is never bought again (P14)"),
    Rule(is_new_and_unmarked, mark, "it is marked before anything is done for it"),
)
BUYING: Final = (
    Rule(is_paid_for, grant_intent, "the money has moved: the term grows (P14)"),
    Rule(is_unsettled, settle, "the ledger learns of a grant before anything else"),
    Rule(is_not_to_be_paid, release, "what cannot be paid makes way for the next purchase"),
    Rule(is_being_paid, await_cashier, "a payment comes before anything else (P12)"),
)
ORDERING: Final = (
    Rule(has_order_to_refuse, refuse, "an order that cannot be, or is wanted no longer, is told so"),
    Rule(cannot_be_sold, hold_sale, "nothing is sold that could not be run"),
    Rule(lacks_order, file_order, "all ways to buy end in an order"),
    Rule(lacks_marks, set_marks, "what it will depend on is protected before it depends on it (P1)"),
    Rule(has_payable_order, take, "what was accepted before a deadline wins (P12)"),
)
LIVING: Final = (
    Rule(is_unbought, wait_for_money, "it has never been paid for"),
    Rule(is_condemned_by_owner, open_the_door, "the owner confirmed the end (P9)"),
    Rule(is_past_release, open_the_door, "its days in the bin are over (P10)"),
    Rule(is_in_bin, keep_in_bin, "it waits for its owner (P3, P7)"),
    Rule(is_expired, recycle, "the term is over (P2)"),
    Rule(has_resource_to_take, take_hold, "what it wants and is free becomes its own (P11)"),
    Rule(is_unwanted, stop, "stopped by its owner"),
    Rule(always, run, "it is paid for"),
)
CLOCKS: Final = (Rule(is_held_up_by_clocks, wait_for_clocks, "nothing final on clocks that disagree (P12)"),)
ERASING: Final = (Rule(is_terminating, erase, "the door is one-way: erase until it is seen to be gone"),)

RULES: Final = (*HOLDING, *BUYING, *CLOCKS, *ERASING, *ORDERING, *LIVING)
BEFORE_MONEY: Final = (*HOLDING, *BUYING, *CLOCKS, *ERASING, *(rule for rule in ORDERING if rule.when in (cannot_be_sold, lacks_marks)))
READING: Final = (*HOLDING, *ERASING, *LIVING)
"""How a purchase step reads: as the life of the instance, whatever money is under way."""


def decide(facts: Facts) -> Decision:
    """The first rule that applies. Total: the last one always does, and a deadline that cannot be reckoned holds (P15)."""
    try:
        facts = cleared(facts)
        outcome = first_that_applies(RULES, facts)
        return outcome if isinstance(outcome, Decision) else read_as_next_look(outcome, facts)
    except UnreadableTerms as error:
        return held(facts, Problem(Reason.TERM_UNREADABLE, f"Its deadlines cannot be reckoned: {error}"))


def to_be_paid(facts: Facts) -> tuple[Application, ...]:
    """What the cashier may be asked to pay, oldest order first: nothing while a rule that goes before money applies.

    What is held, in flight or behind the door is charged nothing, whatever orders wait for it (P14).
    """
    try:
        if any(rule.when(facts) for rule in BEFORE_MONEY):
            return ()
        return tuple(application for application in applications(facts) if not application.is_free)
    except UnreadableTerms:
        return ()


def is_to_be_refused(facts: Facts) -> bool:
    """Whether the next look turns an order down: it may have been payable when the instance asked to pay it."""
    try:
        return first_of(RULES, facts).when is has_order_to_refuse
    except UnreadableTerms:
        return False


def first_of(rules: tuple[Rule, ...], facts: Facts) -> Rule:
    return next(rule for rule in rules if rule.when(facts))


def first_that_applies(rules: tuple[Rule, ...], facts: Facts) -> Decision | Step:
    return first_of(rules, facts).then(facts)


def read_as_next_look(step: Step, facts: Facts) -> Decision:
    """A commit says at once what the next look would say of it, so that one write does for both."""
    instance = facts.instance.model_copy(update={"status": step.status})
    look = first_that_applies(READING, replace(facts, instance=instance))
    if isinstance(look, Step) or look.commits:
        look = Decision(step.phase, Standing.WORKING, Reason.STEP_FOLLOWS, "Another step follows at once.", step.status)
    return replace(look, actions=step.actions, events=step.events, commits=True, rejection=step.rejection)
