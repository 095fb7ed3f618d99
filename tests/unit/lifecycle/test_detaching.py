"""Recycling takes attachments off, once (product.md P6): the commit, the work after it, the bin item, recovery, the door."""

from dataclasses import replace

import pytest

from builders import EXPIRATION, IN_BIN, NAME, RELEASE, SECOND, START, UID, Changes, account, live, resource, running, terms
from living import at, carried_out, settled
from prepaid.api.elastic_resource import ElasticPhase, ElasticResource, ElasticType
from prepaid.api.instance import AttachmentReference, AttachmentState, DetachmentRecord, Phase
from prepaid.api.reference import Reference
from prepaid.api.terms import DetachPolicy
from prepaid.lifecycle.actions import DropReferences
from prepaid.lifecycle.facts import Facts, SeenPod, SeenResource
from prepaid.lifecycle.mounting import Fitting, is_fitted
from prepaid.lifecycle.notices import Notice
from prepaid.lifecycle.rules import decide

OTHER = Reference(name="web-2", uid="web-2-uid")
DISK = Fitting("disk-1", claim="disk-1")
DETACHED = [("disk-1", ElasticType.CLOUD_DISK, EXPIRATION), ("lb", ElasticType.LOAD_BALANCER, EXPIRATION)]


def seen(of: ElasticResource) -> SeenResource:
    target = of.spec.target_ref
    return SeenResource(of.metadata.name, of, live(target.kind, target.name, f"{target.name}-uid", target.api_version), account=account())


def attached(policy: DetachPolicy = DetachPolicy.FORCE) -> Facts:
    """Runs with a disk and a load balancer."""
    names = ("disk-1", "lb")
    resources = (seen(resource()), seen(resource("lb", ElasticType.LOAD_BALANCER)))
    spec = {"attachments": tuple(AttachmentReference(name=name) for name in names)}
    return settled(running(START, spec=spec, status={"terms": terms(detach_policy=policy)}, resources=resources))


def committed(policy: DetachPolicy = DetachPolicy.FORCE) -> Facts:
    """The commit of recycling, and nothing of what follows."""
    return carried_out(decide(at(EXPIRATION, attached(policy))), at(EXPIRATION, attached(policy)))


def recycled(policy: DetachPolicy = DetachPolicy.FORCE) -> Facts:
    return settled(committed(policy))


def with_spec(facts: Facts, **changes: object) -> Facts:
    return replace(facts, instance=facts.instance.model_copy(update={"spec": facts.instance.spec.model_copy(update=changes)}))


def references(*names: str) -> tuple[AttachmentReference, ...]:
    return tuple(AttachmentReference(name=name) for name in names)


def holders(facts: Facts) -> dict[str, list[str]]:
    known = {each.name: each.resource for each in facts.seen.resources if each.resource}
    return {name: [holder.uid for holder in each.status.attached_to] for name, each in known.items()}


def condition(facts: Facts) -> str | None:
    return next((known.status for known in facts.status.conditions if known.type == "AttachmentsDetached"), None)


def test_what_comes_off_is_written_with_the_commit() -> None:
    status = committed().status
    assert [(record.name, record.type) for record in status.pending_detachments] == [known[:2] for known in DETACHED]
    assert (status.recycle_time, status.attachments, status.detached_attachments) == (EXPIRATION, (), ())


def test_in_the_bin_everything_is_off_and_recorded() -> None:
    facts = recycled()
    assert facts.seen.workload is not None
    assert holders(facts) == {"disk-1": [], "lb": []}
    assert not is_fitted(facts.seen.workload.body, DISK)
    assert facts.instance.spec.attachments == ()
    assert [(record.name, record.type, record.detach_time) for record in facts.status.detached_attachments] == DETACHED
    assert (facts.status.pending_detachments, facts.status.attachments, condition(facts)) == ((), (), "True")


def test_the_bin_item_remembers_what_came_off() -> None:
    item = recycled().seen.item
    assert item is not None
    assert [(record.name, record.type, record.detach_time) for record in item.spec.detached_attachments] == DETACHED


def test_each_is_idle_from_then_on() -> None:
    resources = [each.resource for each in recycled().seen.resources]
    assert [(each.status.phase, each.status.idle_since_time) for each in resources if each] == [(ElasticPhase.IDLE, EXPIRATION)] * 2


def test_what_another_instance_holds_stays_held() -> None:
    facts = committed()
    disk, lb = facts.seen.resources
    assert lb.resource is not None
    shared = lb.resource.model_copy(
        update={"status": lb.resource.status.model_copy(update={"attached_to": (OTHER, *lb.resource.status.attached_to)})}
    )
    rested = settled(replace(facts, seen=replace(facts.seen, resources=(disk, replace(lb, resource=shared)))))
    assert holders(rested)["lb"] == [OTHER.uid]


def test_a_disk_stays_held_while_a_pod_mounts_it() -> None:
    mounting = SeenPod(live("Pod", "web-1-0", "pod-uid", spec={"containers": [], "volumes": [{"name": DISK.volume}]}), is_controlled=True)
    facts = committed()
    waiting = settled(replace(facts, seen=replace(facts.seen, own_pods=(mounting,))))
    assert (holders(waiting), condition(waiting)) == ({"disk-1": [UID], "lb": []}, "False")
    assert [record.name for record in waiting.status.pending_detachments] == ["disk-1"]
    assert decide(waiting).wake_time == waiting.now.add(seconds=5)


def test_it_is_told_once_when_all_of_it_is_off() -> None:
    events = [event for event in decide(recycled()).events if event.notice is Notice.ATTACHMENTS_DETACHED]
    assert [(event.once, event.message) for event in events] == [
        ("1", "Recycling took off disk-1, lb; set spec.attachments again once it is recovered.")
    ]
    assert not [event for event in decide(committed()).events if event.notice is Notice.ATTACHMENTS_DETACHED]


def written_back() -> Facts:
    """A GitOps tool applies its manifest again."""
    return settled(with_spec(recycled(), attachments=references("disk-1", "lb")))


def test_what_is_written_back_in_the_bin_stays_pending() -> None:
    facts = written_back()
    assert [reference.name for reference in facts.instance.spec.attachments] == ["disk-1", "lb"]
    assert [record.state for record in facts.status.attachments] == [AttachmentState.PENDING] * 2
    assert holders(facts) == {"disk-1": [], "lb": []}


def test_there_is_no_fight_over_it() -> None:
    facts = written_back()
    again = settled(with_spec(facts, attachments=references("disk-1", "lb")))
    assert (decide(facts).actions, again.status) == ((), facts.status)


def recovered(facts: Facts) -> Facts:
    """Renewed by its owner; a month is reached at once."""
    return settled(with_spec(facts, purchased_periods=3))


def test_a_recovery_brings_nothing_back() -> None:
    facts = recovered(at(IN_BIN, recycled()))
    assert (facts.status.phase, facts.status.attachments, holders(facts)) == (Phase.RUNNING, (), {"disk-1": [], "lb": []})


def test_what_is_set_again_after_the_recovery_is_attached() -> None:
    facts = settled(with_spec(recovered(at(IN_BIN, recycled())), attachments=references("disk-1")))
    assert [(record.name, record.state) for record in facts.status.attachments] == [("disk-1", AttachmentState.ATTACHED)]
    assert holders(facts) == {"disk-1": [UID], "lb": []}


def test_what_is_there_at_the_recovery_counts_as_set_again() -> None:
    facts = recovered(at(IN_BIN, written_back()))
    assert [record.state for record in facts.status.attachments] == [AttachmentState.ATTACHED] * 2


def test_a_recovery_does_not_save_what_was_to_come_off() -> None:
    """It is renewed before anything was taken off: the list is worked off all the same."""
    facts = recovered(committed())
    assert (facts.status.phase, facts.instance.spec.attachments, holders(facts)) == (Phase.RUNNING, (), {"disk-1": [], "lb": []})
    assert ([record.name for record in facts.status.detached_attachments], facts.status.pending_detachments) == (["disk-1", "lb"], ())


def test_references_are_dropped_once_however_often_they_come_back() -> None:
    facts, drops = committed(), 0
    for _ in range(20):
        decision = decide(facts)
        drops += sum(isinstance(action, DropReferences) for action in decision.actions)
        facts = carried_out(decision, facts)
        if not facts.instance.spec.attachments and facts.status.detached_attachments:
            facts = with_spec(facts, attachments=references("disk-1", "lb"))
    assert drops == 1


def test_a_policy_of_retaining_keeps_references_and_attachments() -> None:
    facts = recycled(DetachPolicy.RETAIN)
    assert [reference.name for reference in facts.instance.spec.attachments] == ["disk-1", "lb"]
    assert holders(facts) == {"disk-1": [UID], "lb": [UID]}
    assert ([record.state for record in facts.status.attachments], condition(facts)) == ([AttachmentState.ATTACHED] * 2, None)


def test_what_is_asked_for_in_the_bin_waits_also_where_the_rest_is_kept() -> None:
    new = seen(resource("eip", ElasticType.ELASTIC_IP))
    facts = with_spec(recycled(DetachPolicy.RETAIN), attachments=references("disk-1", "lb", "eip"))
    rested = settled(replace(facts, seen=replace(facts.seen, resources=(*facts.seen.resources, new))))
    assert [record.state for record in rested.status.attachments] == [AttachmentState.ATTACHED] * 2 + [AttachmentState.PENDING]
    assert holders(rested)["eip"] == []


@pytest.mark.parametrize("policy", list(DetachPolicy))
def test_behind_the_door_nothing_is_held(policy: DetachPolicy) -> None:
    facts = settled(at(RELEASE + SECOND, recycled(policy)))
    assert facts.status.phase is Phase.TERMINATED
    assert holders(facts) == {"disk-1": [], "lb": []}
    assert (facts.status.attachments, facts.status.pending_detachments) == ((), ())


def test_a_reference_to_nothing_is_dropped_too() -> None:
    facts = at(EXPIRATION, with_spec(attached(), attachments=references("disk-1", "lb", "absent")))
    rested = settled(replace(facts, seen=replace(facts.seen, resources=(*facts.seen.resources, SeenResource("absent", None)))))
    assert rested.instance.spec.attachments == ()
    assert DetachmentRecord(name="absent").name in [record.name for record in rested.status.detached_attachments]


def test_a_hold_that_came_too_late_is_given_back() -> None:
    """An operator that was paused takes hold for an instance that is in the bin by now."""
    facts = recycled()
    (disk, lb), me = facts.seen.resources, Reference(name=NAME, uid=UID)
    assert disk.resource is not None
    late: Changes = {"phase": ElasticPhase.ATTACHED, "attached_to": (me,), "attach_time": EXPIRATION, "idle_since_time": None}
    held = disk.resource.model_copy(update={"status": disk.resource.status.model_copy(update=dict(late))})
    rested = settled(replace(facts, seen=replace(facts.seen, resources=(replace(disk, resource=held), lb))))
    assert holders(rested) == {"disk-1": [], "lb": []}
