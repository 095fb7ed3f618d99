"""What an instance has been granted, read back from its status: its term, its stay in the bin, its end (product.md P15).

A moment that is missing or contradicts another is a Problem, never a default.
"""

from dataclasses import dataclass
from typing import cast

from whenever import Instant

from prepaid.api.instance import DataState, InstanceStatus
from prepaid.api.terms import Terms
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.terms import UnreadableTerms, check_terms


@dataclass(frozen=True)
class Stay:
    """One stay in the Recycle Bin: [recycle_time, release_time)."""

    recycle_time: Instant
    release_time: Instant


@dataclass(frozen=True)
class Term:
    """What was bought: [start_time, expiration_time), and how far its life has come since."""

    start_time: Instant
    expiration_time: Instant
    anchor_time: Instant
    anchor_periods: int
    terms: Terms
    stay: Stay | None
    termination_time: Instant | None


def read_term(status: InstanceStatus) -> Term | Problem | None:
    """The term, None for an instance that was never granted anything, or what cannot be read."""
    if not has_traces(status):
        return None
    if lost := lost_field(status):
        return unreadable(f"{lost} is missing")
    try:
        check_terms(cast(Terms, status.terms))
    except UnreadableTerms as error:
        return unreadable(f"status.terms: {error}")
    term = term_of(status)
    contradiction = contradiction_in(term) or contradiction_in_records(status)
    return unreadable(contradiction) if contradiction else term


def has_traces(status: InstanceStatus) -> bool:
    """Whether anything in the status tells of a purchase. A number of purchases does not: they may all have been rejected."""
    return bool(
        status.periods or status.anchor_periods or status.start_time or status.expiration_time or status.anchor_time or status.terms
        or status.recycle_time or status.release_time or status.termination_time or status.stay or status.workload or status.data
    )  # fmt: skip


def lost_field(status: InstanceStatus) -> str | None:
    """The first field that every granted instance has, and that is not there; a count is never 0 after a grant."""
    needed = {
        "startTime": status.start_time,
        "expirationTime": status.expiration_time,
        "anchorTime": status.anchor_time,
        "anchorPeriods": status.anchor_periods,
        "periods": status.periods,
        "requestedPeriods": status.requested_periods,
        "sequence": status.sequence or status.intent,
        "terms": status.terms,
    }
    if status.recycle_time or status.release_time or status.termination_time:
        needed |= {"stay": status.stay, "recycleTime": status.recycle_time, "releaseTime": status.release_time}
    return next((f"status.{name}" for name, value in needed.items() if not value), None)


def term_of(status: InstanceStatus) -> Term:
    assert status.start_time and status.expiration_time and status.anchor_time and status.terms  # noqa: PT018
    recycle_time, release_time = status.recycle_time, status.release_time
    return Term(
        status.start_time,
        status.expiration_time,
        status.anchor_time,
        status.anchor_periods,
        status.terms,
        Stay(recycle_time, release_time) if recycle_time and release_time else None,
        status.termination_time,
    )


def contradiction_in(term: Term) -> str | None:
    """Moments in an order in which they cannot have happened."""
    if term.expiration_time <= term.start_time:
        return "status.expirationTime is not after status.startTime"
    if not term.start_time <= term.anchor_time < term.expiration_time:
        return "status.anchorTime does not lie in the term"
    if term.stay is None:
        return None
    if term.stay.recycle_time < term.expiration_time:
        return "status.recycleTime lies before status.expirationTime"
    if term.stay.release_time <= term.stay.recycle_time:
        return "status.releaseTime is not after status.recycleTime"
    if term.termination_time and term.termination_time < term.stay.recycle_time:
        return "status.terminationTime lies before status.recycleTime"
    return None


def contradiction_in_records(status: InstanceStatus) -> str | None:
    is_erasing = any(record.state is not DataState.PRESENT for record in status.data)
    return "status.data tells of an erasure, but status.terminationTime is missing" if is_erasing and not status.termination_time else None


def unreadable(why: str) -> Problem:
    return Problem(
        Reason.TERM_UNREADABLE, f"Its term cannot be read: {why}; nothing is stopped or erased until an administrator restores it."
    )
