"""Decisions at the ends: an instance that was never bought is let go, a terminated one rests as its own receipt, an item left over goes."""

from prepaid.api.bin_item import BinItemPhase
from prepaid.api.instance import InstanceStatus, Phase
from prepaid.lifecycle.actions import Action, DropItem, MarkInstance, WriteItemStatus
from prepaid.lifecycle.bin_items import is_newer_than_look
from prepaid.lifecycle.decision import Decision, Standing
from prepaid.lifecycle.erasing import deletion_of
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.item_status import closed_item
from prepaid.lifecycle.marking import marks_to_take_off, missing_marks
from prepaid.lifecycle.reasons import Reason

DATA_ERASED = "DataErased"


def mark(facts: Facts) -> Decision:
    """Before anything is bought or done for it, it carries our finalizer and its own id."""
    phase = facts.status.phase or Phase.PENDING
    action = MarkInstance(missing_marks(facts.instance.metadata))
    return Decision(phase, Standing.WORKING, Reason.NEW, "It is being taken in.", facts.status, (action,))


def is_leaving(facts: Facts) -> bool:
    """Deleted before anything was granted: it may go at any time."""
    return facts.is_deleted and facts.term_or_problem is None and facts.status.intent is None


def let_go(facts: Facts) -> Decision:
    return Decision(
        Phase.PENDING, Standing.WORKING, Reason.DELETING, "It was never bought, and is deleted.", facts.status, unmarking(facts)
    )


def is_terminated(facts: Facts) -> bool:
    """The door was passed and the erasure was seen: both are recorded."""
    return facts.status.termination_time is not None and erasure_sentence(facts.status) is not None


def erasure_sentence(status: InstanceStatus) -> str | None:
    """What was erased and when, once that was seen."""
    said = [condition.message for condition in status.conditions if condition.type == DATA_ERASED and condition.status == "True"]
    return said[0] if said else None


def rest(facts: Facts) -> Decision:
    """Terminated is final: the object stays as a tombstone that its owner may delete.

    A start that was held up until now makes a workload behind the door: nobody pays for it, and it goes.
    """
    item, workload = facts.own_item, facts.seen.workload
    late = deletion_of(workload) if workload and facts.seen.workload_is_ours else ()
    sentence = erasure_sentence(facts.status) or ""
    is_open = item is not None and item.status.phase is not BinItemPhase.TERMINATED
    receipt = (WriteItemStatus(closed_item(item, sentence, facts.now)),) if item and is_open else ()
    return Decision(Phase.TERMINATED, Standing.STALLED, Reason.TERMINATED, sentence, facts.status, (*late, *receipt, *unmarking(facts)))


def unmarking(facts: Facts) -> tuple[Action, ...]:
    changes = marks_to_take_off(facts.instance.metadata)
    return (MarkInstance(changes),) if changes else ()


def item_left_behind(facts: Facts) -> tuple[Action, ...]:
    """Our own item of an instance that is not in the bin (any more); one that speaks of another instance is ignored."""
    item = facts.seen.item
    if item is None or item.spec.instance_ref.uid != facts.instance.metadata.uid or is_newer_than_look(item, facts):
        return ()
    return (DropItem(item),)
