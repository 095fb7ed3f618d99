"""Decisions at the expiration and in the Recycle Bin, up to the door (product.md P2, P3, P7, P9, P10, P13)."""

from typing import Final

from whenever import Instant, TimeDelta

from prepaid.api.bin_item import BinItemPhase, RecycleBinItem
from prepaid.api.instance import InstanceStatus, NextAction, NextActionType, Phase
from prepaid.lifecycle.actions import Action, DropItem, FileInBin, PatchObject, WriteItemStatus
from prepaid.lifecycle.applying import shortage
from prepaid.lifecycle.attaching import attachment_steps
from prepaid.lifecycle.attachment_records import with_attachments
from prepaid.lifecycle.bin_items import announced_release_time, effective_release_time, is_confirmed, is_newer_than_look, item_of
from prepaid.lifecycle.decision import Decision, Standing, Step
from prepaid.lifecycle.detaching import all_off, detachment_events, forced_off, pending_sentence
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.failing import payment_failure
from prepaid.lifecycle.item_status import item_to_tell, locked_item
from prepaid.lifecycle.marking import unprotected
from prepaid.lifecycle.notices import Event, Notice
from prepaid.lifecycle.obstacles import undecidable_purchase
from prepaid.lifecycle.ordering import lowered
from prepaid.lifecycle.reasons import Reason
from prepaid.lifecycle.records import known_workload, with_records
from prepaid.lifecycle.reminders import release_reminder
from prepaid.lifecycle.running import is_stopped, stop_patch
from prepaid.lifecycle.terms import release_time

DETACHING_POLL: Final = TimeDelta(seconds=5)
STOPPING_POLL: Final = TimeDelta(seconds=30)
"""Its pods tell when they go; of one whose end was missed nobody else tells."""


def is_expired(facts: Facts) -> bool:
    """The expiration time is the first moment that is not paid for."""
    return facts.now >= facts.term.expiration_time


def is_in_bin(facts: Facts) -> bool:
    return facts.term.stay is not None


def is_condemned_by_owner(facts: Facts) -> bool:
    """The owner confirmed the end of this very stay; a wish to buy that was accepted before comes first (P12)."""
    return is_in_bin(facts) and undecidable_purchase(facts) is None and facts.own_item is not None and is_confirmed(facts.own_item)


def is_past_release(facts: Facts) -> bool:
    """The days in the bin are over, by the status and by the item's own age; without an item they are not."""
    if not is_in_bin(facts) or undecidable_purchase(facts) is not None or facts.own_item is None:
        return False
    return facts.now >= effective_release_time(facts)


def recycle(facts: Facts) -> Step:
    """The term is over: the commit; stopping, filing and taking off follow from it."""
    term, stay = facts.term, facts.status.stay + 1
    release = release_time(term.expiration_time, facts.now, term.terms.retention, term.terms.time_zone)
    moments = {"recycle_time": facts.now, "release_time": release, "stay": stay}
    status = with_records(facts, facts.status).model_copy(update={**moments, **forced_off(facts)})
    message = f"The term ended at {term.expiration_time}; it is stopped, and its data is kept until {release}."
    return Step(Phase.RECYCLED, status, events=(*payment_failure(facts), Event(Notice.RECYCLED, message, f"{stay}")))


def has_running_workload(facts: Facts) -> bool:
    return facts.seen.pods > 0 or stop_action(facts) is not None


def keep_in_bin(facts: Facts) -> Decision:
    """It waits for its owner: stopped, filed, and told."""
    release = announced_release_time(facts)
    actions = (*filing(facts), *filter(None, [stop_action(facts)]), *telling(facts, release)) or attachment_steps(facts)
    status = with_attachments(facts, with_records(facts, facts.status))
    reminder = release_reminder(facts, release)
    standing, reason, message = bin_standing(facts, status, release)
    return Decision(
        phase=Phase.RECYCLED,
        standing=standing,
        reason=reason,
        message=message,
        status=status,
        actions=actions,
        events=(*lowered(facts), *reminder.events, *detachment_events(facts, status), *unprotected(facts)),
        wake_time=min(filter(None, [effective_release_time(facts), reminder.next_time, poll_time(facts, status)])),
        next_action=NextAction(type=NextActionType.TERMINATE, time=release),
    )


def poll_time(facts: Facts, status: InstanceStatus) -> Instant | None:
    """When to look again at what may end without a word."""
    if status.pending_detachments:
        return facts.now + DETACHING_POLL
    return facts.now + STOPPING_POLL if has_running_workload(facts) else None


def bin_standing(facts: Facts, status: InstanceStatus, release: Instant) -> tuple[Standing, Reason, str]:
    """Being stopped, at rest, or kept past its days because a purchase that was asked for cannot be decided."""
    undecidable, short = undecidable_purchase(facts), shortage(facts)
    if undecidable:
        said = f"{undecidable.message} Nothing is erased until the renewal that was asked for can be decided."
        return Standing.STALLED, undecidable.reason, said
    if (live := facts.seen.workload) and cannot_be_stopped(facts):
        return (
            Standing.STALLED,
            Reason.STATUS_LOST,
            f"How {live.ref} is stopped is not on record any more, and its class does not say; stop it.",
        )
    if has_running_workload(facts):
        return Standing.WORKING, Reason.RECYCLING, "The term is over; it is being stopped."
    if status.pending_detachments:
        return Standing.WORKING, Reason.DETACHING, pending_sentence(status)
    if short:
        return Standing.STALLED, short.reason, f"{short.message} It is erased for good at {release} all the same."
    return Standing.STALLED, Reason.IN_RECYCLE_BIN, bin_sentence(release)


def bin_sentence(release: Instant) -> str:
    return f"In the Recycle Bin until {release}: renew it to recover it, or it is erased for good."


def filing(facts: Facts) -> tuple[Action, ...]:
    """An item of another uid or stay is taken away before ours is filed."""
    item = facts.seen.item
    if item is not None and facts.own_item is None:
        return () if is_newer_than_look(item, facts) else (DropItem(item),)
    return () if item else (FileInBin(item_of(facts)),)


def telling(facts: Facts, release: Instant) -> tuple[Action, ...]:
    """The item says what is happening to it."""
    told = item_to_tell(facts, release)
    return (WriteItemStatus(told),) if told else ()


def cannot_be_stopped(facts: Facts) -> bool:
    """Whether a workload of ours is there, and nothing tells how to stop it (P15)."""
    record = known_workload(facts, facts.status.workload)
    return facts.seen.workload_is_ours and not (record and record.stopped)


def stop_action(facts: Facts) -> PatchObject | None:
    """The stop of the workload, if it is there and not stopped for this stay."""
    live, record = facts.seen.workload, known_workload(facts, facts.status.workload)
    if live is None or record is None or not facts.seen.workload_is_ours or is_stopped(live, record, facts):
        return None
    return PatchObject(live, stop_patch(record, facts))


def open_the_door(facts: Facts) -> Decision | Step:
    """One way: the item is locked, everything is read again, then the instance is committed (architecture.md, "The door").

    The stay may have been begun by an operator whose clock is ahead of ours: it never ends before it began.
    """
    item = facts.own_item
    assert item is not None
    if item.status.phase is not BinItemPhase.TERMINATING:
        lock = WriteItemStatus(locked_item(item, door_sentence(item), facts.now))
        return Decision(Phase.RECYCLED, Standing.WORKING, Reason.ERASING, "It is being released.", facts.status, (lock,))
    return Step(
        phase=Phase.TERMINATING,
        status=with_records(facts, facts.status).model_copy(
            update={"termination_time": max(facts.now, facts.stay.recycle_time), **all_off(facts)}
        ),
        events=(Event(Notice.TERMINATING, door_sentence(item), f"{facts.status.stay}"),),
    )


def door_sentence(item: RecycleBinItem) -> str:
    """Who opened the door."""
    why = "Its owner terminated it" if is_confirmed(item) else "Its days in the bin are over"
    return f"{why}; its data is being erased."
