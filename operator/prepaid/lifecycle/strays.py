"""Bin items that nobody should have made: they are reported, on the item itself and in an event, and ignored.

An item belongs to the very stay that filed it. What is left over of an earlier stay of the same instance is no stray: it is removed.
"""

from typing import Final

from whenever import Instant

from prepaid.api.bin_item import RecycleBinItem
from prepaid.lifecycle.bin_items import is_newer_than_look
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.item_status import condition, with_status
from prepaid.lifecycle.notices import Event, Notice
from prepaid.lifecycle.reasons import Problem, Reason

OBEYED: Final = "Obeyed"
WITHOUT_INSTANCE: Final = "There is no PrepaidInstance of this name: the item is ignored; delete it."
OF_ANOTHER: Final = "Its uid is not that of the PrepaidInstance of this name: the item is ignored; delete it."


def stray_beside(facts: Facts) -> RecycleBinItem | None:
    """The item of this name that speaks of another instance, as it is to be reported; None where that was done, or there is none.

    In the bin it makes way for the item of the stay.
    """
    item = facts.seen.item
    if item is None or item.spec.instance_ref.uid == facts.instance.metadata.uid or is_newer_than_look(item, facts):
        return None
    return reported_stray(item, OF_ANOTHER, facts.now)


def reported_stray(item: RecycleBinItem, why: str, now: Instant) -> RecycleBinItem | None:
    """The item with the report on it; None where it is reported already, or is on its way out."""
    if item.metadata.deletion_timestamp or any(known.type == OBEYED and known.message == why for known in item.status.conditions):
        return None
    said = condition(item, OBEYED, False, Problem(Reason.NOT_OURS, why), now)
    return with_status(item, {"conditions": (*(known for known in item.status.conditions if known.type != OBEYED), said)})


def stray_event(why: str) -> Event:
    """Once for each item: the recorder's names have the item's uid."""
    return Event(Notice.IGNORED, why, "stray")
