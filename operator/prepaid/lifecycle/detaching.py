"""What recycling takes off, and the door: written with the commit, worked off step by step, told once (product.md P6).

A reference that is written back afterwards is left alone (api.md, "Attachments on recycling").
"""

from typing import Final

from prepaid.api.instance import DetachedRecord, DetachmentRecord, InstanceStatus
from prepaid.lifecycle.attachments import is_held, keeps_attachments, was_attached
from prepaid.lifecycle.facts import Facts, SeenResource
from prepaid.lifecycle.notices import Event, Notice

MOST_PENDING: Final = 64
MOST_DETACHED: Final = 32


def forced_off(facts: Facts) -> dict[str, object]:
    """The part of the commit of recycling: everything it refers to or holds comes off, unless the terms keep it."""
    if keeps_attachments(facts):
        return {}
    named = [record_of(reference.name, facts) for reference in facts.instance.spec.attachments]
    return {**taken_off(facts, named), "detached_attachments": ()}


def taken_off(facts: Facts, named: list[DetachmentRecord]) -> dict[str, object]:
    """What is still pending from before, what is named, and what it holds; each once."""
    held = [record_of(seen.name, facts) for seen in facts.seen.resources if is_held(seen, facts) or was_attached(seen, facts)]
    pending = {record.name: record for record in (*facts.status.pending_detachments, *named, *held)}
    return {"pending_detachments": tuple(pending.values())[:MOST_PENDING], "attachments": ()}


def all_off(facts: Facts) -> dict[str, object]:
    """The part of the commit of the door: also what the terms have kept until now."""
    return taken_off(facts, [])


def record_of(name: str, facts: Facts) -> DetachmentRecord:
    seen = seen_of(name, facts)
    recorded = next((record.type for record in facts.status.attachments if record.name == name), None)
    return DetachmentRecord(name=name, type=seen.resource.spec.type if seen and seen.resource else recorded)


def seen_of(name: str, facts: Facts) -> SeenResource | None:
    return next((seen for seen in facts.seen.resources if seen.name == name), None)


def with_detachments(facts: Facts, status: InstanceStatus) -> InstanceStatus:
    """As far as it has come: references that are gone are recorded, and what is dropped and not held any more is done."""
    detached = (*status.detached_attachments, *detached_records(newly_dropped(facts), facts))
    dropped = {record.name for record in detached} | names_left_alone(facts)
    left = tuple(record for record in status.pending_detachments if record.name not in dropped or is_still_held(record, facts))
    return status.model_copy(update={"pending_detachments": left, "detached_attachments": detached[:MOST_DETACHED]})


def newly_dropped(facts: Facts) -> list[DetachmentRecord]:
    """What recycling took off whose reference is gone, and is not recorded as dropped yet."""
    recorded = {record.name for record in facts.status.detached_attachments}
    named = {reference.name for reference in facts.instance.spec.attachments}
    is_over = facts.status.termination_time is not None
    return [record for record in facts.status.pending_detachments if not is_over and record.name not in recorded | named]


def names_left_alone(facts: Facts) -> set[str]:
    """Behind the door references stay as they are: nobody reads them any more."""
    return {record.name for record in facts.status.pending_detachments} if facts.status.termination_time else set()


def is_still_held(record: DetachmentRecord, facts: Facts) -> bool:
    seen = seen_of(record.name, facts)
    return seen is not None and is_held(seen, facts)


def detached_records(records: list[DetachmentRecord], facts: Facts) -> tuple[DetachedRecord, ...]:
    """Off since it was recycled, or since now where that moment has been cleared by a recovery."""
    moment = facts.status.recycle_time or facts.now
    return tuple(DetachedRecord(name=record.name, type=record.type, detach_time=moment) for record in records)


def detached_in_this_stay(facts: Facts) -> tuple[DetachedRecord, ...]:
    """What the bin item tells: all that this recycling takes off, whether that is done or under way."""
    recorded = {record.name for record in facts.status.detached_attachments}
    under_way = [record for record in facts.status.pending_detachments if record.name not in recorded]
    return (*facts.status.detached_attachments, *detached_records(under_way, facts))[:MOST_DETACHED]


def detachment_events(facts: Facts, status: InstanceStatus) -> tuple[Event, ...]:
    """Once for each stay, when all of it is off."""
    is_told_now = facts.status.recycle_time is not None or bool(facts.status.pending_detachments)
    if not is_told_now or status.pending_detachments or not status.detached_attachments:
        return ()
    return (Event(Notice.ATTACHMENTS_DETACHED, detached_sentence(status), f"{status.stay}"),)


def detached_sentence(status: InstanceStatus) -> str:
    names = ", ".join(record.name for record in status.detached_attachments)
    return f"Recycling took off {names}; set spec.attachments again once it is recovered."


def pending_sentence(status: InstanceStatus) -> str:
    return f"Recycling still has to take off {', '.join(record.name for record in status.pending_detachments)}."
