"""What an instance wants attached, what it holds, and what stands in the way (product.md P6, P11; api.md, "ElasticResource").

Holding a resource is an entry in that resource's own status, written on the version that was read: first come, first served. Nothing
is rendered or labelled for a resource that is not held.
"""

from collections.abc import Callable
from typing import Final

from prepaid.api.elastic_resource import TARGETS, ElasticType
from prepaid.api.marks import INSTANCE_UID, LIFECYCLE_FINALIZER
from prepaid.api.reference import Reference
from prepaid.api.terms import DetachPolicy
from prepaid.lifecycle.facts import Facts, SeenResource
from prepaid.lifecycle.mounting import Fitting, is_taken
from prepaid.lifecycle.reasons import Problem
from prepaid.lifecycle.rendering import Rendering

LABELLED: Final = frozenset({ElasticType.LOAD_BALANCER, ElasticType.ELASTIC_IP, ElasticType.NETWORK_LINK})
"""Attached by a label on the instance's pods; the others by the pod template."""

EXCLUSIVE: Final = frozenset({ElasticType.ELASTIC_IP, ElasticType.CLOUD_DISK, ElasticType.NETWORK_INTERFACE})
"""Held by one instance at a time."""

MOST_HOLDERS: Final = 1000

Hindrance = Callable[[SeenResource, Facts], str]


def own_reference(facts: Facts) -> Reference:
    return Reference(name=facts.instance.metadata.name, uid=facts.instance.metadata.uid)


def is_held(seen: SeenResource, facts: Facts) -> bool:
    return seen.is_held_by(facts.instance.metadata.uid)


def asked_names(facts: Facts) -> tuple[str, ...]:
    """What the owner asks for, less what recycling still has to take off: that is worked off first, even after a recovery."""
    dropped = {record.name for record in facts.status.pending_detachments}
    return tuple(reference.name for reference in facts.instance.spec.attachments if reference.name not in dropped)


def wanted(facts: Facts) -> tuple[SeenResource, ...]:
    """While the term runs what is asked for; in the bin only what the terms let it keep; behind the door nothing."""
    dropped = {record.name for record in facts.status.pending_detachments}
    if facts.status.termination_time:
        return ()
    if facts.status.recycle_time:
        kept = keeps_attachments(facts)
        return tuple(seen for seen in facts.seen.resources if kept and is_held(seen, facts) and seen.name not in dropped)
    asked = asked_names(facts)
    return tuple(seen for seen in facts.seen.resources if seen.name in asked)


def keeps_attachments(facts: Facts) -> bool:
    """Whether recycling leaves attachments alone, by the terms as bought."""
    return facts.term.terms.detach_policy is DetachPolicy.RETAIN


def unwanted(facts: Facts) -> tuple[SeenResource, ...]:
    """What it holds, or may still have in its pod template, and wants no more."""
    kept = {seen.name for seen in wanted(facts)}
    return tuple(seen for seen in facts.seen.resources if seen.name not in kept and (is_held(seen, facts) or was_attached(seen, facts)))


def was_attached(seen: SeenResource, facts: Facts) -> bool:
    """Of what is there no more only the status tells."""
    records = (*facts.status.attachments, *facts.status.pending_detachments)
    return seen.resource is None and any(record.name == seen.name for record in records)


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
    has_no_place,
)
"""What keeps a resource from being taken, in this order."""

TO_KEEP: Final[tuple[Hindrance, ...]] = (has_no_target,)
"""What keeps one that is held from having effect; what cannot be seen is not gone (P15)."""


def is_labelled(seen: SeenResource) -> bool:
    return seen.resource is not None and seen.resource.spec.type in LABELLED


def fitting_of(seen: SeenResource) -> Fitting | None:
    """How it is rendered into a pod template; of one that is not there any more only the name is known."""
    if seen.resource is None:
        return Fitting(seen.name)
    target = seen.resource.spec.target_ref.name
    match seen.resource.spec.type:
        case ElasticType.CLOUD_DISK:
            return Fitting(seen.name, claim=target)
        case ElasticType.NETWORK_INTERFACE:
            return Fitting(seen.name, network=target)
        case _:
            return None
