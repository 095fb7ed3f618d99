"""What an instance wants attached, what it holds, and what it has no claim to any more (product.md P6, P11; api.md, "ElasticResource").

Holding a resource is an entry in that resource's own status, written on the version that was read: first come, first served. Nothing
is rendered or labelled for a resource that is not held.
"""

from typing import Final

from prepaid.api.elastic_resource import ElasticType, Holder
from prepaid.api.terms import DetachPolicy
from prepaid.lifecycle.facts import Facts, SeenResource
from prepaid.lifecycle.mounting import Fitting

LABELLED: Final = frozenset({ElasticType.LOAD_BALANCER, ElasticType.ELASTIC_IP, ElasticType.NETWORK_LINK})
"""Attached by a label on the instance's pods; the others by the pod template."""

EXCLUSIVE: Final = frozenset({ElasticType.ELASTIC_IP, ElasticType.CLOUD_DISK, ElasticType.NETWORK_INTERFACE})
"""Held by one instance at a time."""


def own_hold(facts: Facts) -> Holder:
    own = facts.instance.metadata
    return Holder(name=own.name, uid=own.uid, generation=own.generation)


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
