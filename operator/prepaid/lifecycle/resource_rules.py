"""What should happen to an elastic resource now, apart from being attached, which is its instances' doing. Read the list from the top.

A resource that is deleted stays until nobody holds it and its last idle unit is settled; without an account, or in a namespace that is
going, it goes without a charge (api.md, "ElasticResource").
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

from whenever import Instant

from prepaid.api.account import PrepaidAccount
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.marks import LIFECYCLE_FINALIZER
from prepaid.lifecycle.idle_telling import told_of_charges
from prepaid.lifecycle.idling import idle_from, released_by, with_running_span
from prepaid.lifecycle.resource_standing import with_standing


@dataclass(frozen=True)
class ResourceFacts:
    """`accounts` are those of its spans that are still there, by uid; `payer` is the one that its spec names; `dead` are the uids of
    holders that are no more and have no pod left."""

    resource: ElasticResource
    now: Instant
    payer: PrepaidAccount | None = None
    accounts: Mapping[str, PrepaidAccount] = field(default_factory=dict)
    dead: frozenset[str] = frozenset()
    is_namespace_going: bool = False


@dataclass(frozen=True)
class Care:
    """The resource as its status should be, or the finalizers that it should have."""

    resource: ElasticResource
    finalizers: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Rule:
    """When it applies, what follows, and why."""

    when: Callable[[ResourceFacts], bool]
    then: Callable[[ResourceFacts], Care]
    because: str


def accounted(facts: ResourceFacts) -> ElasticResource:
    """Its spans as its accounts tell, and the one that should run."""
    return with_running_span(told_of_charges(facts.resource, facts.accounts), facts.payer, facts.now)


def is_free_to_go(facts: ResourceFacts) -> bool:
    resource = facts.resource
    if resource.metadata.deletion_timestamp is None or resource.status.attached_to:
        return False
    return facts.is_namespace_going or not accounted(facts).status.idle_spans


def let_go(facts: ResourceFacts) -> Care:
    return Care(facts.resource, tuple(name for name in facts.resource.metadata.finalizers if name != LIFECYCLE_FINALIZER))


def is_unmarked(facts: ResourceFacts) -> bool:
    metadata = facts.resource.metadata
    return metadata.deletion_timestamp is None and LIFECYCLE_FINALIZER not in metadata.finalizers


def mark(facts: ResourceFacts) -> Care:
    return Care(facts.resource, (*facts.resource.metadata.finalizers, LIFECYCLE_FINALIZER))


def is_new(facts: ResourceFacts) -> bool:
    return facts.resource.status.phase is None


def begin_idle(facts: ResourceFacts) -> Care:
    """Idle since it was first seen; also one whose status was emptied."""
    return standing(idle_from(facts.resource, facts.payer, facts.now), facts)


def is_held_by_the_dead(facts: ResourceFacts) -> bool:
    return any(holder.uid in facts.dead for holder in facts.resource.status.attached_to)


def free(facts: ResourceFacts) -> Care:
    def without(resource: ElasticResource, uid: str) -> ElasticResource:
        return released_by(resource, uid, facts.payer, facts.now)

    held = {holder.uid for holder in facts.resource.status.attached_to}
    return standing(reduce(without, sorted(held & facts.dead), facts.resource), facts)


def always(_: ResourceFacts) -> bool:
    return True


def keep_account(facts: ResourceFacts) -> Care:
    return standing(accounted(facts), facts)


def standing(resource: ElasticResource, facts: ResourceFacts) -> Care:
    return Care(with_standing(resource, facts.now))


RULES: Final = (
    Rule(is_free_to_go, let_go, "deleted, held by nobody, and nothing is owed for it"),
    Rule(is_unmarked, mark, "it is marked before anything holds it, so that it cannot vanish unsettled"),
    Rule(is_new, begin_idle, "what nobody holds is idle (P11)"),
    Rule(is_held_by_the_dead, free, "an instance that is no more holds nothing"),
    Rule(always, keep_account, "each unit is charged once, and told here"),
)


def care_for(facts: ResourceFacts) -> Care:
    """The first rule that applies. Total: the last one always does."""
    return next(rule.then(facts) for rule in RULES if rule.when(facts))
