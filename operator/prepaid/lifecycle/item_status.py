"""What the item of a stay tells its owner: what is happening, what it costs, what failed and why (api.md, RecycleBinItem).

A status is given only where it changes anything, so that an item which is left alone costs no write. Refuses to know when a stay ends.
"""

from dataclasses import replace
from typing import Final

from whenever import Instant

from prepaid.api.bin_item import BinItemPhase, RecycleBinItem
from prepaid.api.order import OrderSource
from prepaid.api.reference import Reference
from prepaid.api.resource import Condition
from prepaid.lifecycle.applying import application_for, fault_of_payment
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.obstacles import undecidable_purchase
from prepaid.lifecycle.ordering import asks_to_recover, owners_wish, waiting_orders
from prepaid.lifecycle.reasons import Problem, Reason

RECOVERED: Final = "Recovered"
TERMINATED: Final = "Terminated"
ASK_AGAIN: Final = " To ask the same again, set spec.disposition to Retain, then to Recover."
"""A word is acted on once per generation of the item, and a patch that changes nothing makes none."""
AT_THE_DOOR: Final = (BinItemPhase.TERMINATING, BinItemPhase.TERMINATED)


def item_to_tell(facts: Facts, release: Instant) -> RecycleBinItem | None:
    """The item as it should read while it lies in the bin; None where it does, and for one that is locked at the door."""
    item = facts.own_item
    if item is None or item.status.phase in AT_THE_DOOR:
        return None
    told = waiting_item(item, facts, release) if asks_to_recover(facts) else resting_item(item)
    return None if told.status == item.status else told


def resting_item(item: RecycleBinItem) -> RecycleBinItem:
    """Nothing is asked for. The answer to a Recover stands until its owner says something else."""
    is_answered = item.status.observed_generation == item.metadata.generation
    if is_answered or (item.status.phase is BinItemPhase.RECYCLED and not item.status.conditions):
        return item
    return with_status(item, {"phase": BinItemPhase.RECYCLED, "order": None, "conditions": ()})


def waiting_item(item: RecycleBinItem, facts: Facts, release: Instant) -> RecycleBinItem:
    """A Recover that was not acted on yet: its order, what it waits for, and that the release time stands."""
    problem = waiting_for(facts)
    stands = f"It is erased for good at {release} all the same."
    if undecidable_purchase(facts):
        stands = "Nothing is erased until that is decided."
    said = condition(item, RECOVERED, False, Problem(problem.reason, f"{problem.message} {stands}"), facts.now)
    return with_status(item, {"phase": BinItemPhase.RECOVERING, "order": recovering_order(facts), "conditions": (said,)})


def waiting_for(facts: Facts) -> Problem:
    """Why a Recover was not acted on yet: with too little money, how much is missing."""
    terms, wanted = facts.seen.terms_on_offer, owners_wish(facts)
    if isinstance(terms, Problem):
        return terms
    assert wanted is not None
    application = application_for(wanted, terms, facts)
    paying = Problem(Reason.PAYING, f"It is being bought for {application.amount} {terms.currency}.")
    return fault_of_payment(application, facts) or paying


def recovering_order(facts: Facts) -> Reference | None:
    """The order of the Recover, once there is one."""
    orders = [order.metadata for order in waiting_orders(facts) if order.spec.source is OrderSource.RECOVER]
    return Reference(name=orders[0].name, uid=orders[0].uid) if orders else None


def answered_item(facts: Facts, problem: Problem) -> RecycleBinItem:
    """The item of a Recover that was turned down: acted on for this generation, why, and how it is said anew."""
    item = facts.own_item
    assert item is not None
    said = condition(item, RECOVERED, False, replace(problem, message=f"{problem.message}{ASK_AGAIN}"), facts.now)
    phase = item.status.phase if item.status.phase in AT_THE_DOOR else BinItemPhase.RECYCLED
    return with_status(item, {"phase": phase, "observed_generation": item.metadata.generation, "conditions": (said,)})


def locked_item(item: RecycleBinItem, sentence: str, now: Instant) -> RecycleBinItem:
    """The item at the door: from here on its disposition is frozen."""
    said = condition(item, TERMINATED, False, Problem(Reason.ERASING, sentence), now)
    return ended(item, BinItemPhase.TERMINATING, said)


def closed_item(item: RecycleBinItem, sentence: str, now: Instant) -> RecycleBinItem:
    """The receipt: what was erased and when."""
    return ended(item, BinItemPhase.TERMINATED, condition(item, TERMINATED, True, Problem(Reason.ERASED, sentence), now))


def ended(item: RecycleBinItem, phase: BinItemPhase, said: Condition) -> RecycleBinItem:
    return with_status(item, {"phase": phase, "observed_generation": item.metadata.generation, "conditions": (said,)})


def condition(item: RecycleBinItem, name: str, is_so: bool, said: Problem, now: Instant) -> Condition:
    """One condition of the item; lastTransitionTime moves only when it flips."""
    status = "True" if is_so else "False"
    before = next((known for known in item.status.conditions if known.type == name and known.status == status), None)
    return Condition(
        type=name,
        status="True" if is_so else "False",
        reason=said.reason,
        message=said.message[:1024],
        observed_generation=item.metadata.generation,
        last_transition_time=before.last_transition_time if before else now,
    )


def with_status(item: RecycleBinItem, changes: dict[str, object]) -> RecycleBinItem:
    """The item with another status, to be written on the version that was read."""
    return item.model_copy(update={"status": item.status.model_copy(update=changes)})
