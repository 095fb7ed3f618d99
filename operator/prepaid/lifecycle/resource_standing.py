"""How an elastic resource reads: its one condition, whether it is held or idle and what that costs. Decides nothing."""

from whenever import Instant

from prepaid.api.elastic_resource import ElasticPhase, ElasticResource
from prepaid.api.resource import Condition
from prepaid.lifecycle.idling import with_status
from prepaid.lifecycle.reasons import Reason

READY = "Ready"


def with_standing(resource: ElasticResource, now: Instant) -> ElasticResource:
    """With its condition; lastTransitionTime stays, because a resource that exists is ready."""
    is_idle = resource.status.phase is ElasticPhase.IDLE
    before = next((known.last_transition_time for known in resource.status.conditions if known.type == READY), now)
    condition = Condition(
        type=READY,
        status="True",
        reason=Reason.IDLE if is_idle else Reason.ATTACHED,
        message=idle_sentence(resource) if is_idle else held_sentence(resource),
        observed_generation=resource.metadata.generation,
        last_transition_time=before,
    )
    return with_status(resource, conditions=(condition,))


def held_sentence(resource: ElasticResource) -> str:
    first, *others = (holder.name for holder in resource.status.attached_to)
    return f"Held by {first}." if not others else f"Held by {first} and {len(others)} more."


def idle_sentence(resource: ElasticResource) -> str:
    price = resource.status.idle_price
    if price:
        return f"Nobody holds it; each started {price.unit.lower()} costs {price.amount} {price.currency} until it is attached or deleted."
    return "Nobody holds it; its account has no price for that."
