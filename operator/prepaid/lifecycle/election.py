"""Who may lead: what to do about a Lease as it was read, by the rules of client-go's leader election.

Knows no clock. Seconds are the reader's own and monotonic, and are compared with nobody else's: a candidate waits from when it
first saw a record, whatever times stand in it.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto

from prepaid.api.lease import Lease, LeaseSpec

RELEASED_SECONDS = 1


class Step(Enum):
    """What to do about it now."""

    CREATE = auto()
    RENEW = auto()
    TAKE_OVER = auto()
    WAIT = auto()


@dataclass(frozen=True)
class Timing:
    """A leader ends well before anybody else may lead. With 15 s these are client-go's 10 s and 2 s."""

    lease_seconds: int = 15

    @property
    def renew_seconds(self) -> float:
        """How long a leader goes on after it sent its last renewal that succeeded."""
        return self.lease_seconds * 2 / 3

    @property
    def retry_seconds(self) -> float:
        """How long between two looks."""
        return self.lease_seconds * 2 / 15


@dataclass(frozen=True)
class Sighting:
    """A Lease, None where there is none, and when its record was first seen as it is."""

    lease: Lease | None
    since: float


def look_again(former: Sighting | None, lease: Lease | None, now: float) -> Sighting:
    """What is seen now. Only a change of the record counts: an annotation on a Lease is no sign of life."""
    if former and former.lease and lease and former.lease.spec == lease.spec:
        return replace(former, lease=lease)
    return Sighting(lease, now)


def decide(sight: Sighting, me: str, now: float) -> Step:
    """The first that applies."""
    if sight.lease is None:
        return Step.CREATE
    if sight.lease.spec.holder_identity == me:
        return Step.RENEW
    if is_free(sight.lease.spec, now - sight.since):
        return Step.TAKE_OVER
    return Step.WAIT


def is_free(record: LeaseSpec, unchanged_seconds: float) -> bool:
    """Nobody holds it, or the one who did has not been heard of for as long as it says; where it says nothing, for our own time."""
    return not record.holder_identity or unchanged_seconds >= (record.lease_duration_seconds or Timing().lease_seconds)


def seconds_left(renewed_at: float, now: float, timing: Timing) -> float:
    """How long a leader that sent its last renewal then may go on; at 0 it leads no more."""
    return renewed_at + timing.renew_seconds - now


def written(former: LeaseSpec | None, me: str, moment: str, timing: Timing) -> LeaseSpec:
    """The record of one who leads. The transitions count the changes of holder; in a new Lease there was none."""
    if former and former.holder_identity == me:
        return former.model_copy(update={"renew_time": moment, "lease_duration_seconds": timing.lease_seconds})
    return LeaseSpec(
        holder_identity=me,
        lease_duration_seconds=timing.lease_seconds,
        acquire_time=moment,
        renew_time=moment,
        lease_transitions=former.lease_transitions + 1 if former else 0,
    )


def released(former: LeaseSpec, moment: str) -> LeaseSpec:
    """The record of nobody: the next who looks may take it."""
    return former.model_copy(update={"holder_identity": "", "lease_duration_seconds": RELEASED_SECONDS, "renew_time": moment})
