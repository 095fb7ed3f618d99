"""How far each attachment has come, as the status tells its owner: Attached, Recorded, or Pending with a sentence that says what to do."""

from typing import Final

from whenever import Instant

from prepaid.api.instance import AttachmentRecord, AttachmentState, InstanceStatus
from prepaid.lifecycle.attachments import asked_names, fitting_of, is_held, wanted
from prepaid.lifecycle.detaching import seen_of, with_detachments
from prepaid.lifecycle.facts import Facts, SeenResource
from prepaid.lifecycle.hindrances import hindrance
from prepaid.lifecycle.mounting import can_be_fitted, is_fitted
from prepaid.lifecycle.rendering import Rendering

IN_BIN: Final = "It is in the Recycle Bin: what is listed here when it is recovered is attached then."
AT_NEXT_START: Final = "It gets into the pod template when the workload is next started."
UNDER_WAY: Final = "It is being attached."


def with_attachments(facts: Facts, status: InstanceStatus) -> InstanceStatus:
    """The status with every attachment as it is, and every detachment as far as it has come."""
    return with_detachments(facts, status.model_copy(update={"attachments": attachment_records(facts)}))


def attachment_records(facts: Facts) -> tuple[AttachmentRecord, ...]:
    """In the owner's order, then what is kept without being asked for any more; behind the door there are none."""
    if facts.status.termination_time:
        return ()
    kept = {seen.name: seen for seen in wanted(facts)}
    names = dict.fromkeys((*asked_names(facts), *kept))
    return tuple(record_of(name, kept.get(name), facts) for name in names)


def record_of(name: str, seen: SeenResource | None, facts: Facts) -> AttachmentRecord:
    """One that is asked for in the bin waits for the recovery."""
    if seen is None:
        known = seen_of(name, facts)
        elastic_type = known.resource.spec.type if known and known.resource else None
        return AttachmentRecord(name=name, type=elastic_type, state=AttachmentState.PENDING, message=IN_BIN)
    state, message = standing_of(seen, facts)
    elastic_type = seen.resource.spec.type if seen.resource else None
    attach_time = None if state is AttachmentState.PENDING else since(name, facts)
    return AttachmentRecord(name=name, type=elastic_type, state=state, attach_time=attach_time, message=message)


def since(name: str, facts: Facts) -> Instant:
    """When it was first attached, without a break."""
    before = next((record.attach_time for record in facts.status.attachments if record.name == name), None)
    return before or facts.now


def standing_of(seen: SeenResource, facts: Facts) -> tuple[AttachmentState, str]:
    if said := hindrance(seen, facts):
        return AttachmentState.PENDING, said
    if not is_held(seen, facts):
        return AttachmentState.PENDING, UNDER_WAY
    if has_nothing_to_render_into(seen, facts):
        return AttachmentState.RECORDED, ""
    fitting, live = fitting_of(seen), facts.seen.workload
    if fitting is None or (live is not None and is_fitted(live.body, fitting)):
        return AttachmentState.ATTACHED, ""
    return AttachmentState.PENDING, AT_NEXT_START


def has_nothing_to_render_into(seen: SeenResource, facts: Facts) -> bool:
    """A class without a workload, or for disks and interfaces without a pod template for them (api.md, InstanceClass)."""
    fitting, rendering = fitting_of(seen), facts.seen.rendering
    if rendering is None:
        return True
    if fitting is None or not isinstance(rendering, Rendering):
        return False
    return not can_be_fitted(rendering.manifest, rendering.pod_template, fitting)
