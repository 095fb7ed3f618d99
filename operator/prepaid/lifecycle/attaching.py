"""What is done to attach and to release, step by step, level-triggered: labels on pods, the pod template, the entry in the resource.

A resource is released only when nothing of the instance has it any more: no label, no place in the template, no pod that mounts it.
"""

from typing import Final

from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import Phase
from prepaid.api.marks import ATTACH_PREFIX
from prepaid.lifecycle.actions import Action, DropReferences, PatchObject, WriteResourceStatus
from prepaid.lifecycle.attachments import fitting_of, is_held, is_labelled, own_hold, unwanted, wanted
from prepaid.lifecycle.decision import Decision, Standing
from prepaid.lifecycle.facts import Facts, SeenPod, SeenResource
from prepaid.lifecycle.hindrances import effective, hindrance, takable
from prepaid.lifecycle.idling import held_by, released_by
from prepaid.lifecycle.mounting import Fitting, fitted, is_fitted, without_fittings
from prepaid.lifecycle.objects import Manifest
from prepaid.lifecycle.reasons import Reason
from prepaid.lifecycle.rendering import Rendering
from prepaid.lifecycle.resource_standing import with_standing

ATTACHED: Final = "attached"


def has_resource_to_take(facts: Facts) -> bool:
    return bool(takable(facts) or unconfirmed(facts))


def take_hold(facts: Facts) -> Decision:
    """What is wanted and free becomes its own, before its workload is made or changed for it."""
    me, now = own_hold(facts), facts.now
    named = (*takable(facts), *unconfirmed(facts))
    taken = [(seen.name, with_standing(held_by(seen.resource, me, now), now)) for seen in named if seen.resource]
    names = ", ".join(name for name, _ in taken)
    actions = tuple(WriteResourceStatus(resource) for _, resource in taken)
    phase = facts.status.phase if facts.status.phase in (Phase.RUNNING, Phase.STOPPED) else Phase.PENDING
    return Decision(phase, Standing.WORKING, Reason.ATTACHING, f"It takes hold of {names}.", facts.status, actions)


def unconfirmed(facts: Facts) -> list[SeenResource]:
    """Disks that it holds from before and is about to mount: held anew, so that whoever still means to release one conflicts."""
    rendering, own = facts.seen.rendering, own_hold(facts)
    if not isinstance(rendering, Rendering) or not rendering.pod_template or not facts.instance.spec.running:
        return []
    mounted_next = (seen for seen in effective(facts) if is_to_be_mounted(seen, facts))
    return [seen for seen in mounted_next if seen.resource and own not in seen.resource.status.attached_to]


def is_to_be_mounted(seen: SeenResource, facts: Facts) -> bool:
    fitting, live = fitting_of(seen), facts.seen.workload
    return fitting is not None and bool(fitting.claim) and (live is None or not is_fitted(live.body, fitting))


def with_fittings(manifest: Manifest, rendering: Rendering, facts: Facts) -> Manifest:
    """The workload with the disks and interfaces that it holds."""
    return fitted(manifest, rendering.pod_template, [fitting for seen in effective(facts) if (fitting := fitting_of(seen))])


def attachment_steps(facts: Facts) -> tuple[Action, ...]:
    """What is to do now for what it holds, wants or gives up; the next look sees the rest."""
    template = template_step(facts)
    return (*label_steps(facts), *([template] if template else ()), *reference_steps(facts), *release_steps(facts))


def label_steps(facts: Facts) -> tuple[PatchObject, ...]:
    """Every live pod of its own carries a label for each attachment of this sort, and no other of ours."""
    names = {f"{ATTACH_PREFIX}{seen.name}" for seen in effective(facts) if is_labelled(seen)}
    steps = (label_step(pod, names) for pod in facts.seen.own_pods if pod.is_controlled)
    return tuple(step for step in steps if step)


def label_step(pod: SeenPod, names: set[str]) -> PatchObject | None:
    has = {name: value for name, value in pod.live.metadata.labels.items() if name.startswith(ATTACH_PREFIX)}
    changes: dict[str, str | None] = {name: ATTACHED for name in names if has.get(name) != ATTACHED}
    changes |= dict.fromkeys(set(has) - names)
    return PatchObject(pod.live, {"metadata": {"labels": changes}}) if changes else None


def template_step(facts: Facts) -> PatchObject | None:
    """Takes out of the workload's pod template what has no place there any more."""
    live = facts.seen.workload
    if live is None or not facts.seen.workload_is_ours or live.metadata.deletion_timestamp:
        return None
    patch = without_fittings(live.body, outworn(facts))
    return PatchObject(live, patch) if patch else None


def outworn(facts: Facts) -> list[Fitting]:
    hindered = [seen for seen in wanted(facts) if hindrance(seen, facts)]
    given_up = [*unwanted(facts), *(seen for seen in hindered if is_held(seen, facts) or seen.resource is None)]
    return [fitting for seen in sorted(given_up, key=lambda seen: seen.name) if (fitting := fitting_of(seen))]


def reference_steps(facts: Facts) -> tuple[DropReferences, ...]:
    """The references that recycling drops, once: those that were dropped and written back are their owner's (api.md)."""
    named = {reference.name for reference in facts.instance.spec.attachments}
    names = tuple(name for name in undropped_names(facts) if name in named)
    return (DropReferences(names),) if names and not facts.status.termination_time else ()


def undropped_names(facts: Facts) -> tuple[str, ...]:
    """What recycling takes off and has not recorded as dropped yet."""
    recorded = {record.name for record in facts.status.detached_attachments}
    return tuple(record.name for record in facts.status.pending_detachments if record.name not in recorded)


def release_steps(facts: Facts) -> tuple[WriteResourceStatus, ...]:
    """Never what another instance holds: only its own entry goes."""
    free = (seen for seen in unwanted(facts) if is_held(seen, facts) and not is_in_use(seen, facts))
    return tuple(WriteResourceStatus(released(seen.resource, seen, facts)) for seen in free if seen.resource)


def released(resource: ElasticResource, seen: SeenResource, facts: Facts) -> ElasticResource:
    free = released_by(resource, facts.instance.metadata.uid, seen.account, facts.now)
    return with_standing(free, facts.now)


def is_in_use(seen: SeenResource, facts: Facts) -> bool:
    """Whether a pod or the pod template still has it."""
    fitting = fitting_of(seen)
    if fitting is None:
        return any(f"{ATTACH_PREFIX}{seen.name}" in pod.live.metadata.labels for pod in facts.seen.own_pods if pod.is_controlled)
    live = facts.seen.workload
    is_in_template = live is not None and facts.seen.workload_is_ours and is_fitted(live.body, fitting)
    return is_in_template or any(is_fitted({"pod": pod.live.body}, fitting) for pod in facts.seen.own_pods)
