"""How a purchase lengthens a term (api.md, "Term arithmetic"). One place for all the ways to buy."""

from dataclasses import dataclass

from whenever import Instant

from prepaid.api.instance import InstanceStatus, WorkloadRecord
from prepaid.api.order import OrderSource
from prepaid.api.terms import RenewalAnchor, Terms
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.rendering import Rendering
from prepaid.lifecycle.term import Term
from prepaid.lifecycle.terms import UnreadableTerms, expiration, fewest_periods, longer_retention


@dataclass(frozen=True)
class Anchor:
    """Where a term is counted from: expiration = time + periods, never step by step."""

    start_time: Instant
    time: Instant
    periods: int

    def expiration_time(self, more: int, terms: Terms) -> Instant:
        return expiration(self.time, self.periods + more, terms.period, terms.time_zone)


def anchor_for(term: Term | None, terms: Terms, now: Instant) -> Anchor:
    """Where a purchase made now under these terms is counted from.

    The bin may have been entered by an operator whose clock is ahead of ours: a term never begins before the stay that it ends.
    """
    if term is None:
        return Anchor(now, now, 0)
    if term.stay is not None and terms.renewal_anchor is RenewalAnchor.RENEWAL_TIME:
        start = max(now, term.stay.recycle_time)
        return Anchor(start, start, 0)
    if counts_alike(term.terms, terms):
        return Anchor(term.start_time, term.anchor_time, term.anchor_periods)
    return Anchor(term.start_time, term.expiration_time, 0)


def counts_alike(old: Terms, new: Terms) -> bool:
    return (old.period, old.time_zone, old.renewal_anchor) == (new.period, new.time_zone, new.renewal_anchor)


def grant(facts: Facts, terms: Terms, periods: int, source: OrderSource | None = OrderSource.OWNER) -> InstanceStatus | Problem:
    """The status after `periods` more under `terms`, or why it is rejected: a Problem of reason RenewalRejected.

    Every grant must lengthen the term. A renewal made in the bin must reach now as well, unless its money has moved already:
    then it has no `source`, which is who is told what to do instead.
    """
    term = facts.term_or_problem if isinstance(facts.term_or_problem, Term) else None
    anchor = anchor_for(term, terms, facts.now)
    try:
        end = anchor.expiration_time(periods, terms)
        kept = with_longer_retention(term, terms, end) if term else terms
    except UnreadableTerms as error:
        return Problem(Reason.RENEWAL_REJECTED, f"{periods} more periods cannot be bought: {error}")
    if term and end <= term.expiration_time:
        return Problem(
            Reason.RENEWAL_REJECTED, f"{periods} more periods would end at {end}, not after the present end {term.expiration_time}."
        )
    if source and term and term.stay and end <= facts.now:
        fewest = fewest_periods(anchor.time, anchor.periods, terms.period, terms.time_zone, facts.now)
        said = f"The renewal would end at {end}, which has passed, so nothing was bought"
        return Problem(Reason.RENEWAL_REJECTED, f"{said}; {way_out(fewest, source, facts)}")
    return granted(facts, kept, anchor, periods, end)


def way_out(fewest: int | None, source: OrderSource, facts: Facts) -> str:
    """How many periods reach now, and where whoever asked like this says so."""
    if fewest is None:
        return "no number of periods reaches now."
    acted_on = max(facts.instance.spec.purchased_periods, facts.status.requested_periods)
    places = {
        OrderSource.PURCHASED_PERIODS: f": set spec.purchasedPeriods to {acted_on + fewest}",
        OrderSource.RECOVER: f": set spec.periods to {fewest} on the bin item",
        OrderSource.OWNER: f": order {fewest} periods (`--periods {fewest}`)",
    }
    return f"it takes {fewest} periods{places.get(source, '')}."


def granted(facts: Facts, terms: Terms, anchor: Anchor, periods: int, end: Instant) -> InstanceStatus:
    """The new status whole; the stay in the bin ends with it."""
    status = facts.status
    return status.model_copy(
        update={
            "start_time": anchor.start_time,
            "expiration_time": end,
            "anchor_time": anchor.time,
            "anchor_periods": anchor.periods + periods,
            "periods": status.periods + periods,
            "recycle_time": None,
            "release_time": None,
            "terms": terms,
            "workload": workload_record(facts),
        }
    )


def with_longer_retention(term: Term, terms: Terms, end: Instant) -> Terms:
    """Terms as bought, with the longer of the old and the new retention (api.md, status.terms)."""
    return terms.model_copy(update={"retention": longer_retention(term.terms.retention, terms.retention, end, terms.time_zone)})


def workload_record(facts: Facts) -> WorkloadRecord | None:
    """What will have to be stopped; it is written before the workload is made, so that it is never forgotten."""
    old, rendering = facts.status.workload, facts.seen.rendering
    if not isinstance(rendering, Rendering):
        return old
    ref, version = rendering.ref, facts.seen.class_version
    if old and (old.api_version, old.kind, old.name) != (ref.api_version, ref.kind, ref.name):
        return old.model_copy(update={"class_version": version})
    return WorkloadRecord(
        api_version=ref.api_version,
        kind=ref.kind,
        name=ref.name,
        uid=old.uid if old else "",
        stopped=dict(rendering.stopped),
        class_version=version,
    )
