"""Our marks on an instance: the finalizer, the id that tells a restored copy, and what keeps GitOps tools from pruning it.

A mark that somebody took off a living instance is put back; a foreign value of a GitOps annotation is left alone.
"""

import hashlib
from typing import Any

from prepaid.api.marks import ARGO_SYNC_OPTIONS, FLUX_PRUNE, INSTANCE_ID, LIFECYCLE_FINALIZER
from prepaid.api.resource import ObjectMeta
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.notices import Event, Notice
from prepaid.lifecycle.ordering import is_ours

PROTECTION = {ARGO_SYNC_OPTIONS: "Prune=false,Delete=false", FLUX_PRUNE: "disabled"}


def missing_marks(metadata: ObjectMeta) -> dict[str, Any]:
    """The metadata to merge so that every mark is there; empty when none is missing. Nothing is added to what is being deleted."""
    if metadata.deletion_timestamp is not None:
        return {}
    wanted = PROTECTION | {INSTANCE_ID: metadata.uid}
    annotations = {name: value for name, value in wanted.items() if name not in metadata.annotations}
    if metadata.annotations.get(INSTANCE_ID) != metadata.uid:
        annotations[INSTANCE_ID] = metadata.uid
    changes: dict[str, Any] = {"annotations": annotations} if annotations else {}
    if LIFECYCLE_FINALIZER not in metadata.finalizers:
        changes["finalizers"] = [*metadata.finalizers, LIFECYCLE_FINALIZER]
    return changes


def marks_to_take_off(metadata: ObjectMeta) -> dict[str, Any]:
    """The metadata to merge so that the tombstone is its owner's to delete; only our own values are taken off."""
    ours = [name for name, value in PROTECTION.items() if metadata.annotations.get(name) == value]
    changes: dict[str, Any] = {"annotations": dict.fromkeys(ours)} if ours else {}
    if LIFECYCLE_FINALIZER in metadata.finalizers:
        changes["finalizers"] = [name for name in metadata.finalizers if name != LIFECYCLE_FINALIZER]
    return changes


def unprotected(facts: Facts) -> tuple[Event, ...]:
    """A foreign value of a GitOps annotation is left alone, with a warning, once for each value (api.md, "Labels, annotations")."""
    annotations = facts.instance.metadata.annotations
    foreign = {name: annotations[name] for name, value in PROTECTION.items() if not protects(annotations.get(name, value), value)}
    if not foreign:
        return ()
    said = "; ".join(f"{name} is {value[:100]!r}, and should have {PROTECTION[name]}" for name, value in sorted(foreign.items()))
    once = hashlib.sha256(said.encode()).hexdigest()[:8]
    return (Event(Notice.NOT_PROTECTED, f"A GitOps tool may delete this instance: {said}.", once),)


def protects(value: str, wanted: str) -> bool:
    """Whether it says all that ours would, perhaps among other things."""
    return set(wanted.split(",")) <= {word.strip() for word in value.split(",")}


def is_restored_copy(facts: Facts) -> bool:
    """Whether it carries another instance's id: it was copied, and is never bought again (api.md, "Held").

    Where something was made for this very uid it is no copy: somebody changed its id, which is put right and stops no clock.
    """
    metadata, seen = facts.instance.metadata, facts.seen
    if metadata.annotations.get(INSTANCE_ID, metadata.uid) == metadata.uid:
        return False
    was_bought = any(is_ours(order) and order.spec.instance_ref.uid == metadata.uid for order in (*seen.orders, *seen.history))
    was_filed = seen.item is not None and seen.item.spec.instance_ref.uid == metadata.uid
    return not (was_bought or seen.workload_is_ours or was_filed or any(data.is_ours for data in seen.data))


def is_new_and_unmarked(facts: Facts) -> bool:
    """Later a mark that is missing holds nothing up: it is put back beside what is decided."""
    return facts.term_or_problem is None and bool(missing_marks(facts.instance.metadata))
