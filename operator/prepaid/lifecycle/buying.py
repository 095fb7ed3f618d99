"""What an instance wants to buy now, and the grant of it: the first term, a raised total, a Recover from the bin, auto-renewal.

Only what is free is granted here.
"""

from dataclasses import dataclass

from whenever import Instant

from prepaid.api.bin_item import Disposition
from prepaid.api.instance import InstanceStatus, Phase
from prepaid.api.terms import Terms
from prepaid.lifecycle.actions import WriteItemStatus
from prepaid.lifecycle.bin_items import answered_item
from prepaid.lifecycle.decision import Decision, Standing, Step
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.granting import anchor_for, grant
from prepaid.lifecycle.leads import lead_before
from prepaid.lifecycle.notices import Event, Notice
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.terms import fewest_periods


@dataclass(frozen=True)
class Wish:
    """A purchase to make: how many periods, and what to call it when it is done."""

    periods: int
    notice: Notice


def sellable(facts: Facts) -> Terms | Problem:
    """The terms under which something may be granted now, or what stands in the way."""
    terms = facts.seen.terms_on_offer
    if isinstance(terms, Problem):
        return terms
    if terms.price:
        return Problem(Reason.NOT_SOLD, f"A period costs {terms.price} {terms.currency}, and only classes of price 0 can be bought yet.")
    return terms


def raised_periods(facts: Facts) -> int:
    """How many periods spec.purchasedPeriods asks for beyond what was acted on; 0 or less asks for nothing."""
    return facts.instance.spec.purchased_periods - facts.status.requested_periods


def asks_to_recover(facts: Facts) -> bool:
    """Whether the owner's word on the bin item is Recover, and not acted on yet: once per generation of the item."""
    item = facts.own_item
    return (
        item is not None
        and item.spec.disposition is Disposition.RECOVER
        and item.metadata.generation > item.status.observed_generation
    )  # fmt: skip


def wish(facts: Facts) -> Wish | None:
    """What the owner has asked for, the raised total first."""
    if facts.is_deleted:
        return None
    in_bin = facts.term.stay is not None
    if (more := raised_periods(facts)) > 0:
        return Wish(more, Notice.RECOVERED if in_bin else Notice.RENEWED)
    if in_bin and facts.own_item and asks_to_recover(facts):
        return Wish(facts.own_item.spec.periods, Notice.RECOVERED)
    return None


def lowered(facts: Facts) -> tuple[Event, ...]:
    """Lowering the total is accepted and changes nothing: the owner is told, once for each value."""
    requested, purchased = facts.status.requested_periods, facts.instance.spec.purchased_periods
    if purchased >= requested:
        return ()
    message = f"spec.purchasedPeriods is {purchased}, but {requested} were acted on: nothing changes. Set it above {requested} to renew."
    return (Event(Notice.LOWERED, message, f"{requested}-{purchased}"),)


def has_renewal(facts: Facts) -> bool:
    return wish(facts) is not None and not isinstance(sellable(facts), Problem)


def has_unanswered_wish(facts: Facts) -> bool:
    """Whether a purchase is asked for that cannot be decided now: nothing may be erased meanwhile (P12, P15)."""
    return facts.term.stay is not None and wish(facts) is not None


def buy_first_term(facts: Facts) -> Decision | Step:
    """The first purchase; nothing is sold that could not be run."""
    terms = sellable(facts)
    problem = terms if isinstance(terms, Problem) else obstacle(facts)
    if problem is None and isinstance(terms, Terms):
        outcome = grant(facts, terms, facts.instance.spec.purchased_periods)
        problem = outcome if isinstance(outcome, Problem) else None
    if problem:
        return Decision(Phase.PENDING, Standing.STALLED, problem.reason, problem.message, facts.status)
    assert isinstance(terms, Terms)
    return bought(facts, terms, Wish(facts.instance.spec.purchased_periods, Notice.PURCHASED))


def obstacle(facts: Facts) -> Problem | None:
    """What would keep a first workload from being made."""
    seen = facts.seen
    if isinstance(seen.rendering, Problem):
        return seen.rendering
    if seen.workload and not seen.workload_is_ours:
        return not_ours(str(seen.workload.ref))
    foreign = [data.live for data in seen.data if data.live and not data.is_ours]
    return not_ours(str(foreign[0].ref)) if foreign else None


def not_ours(what: str) -> Problem:
    return Problem(
        Reason.NOT_OURS, f"{what} exists and was not made for this instance; delete or rename it, or give the instance another name."
    )


def renew(facts: Facts) -> Step:
    """The purchase that the owner asked for."""
    terms, wanted = sellable(facts), wish(facts)
    assert isinstance(terms, Terms)
    assert wanted is not None
    return bought(facts, terms, wanted)


def auto_renew_time(facts: Facts) -> Instant | None:
    """When auto-renewal is due, or None when its owner does not want it."""
    if not facts.instance.spec.auto_renew:
        return None
    return lead_before(facts.term.expiration_time, facts.term.terms.auto_renew_lead, facts.term.terms.time_zone)


def should_renew_itself(facts: Facts) -> bool:
    """Auto-renewal is due and possible (P5); where it is not, the term simply ends."""
    due, terms = auto_renew_time(facts), sellable(facts)
    if due is None or facts.now < due or facts.is_deleted or facts.term.stay is not None or isinstance(terms, Problem):
        return False
    fewest = fewest_to_reach_now(facts, terms)
    return fewest is not None and not isinstance(grant(facts, terms, fewest), Problem)


def renew_itself(facts: Facts) -> Step:
    """Auto-renewal: the fewest periods that reach now (P5)."""
    terms = sellable(facts)
    assert isinstance(terms, Terms)
    return bought(facts, terms, Wish(fewest_to_reach_now(facts, terms) or 1, Notice.AUTO_RENEWED))


def fewest_to_reach_now(facts: Facts, terms: Terms) -> int | None:
    """How many periods end after now; None when no number does."""
    anchor = anchor_for(facts.term, terms, facts.now)
    return fewest_periods(anchor.time, anchor.periods, terms.period, terms.time_zone, facts.now)


def bought(facts: Facts, terms: Terms, wanted: Wish) -> Step:
    """Grants, or turns the wish down; either way it counts as acted on."""
    outcome = grant(facts, terms, wanted.periods)
    if isinstance(outcome, Problem):
        return rejected(facts, outcome)
    status = acted_on(outcome, facts)
    message = f"Bought {wanted.periods} {'period' if wanted.periods == 1 else 'periods'}; the term runs until {status.expiration_time}."
    return Step(Phase.PENDING, status, events=(Event(wanted.notice, message, f"{status.sequence}"),))


def rejected(facts: Facts, problem: Problem) -> Step:
    """The wish is turned down once; the moments stay as they are."""
    by_item = raised_periods(facts) <= 0
    status = acted_on(facts.status.model_copy(update={"sequence": facts.status.sequence + 1}), facts)
    event = Event(Notice.RENEWAL_REJECTED, problem.message, f"{status.sequence}")
    actions = (WriteItemStatus(answered_item(facts, problem)),) if by_item and facts.own_item else ()
    return Step(facts.status.phase or Phase.PENDING, status, actions, (event,), problem)


def acted_on(status: InstanceStatus, facts: Facts) -> InstanceStatus:
    return status.model_copy(update={"requested_periods": max(facts.instance.spec.purchased_periods, facts.status.requested_periods)})
