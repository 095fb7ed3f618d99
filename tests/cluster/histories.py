"""What must be so of every status that was ever written: phases in order, one standing at a time, nothing before its moment.

Each check answers what is wrong, as sentences; none is good.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import Final

from cluster.recording import Sighting
from prepaid.api.instance import InstanceStatus, Phase
from prepaid.api.intent import IntentState

STANDINGS: Final = ("Ready", "Reconciling", "Stalled")
NEXT: Final = {
    Phase.PENDING: {Phase.RUNNING, Phase.STOPPED, Phase.RECYCLED},
    Phase.RUNNING: {Phase.STOPPED, Phase.RECYCLED},
    Phase.STOPPED: {Phase.PENDING, Phase.RUNNING, Phase.RECYCLED},
    Phase.RECYCLED: {Phase.PENDING, Phase.RUNNING, Phase.STOPPED, Phase.TERMINATING},
    Phase.TERMINATING: {Phase.TERMINATED},
    Phase.TERMINATED: set[Phase](),
}


def is_paying(status: InstanceStatus) -> bool:
    """Whether a purchase is under way; one that is granted may be told until the next write."""
    return status.intent is not None and status.intent.state is not IntentState.GRANTED


def is_settled(status: InstanceStatus) -> bool:
    """Nothing is being done for it."""
    return bool(status.conditions) and "Reconciling" not in standings(status)


def standings(status: InstanceStatus) -> list[str]:
    """Which of Ready, Reconciling and Stalled are true."""
    return [known.type for known in status.conditions if known.type in STANDINGS and known.status == "True"]


def statuses(history: Iterable[Sighting]) -> list[InstanceStatus]:
    """Every status that the operator wrote, in order."""
    written = [seen.status for seen in history if seen.status.phase]
    return [status for status, _ in groupby(written)]


def phases(history: Iterable[Sighting]) -> list[Phase]:
    """The phases that it passed, in order."""
    return [phase for phase, _ in groupby(status.phase for status in statuses(history)) if phase]


def wrong_turns(history: Iterable[Sighting]) -> list[str]:
    """Phases out of order, and stages that were skipped."""
    return [f"{before} -> {after}" for before, after in pairwise(phases(history)) if after not in NEXT[before]]


def unclear_standings(history: Iterable[Sighting]) -> list[str]:
    """Statuses in which not exactly one of Ready, Reconciling and Stalled is true."""
    return [f"{status.phase}: {standings(status)}" for status in statuses(history) if len(standings(status)) != 1]


def early_steps(history: Sequence[Sighting], *, by_owner: bool = False) -> list[str]:
    """What came before its moment; an end that the owner confirmed may come before the release."""
    found = [too_early for seen in history for too_early in early_in(seen)]
    for before, after in pairwise(statuses(history)):
        found += early_recycling(before, after)
        found += [] if by_owner else early_end(after)
    return found


def early_in(seen: Sighting) -> list[str]:
    """Moments that had not come when they were already written down."""
    status = seen.status
    moments = {"recycleTime": status.recycle_time, "terminationTime": status.termination_time, "startTime": status.start_time}
    return [f"{name} {moment} was seen at {seen.moment}" for name, moment in moments.items() if moment and moment > seen.moment]


def early_recycling(before: InstanceStatus, after: InstanceStatus) -> list[str]:
    """An entry into the bin before the expiration, a release that leaves less than the retention, a release moved to be earlier."""
    if not after.recycle_time or not after.expiration_time or not after.release_time or not after.terms:
        return []
    retention = after.terms.retention
    found = [] if after.recycle_time >= after.expiration_time else [f"recycled at {after.recycle_time}"]
    if (after.release_time - after.recycle_time).total("seconds") < retention.count:
        found.append(f"kept from {after.recycle_time} to {after.release_time} only")
    if before.release_time and before.stay == after.stay and after.release_time < before.release_time:
        found.append(f"the release moved from {before.release_time} to {after.release_time}")
    return found


def early_end(status: InstanceStatus) -> list[str]:
    if status.termination_time and status.release_time and status.termination_time < status.release_time:
        return [f"terminated at {status.termination_time}, to be released at {status.release_time}"]
    return []
