"""What keeps a resource from being attached, in order, each with a sentence that says what to do; the instance runs all the same.

One that is not held must be there, sound, and free; one that is held only needs its target.
"""

from collections.abc import Callable
from typing import Final

from prepaid.api.elastic_resource import TARGETS
from prepaid.api.marks import INSTANCE_UID, LIFECYCLE_FINALIZER
from prepaid.lifecycle.attachments import EXCLUSIVE, fitting_of, is_held, wanted
from prepaid.lifecycle.facts import Facts, SeenResource
from prepaid.lifecycle.mounting import is_taken
from prepaid.lifecycle.reasons import Problem
from prepaid.lifecycle.rendering import Rendering

MOST_HOLDERS: Final = 1000

Hindrance = Callable[[SeenResource, Facts], str]


def effective(facts: Facts) -> tuple[SeenResource, ...]:
    """What is wanted, held, and has a target: this is labelled and rendered."""
    return tuple(seen for seen in wanted(facts) if is_held(seen, facts) and not hindrance(seen, facts))


def takable(facts: Facts) -> tuple[SeenResource, ...]:
    """What is wanted and free."""
    return tuple(seen for seen in wanted(facts) if not is_held(seen, facts) and not hindrance(seen, facts))


def hindrance(seen: SeenResource, facts: Facts) -> str:
    """The first thing that stands in the way, as a sentence that says what to do; empty for none."""
    table = TO_KEEP if is_held(seen, facts) else TO_TAKE
    return next((said for row in table if (said := row(seen, facts))), "")


def is_missing(seen: SeenResource, _: Facts) -> str:
    return "" if seen.resource else f"There is no ElasticResource {seen.name}; create it, or take it out of spec.attachments."


def is_going(seen: SeenResource, _: Facts) -> str:
    deleted = seen.resource and seen.resource.metadata.deletion_timestamp
    return f"ElasticResource {seen.name} is being deleted; take it out of spec.attachments." if deleted else ""


def is_of_wrong_kind(seen: SeenResource, _: Facts) -> str:
    if seen.resource is None:
        return ""
    spec = seen.resource.spec
    is_right = f"{spec.target_ref.api_version} {spec.target_ref.kind}" == TARGETS[spec.type]
    return "" if is_right else f"Its target is a {spec.target_ref.kind}, but {spec.type} takes a {TARGETS[spec.type]}; make it anew."


def has_rival(seen: SeenResource, _: Facts) -> str:
    return f"ElasticResource {seen.rival} is older and has the same target; attach that one." if seen.rival else ""


def has_no_target(seen: SeenResource, _: Facts) -> str:
    if seen.resource is None or seen.target is not None:
        return ""
    target = seen.resource.spec.target_ref
    return f"There is no {target.kind} {target.name}, its target; create it."


def has_hidden_target(seen: SeenResource, _: Facts) -> str:
    return seen.target.message if isinstance(seen.target, Problem) else ""


def is_somebodys_data(seen: SeenResource, facts: Facts) -> str:
    """An instance's data goes with the instance; what is attached must not."""
    if seen.target is None or isinstance(seen.target, Problem):
        return ""
    metadata = seen.target.metadata
    is_data = INSTANCE_UID in metadata.labels or any(record.uid == metadata.uid for record in facts.status.data)
    return f"{seen.target.ref} is the data of an instance, which is erased with it; attach another one." if is_data else ""


def is_not_taken_in(seen: SeenResource, _: Facts) -> str:
    is_known = seen.resource is not None and LIFECYCLE_FINALIZER in seen.resource.metadata.finalizers
    return "" if is_known else f"ElasticResource {seen.name} is being taken in."


def is_taken_by_another(seen: SeenResource, _: Facts) -> str:
    """First come, first served."""
    holders = seen.resource.status.attached_to if seen.resource else ()
    if seen.resource and seen.resource.spec.type in EXCLUSIVE and holders:
        return f"Instance {holders[0].name} holds it; it is attached here when it is free."
    return f"{MOST_HOLDERS} instances hold it, which is the most." if len(holders) >= MOST_HOLDERS else ""


def is_mounted_by_an_intruder(seen: SeenResource, _: Facts) -> str:
    """A pod that was there before its claim became a disk."""
    return f"Pod {seen.intruder} mounts it, which is no instance's; delete that pod, and it is attached." if seen.intruder else ""


def has_no_place(seen: SeenResource, facts: Facts) -> str:
    """The class's own template mounts something there already."""
    fitting, rendering = fitting_of(seen), facts.seen.rendering
    if fitting is None or not isinstance(rendering, Rendering) or not is_taken(rendering.manifest, rendering.pod_template, fitting):
        return ""
    place = fitting.path if fitting.claim else fitting.network
    return f"The class's own pod template has something in its place ({place}); give it another name."


TO_TAKE: Final[tuple[Hindrance, ...]] = (
    is_missing,
    is_going,
    is_of_wrong_kind,
    has_rival,
    has_no_target,
    has_hidden_target,
    is_somebodys_data,
    is_not_taken_in,
    is_taken_by_another,
    is_mounted_by_an_intruder,
    has_no_place,
)
"""What keeps a resource from being taken, in this order."""

TO_KEEP: Final[tuple[Hindrance, ...]] = (has_no_target,)
"""What keeps one that is held from having effect; what cannot be seen is not gone (P15)."""
