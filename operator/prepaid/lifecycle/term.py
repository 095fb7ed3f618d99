"""What an instance has been granted, read back from its status: its term, its stay in the bin, its end (product.md P15).

A moment that is missing or contradicts another is a Problem, never a default.
"""

from dataclasses import dataclass
from typing import cast

from whenever import Instant

from prepaid.api.instance import InstanceStatus
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
    missing = [
        name
        for name, value in {
            "startTime": status.start_time,
            "expirationTime": status.expiration_time,
            "anchorTime": status.anchor_time,
            "terms": status.terms,
        }.items()
        if value is None
    ]
    if missing:
        return unreadable(f"status.{missing[0]} is missing")
    try:
        check_terms(cast(Terms, status.terms))
    except UnreadableTerms as error:
        return unreadable(f"status.terms: {error}")
    return read_stay(status)


def has_traces(status: InstanceStatus) -> bool:
    """Whether anything in the status tells of a purchase."""
    return bool(
        status.periods or status.start_time or status.expiration_time or status.anchor_time or status.recycle_time
        or status.release_time or status.termination_time or status.stay
    )  # fmt: skip


def read_stay(status: InstanceStatus) -> Term | Problem:
    assert status.start_time and status.expiration_time and status.anchor_time and status.terms  # noqa: PT018
    recycle_time, release_time = status.recycle_time, status.release_time
    if status.expiration_time <= status.start_time:
        return unreadable("status.expirationTime is not after status.startTime")
    if (recycle_time is None) != (release_time is None):
        return unreadable("status.recycleTime and status.releaseTime must be set together")
    if status.termination_time and not recycle_time:
        return unreadable("status.terminationTime is set although the instance was never recycled")
    if recycle_time and release_time and not status.start_time < recycle_time <= release_time:
        return unreadable("status.releaseTime lies before status.recycleTime")
    return Term(
        status.start_time,
        status.expiration_time,
        status.anchor_time,
        status.anchor_periods,
        status.terms,
        Stay(recycle_time, release_time) if recycle_time and release_time else None,
        status.termination_time,
    )


def unreadable(why: str) -> Problem:
    return Problem(
        Reason.TERM_UNREADABLE, f"Its term cannot be read: {why}; nothing is stopped or erased until an administrator restores it."
    )
