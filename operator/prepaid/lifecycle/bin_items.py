"""The bin item of a stay: how it is filed, what its owner says on it, and when it may be emptied (api.md, RecycleBinItem).

What it tells its owner is item_status.py's.
"""

from typing import Final

from whenever import Instant, TimeDelta

from prepaid.api.bin_item import BinItemSpec, Disposition, InstanceRef, RecycleBinItem
from prepaid.api.marks import CLASS, INSTANCE, INSTANCE_UID
from prepaid.api.resource import API_VERSION, ObjectMeta, OwnerReference
from prepaid.lifecycle.detaching import detached_in_this_stay
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.terms import release_time

FILED_AT_ONCE: Final = TimeDelta(seconds=5)
LITTLE: Final = 1 / 10_000


def item_of(facts: Facts) -> RecycleBinItem:
    """The item to file for the present stay; its receipt goes with the tombstone, so the instance owns it."""
    instance, stay = facts.instance, facts.stay
    own = instance.metadata
    owner = OwnerReference(api_version=API_VERSION, kind=instance.kind, name=own.name, uid=own.uid)
    labels = {INSTANCE: own.name, INSTANCE_UID: own.uid, CLASS: instance.spec.instance_class}
    return RecycleBinItem(
        metadata=ObjectMeta(name=own.name, namespace=own.namespace, labels=labels, owner_references=(owner,)),
        spec=BinItemSpec(
            instance_ref=InstanceRef(name=own.name, uid=own.uid, stay=facts.status.stay),
            recycle_time=stay.recycle_time,
            release_time=stay.release_time,
            reason="Expired",
            detached_attachments=detached_in_this_stay(facts),
        ),
    )


def is_newer_than_look(item: RecycleBinItem, facts: Facts) -> bool:
    """Filed after this look began, for a stay or an instance that it knows nothing of: it may hold its owner's word already."""
    ref, filed = item.spec.instance_ref, item.metadata.creation_timestamp
    is_known = ref.uid == facts.instance.metadata.uid and ref.stay <= facts.status.stay
    return not is_known and filed is not None and filed >= facts.now


def is_confirmed(item: RecycleBinItem) -> bool:
    """Whether the owner has said Terminate and typed the name (P9)."""
    return item.spec.disposition is Disposition.TERMINATE and item.spec.confirm == item.metadata.name


def effective_release_time(facts: Facts) -> Instant:
    """The first moment at which the bin may be emptied: never before the item itself has lain there for the whole retention (P13)."""
    release = facts.stay.release_time
    item = facts.own_item
    if item is None or item.metadata.creation_timestamp is None:
        return release
    terms = facts.term.terms
    return max(release, release_time(facts.term.expiration_time, item.metadata.creation_timestamp, terms.retention, terms.time_zone))


def announced_release_time(facts: Facts) -> Instant:
    """What is told. An item that was filed a little late moves the release by as little, which is no reason to write the status again.

    Little is a minute in a week: in a crowd some are filed many seconds after the commit.
    """
    release, recorded = effective_release_time(facts), facts.stay.release_time
    little = max(FILED_AT_ONCE, (recorded - facts.stay.recycle_time) * LITTLE)
    return recorded if release - recorded <= little else release
