"""Decisions behind the door: what to delete next, and when it is seen to be gone (api.md, "Erasure").

Reads only what was recorded before the door. Never says erased before it is seen.
"""

from dataclasses import dataclass

from whenever import TimeDelta

from prepaid.api.instance import DataRecord, DataState, Phase, VolumeRecord
from prepaid.lifecycle.actions import Action, DeleteObject
from prepaid.lifecycle.attaching import release_steps
from prepaid.lifecycle.decision import Decision, Standing
from prepaid.lifecycle.detaching import with_detachments
from prepaid.lifecycle.facts import Facts, SeenData
from prepaid.lifecycle.notices import Event, Notice
from prepaid.lifecycle.objects import LiveObject
from prepaid.lifecycle.reasons import Reason

POLL = TimeDelta(seconds=1)


@dataclass(frozen=True)
class Progress:
    """How far the erasure of one piece of data is."""

    record: DataRecord
    actions: tuple[Action, ...] = ()
    waits_for: str = ""


def is_terminating(facts: Facts) -> bool:
    """The door was passed: there is no way back."""
    return facts.status.termination_time is not None


def erase(facts: Facts) -> Decision:
    """The workload first, then its pods, then the data and its volumes."""
    workload = facts.seen.workload
    if workload and facts.seen.workload_is_ours:
        return erasing(facts, f"{workload.ref} is being deleted.", deletion_of(workload))
    if facts.seen.pods:
        return erasing(facts, f"{facts.seen.pods} of its pods are still ending.")
    return erase_data(facts)


def erase_data(facts: Facts) -> Decision:
    if steps := release_steps(facts):
        return erasing(facts, "What it held is released.", steps)
    progress = [progress_of(record, seen_of(record, facts)) for record in facts.status.data]
    records = tuple(step.record for step in progress)
    facts_kept = with_detachments(facts, facts.status.model_copy(update={"data": records}))
    waiting = [step.waits_for for step in progress if step.waits_for]
    if not waiting:
        return erased(facts, records)
    retained = [record for record in records if record.state is DataState.RETAINED]
    reason = Reason.VOLUME_RETAINED if retained else Reason.ERASING
    actions = tuple(action for step in progress for action in step.actions)
    return Decision(Phase.TERMINATING, Standing.WORKING, reason, " ".join(waiting), facts_kept, actions, wake_time=facts.now + POLL)


def seen_of(record: DataRecord, facts: Facts) -> SeenData | None:
    """What was seen of a piece on record, or None when it was not looked for."""

    def uid(data: SeenData) -> str | None:
        known = data.record or (data.live and data.live.metadata)
        return known.uid if known else None

    return next((data for data in facts.seen.data if uid(data) == record.uid), None)


def progress_of(record: DataRecord, data: SeenData | None) -> Progress:
    """What comes next for one piece: another uid under its name counts as gone (api.md). Its volume is recorded before it goes."""
    if record.state is DataState.ERASED:
        return Progress(record)
    if data is None:
        return Progress(record, (), f"{record.kind} {record.name} has not been looked at yet.")
    live, volume = data.live, data.volume
    if live is not None and volume is not None and record.volume is None:
        known = VolumeRecord(name=volume.ref.name, uid=volume.metadata.uid)
        return Progress(record.model_copy(update={"volume": known}), (), f"{live.ref} is being deleted.")
    if live is not None:
        return Progress(record, deletion_of(live), f"{live.ref} is being deleted.")
    if volume is None:
        return Progress(record.model_copy(update={"state": DataState.ERASED}))
    if volume.at("spec.persistentVolumeReclaimPolicy") == "Retain":
        retained = record.model_copy(update={"state": DataState.RETAINED})
        return Progress(
            retained, (), f"The volume {volume.ref.name} is kept by its reclaim policy Retain; an administrator must delete it."
        )
    return Progress(record, (), f"The volume {volume.ref.name} is being deleted.")


def deletion_of(live: LiveObject) -> tuple[Action, ...]:
    return () if live.metadata.deletion_timestamp else (DeleteObject(live),)


def erasing(facts: Facts, message: str, actions: tuple[Action, ...] = ()) -> Decision:
    return Decision(Phase.TERMINATING, Standing.WORKING, Reason.ERASING, message, facts.status, actions, wake_time=facts.now + POLL)


def erased(facts: Facts, records: tuple[DataRecord, ...]) -> Decision:
    """All of it was seen to be gone, and nothing is held any more."""
    names = ", ".join(f"{record.kind} {record.name}" for record in records) or "nothing: it had no data"
    message = f"Erased at {facts.now}: {names}."
    status = with_detachments(facts, facts.status.model_copy(update={"data": records}))
    event = Event(Notice.TERMINATED, message, f"{facts.status.stay}")
    return Decision(Phase.TERMINATED, Standing.STALLED, Reason.TERMINATED, message, status, events=(event,), commits=True)
