"""Attaching while the term runs (product.md P11): who gets what, what waits and why, what the pods and the workload look like."""

from dataclasses import replace

import pytest

from builders import (
    LABELS,
    MIDTERM,
    NAME,
    START,
    UID,
    account,
    instance_class,
    live,
    resource,
    running,
    with_tariff,
)
from builders import workload as class_workload
from living import settled
from prepaid.api.elastic_resource import ElasticPhase, ElasticResource, ElasticType, Holder
from prepaid.api.instance import AttachmentReference, AttachmentState, Phase
from prepaid.api.instance_class import InstanceClass
from prepaid.api.marks import ATTACH_PREFIX, INSTANCE_UID
from prepaid.lifecycle.actions import ApplyWorkload, CreateWorkload, PatchObject, WriteResourceStatus
from prepaid.lifecycle.decision import Standing
from prepaid.lifecycle.facts import Facts, SeenPod, SeenResource
from prepaid.lifecycle.mounting import Fitting, is_fitted
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.rules import decide

ME, OTHER = Holder(name=NAME, uid=UID, generation=1), Holder(name="web-2", uid="web-2-uid")
DISK = Fitting("disk-1", claim="disk-1")
LB, EIP = ElasticType.LOAD_BALANCER, ElasticType.ELASTIC_IP


def seen(of: ElasticResource, **changes: object) -> SeenResource:
    """A resource whose target is there."""
    target = of.spec.target_ref
    usual = SeenResource(of.metadata.name, of, live(target.kind, target.name, f"{target.name}-uid", target.api_version), account=account())
    return replace(usual, **changes)  # type: ignore[arg-type]


def held(of: ElasticResource, *holders: Holder) -> ElasticResource:
    status = {"phase": ElasticPhase.ATTACHED, "attached_to": holders or (ME,), "idle_since_time": None, "attach_time": START}
    return of.model_copy(update={"status": of.status.model_copy(update=status)})


def pod(is_controlled: bool = True, **labels: str) -> SeenPod:
    names = {f"{ATTACH_PREFIX}{name.replace('_', '-')}": value for name, value in labels.items()}
    return SeenPod(live("Pod", "web-1-0", "pod-uid", metadata={"labels": {**LABELS, **names}}), is_controlled)


def asking(*resources: SeenResource, sold: InstanceClass | None = None, own_pods: tuple[SeenPod, ...] = ()) -> Facts:
    """Runs, and asks for these."""
    spec = {"attachments": tuple(AttachmentReference(name=each.name) for each in resources)}
    return running(spec=spec, sold=sold, resources=resources, own_pods=own_pods)


def records(facts: Facts) -> list[tuple[AttachmentState, str]]:
    return [(record.state, record.message) for record in decide(facts).status.attachments]


def test_what_is_free_is_taken_before_anything_else() -> None:
    (action,) = decide(asking(seen(resource()))).actions
    assert isinstance(action, WriteResourceStatus)
    status = action.resource.status
    assert (status.phase, status.attached_to, status.attach_time, status.idle_since_time) == (ElasticPhase.ATTACHED, (ME,), MIDTERM, None)


def test_a_disk_that_is_held_gets_into_the_pod_template() -> None:
    (action,) = decide(asking(seen(held(resource())))).actions
    assert isinstance(action, ApplyWorkload)
    assert is_fitted(action.manifest, DISK)


def test_a_disk_that_it_holds_from_before_is_held_anew_before_it_is_mounted() -> None:
    """Whoever still means to release it, because it was not wanted a moment ago, finds another version of it."""
    (action,) = decide(asking(seen(held(resource(), ME.model_copy(update={"generation": ME.generation - 1}))))).actions
    assert isinstance(action, WriteResourceStatus)
    assert action.resource.status.attached_to == (ME,)


def test_a_disk_that_is_mounted_is_not_held_anew_for_another_word_of_its_owner() -> None:
    rested = settled(asking(seen(resource())))
    newer = rested.instance.metadata.model_copy(update={"generation": rested.instance.metadata.generation + 1})
    after = replace(rested, instance=rested.instance.model_copy(update={"metadata": newer}))
    assert not any(isinstance(action, WriteResourceStatus) for action in decide(after).actions)


def test_what_mounts_a_disk_is_made_before_it_is_started() -> None:
    """A creation that was held up until another holds the disk mounts nothing."""
    facts = asking(seen(held(resource())))
    missing = replace(facts, seen=replace(facts.seen, workload=None))
    (action,) = decide(missing).actions
    assert isinstance(action, CreateWorkload)
    assert (is_fitted(action.manifest, DISK), action.manifest["spec"]["replicas"]) == (True, 0)
    started = settled(missing).seen.workload
    assert started is not None
    assert (started.at("spec.replicas"), is_fitted(started.body, DISK)) == (1, True)


def test_a_disk_is_attached_once_the_workload_has_it() -> None:
    rested = settled(asking(seen(resource())))
    assert rested.seen.workload is not None
    assert is_fitted(rested.seen.workload.body, DISK)
    assert [(record.state, record.attach_time, record.message) for record in rested.status.attachments] == [
        (AttachmentState.ATTACHED, MIDTERM, "")
    ]
    assert rested.status.phase is Phase.RUNNING


def test_a_load_balancer_labels_the_pods_and_leaves_the_workload_alone() -> None:
    (action,) = decide(asking(seen(held(resource("lb", LB))), own_pods=(pod(),))).actions
    assert isinstance(action, PatchObject)
    assert (action.live.ref.kind, action.patch) == ("Pod", {"metadata": {"labels": {f"{ATTACH_PREFIX}lb": "attached"}}})


@pytest.mark.parametrize(
    ("pods", "patches"),
    [
        pytest.param((pod(lb="attached"),), [], id="a pod that has its label is left alone"),
        pytest.param((pod(lb="attached"), pod()), [{"lb": "attached"}], id="a pod that was replaced gets it"),
        pytest.param((pod(lb="no"),), [{"lb": "attached"}], id="a label with another value is put right"),
        pytest.param((pod(lb="attached", old="attached"),), [{"old": None}], id="a label of something else comes off"),
        pytest.param((pod(is_controlled=False),), [], id="a pod that only says it is ours gets none"),
    ],
)
def test_labels_are_kept_right_as_pods_come_and_go(pods: tuple[SeenPod, ...], patches: list[dict[str, str | None]]) -> None:
    actions = decide(asking(seen(held(resource("lb", LB))), own_pods=pods)).actions
    told = [
        {k.removeprefix(ATTACH_PREFIX): v for k, v in each.patch["metadata"]["labels"].items()}
        for each in actions
        if isinstance(each, PatchObject)
    ]
    assert told == patches


def with_target(of: ElasticResource, **target: str) -> ElasticResource:
    spec = of.spec.model_copy(update={"target_ref": of.spec.target_ref.model_copy(update=target)})
    return of.model_copy(update={"spec": spec})


HINDERED = [
    pytest.param(
        SeenResource("disk-1", None), "There is no ElasticResource disk-1; create it, or take it out of spec.attachments.", id="missing"
    ),
    pytest.param(
        seen(resource(metadata={"deletion_timestamp": START})),
        "ElasticResource disk-1 is being deleted; take it out of spec.attachments.",
        id="deleted",
    ),
    pytest.param(
        seen(with_target(resource(), kind="Secret")),
        "Its target is a Secret, but CloudDisk takes a v1 PersistentVolumeClaim; make it anew.",
        id="of the wrong kind",
    ),
    pytest.param(
        seen(resource(), rival="disk-0"),
        "ElasticResource disk-0 is older and has the same target; attach that one.",
        id="a second one for the same target",
    ),
    pytest.param(
        seen(resource(), target=None), "There is no PersistentVolumeClaim disk-1, its target; create it.", id="without its target"
    ),
    pytest.param(
        seen(resource(), target=Problem(Reason.UNKNOWN_KIND, "It cannot be seen.")),
        "It cannot be seen.",
        id="with a target that cannot be seen",
    ),
    pytest.param(
        seen(resource(), target=live("PersistentVolumeClaim", "disk-1", "c", metadata={"labels": {INSTANCE_UID: "somebody"}})),
        "PersistentVolumeClaim disk-1 is the data of an instance, which is erased with it; attach another one.",
        id="an instance's data",
    ),
    pytest.param(seen(resource(metadata={"finalizers": ()})), "ElasticResource disk-1 is being taken in.", id="not taken in yet"),
    pytest.param(
        seen(held(resource(), OTHER)), "Instance web-2 holds it; it is attached here when it is free.", id="held by another instance"
    ),
    pytest.param(
        seen(resource(), intruder="early"),
        "Pod early mounts it, which is no instance's; delete that pod, and it is attached.",
        id="mounted by a pod of nobody's",
    ),
]


@pytest.mark.parametrize(("resource_seen", "sentence"), HINDERED)
def test_what_cannot_be_attached_waits_with_a_sentence(resource_seen: SeenResource, sentence: str) -> None:
    assert records(asking(resource_seen)) == [(AttachmentState.PENDING, sentence)]


@pytest.mark.parametrize(("resource_seen", "sentence"), HINDERED)
def test_the_instance_runs_all_the_same(resource_seen: SeenResource, sentence: str) -> None:
    decision = decide(asking(resource_seen))
    assert (decision.phase, decision.standing, decision.actions) == (Phase.RUNNING, Standing.READY, ()), sentence


def test_a_load_balancer_is_for_many() -> None:
    (action,) = decide(asking(seen(held(resource("lb", LB), OTHER)))).actions
    assert isinstance(action, WriteResourceStatus)
    assert action.resource.status.attached_to == (OTHER, ME)


@pytest.mark.parametrize(
    ("sold", "kind", "state"),
    [
        pytest.param(
            instance_class(workload=class_workload(pod_template="")),
            ElasticType.CLOUD_DISK,
            AttachmentState.RECORDED,
            id="a disk without a pod template",
        ),
        pytest.param(instance_class(workload=class_workload(pod_template="")), LB, AttachmentState.ATTACHED, id="a label needs none"),
        pytest.param(instance_class(workload=None), EIP, AttachmentState.RECORDED, id="nothing without a workload"),
    ],
)
def test_what_has_nothing_to_be_rendered_into_is_recorded(sold: InstanceClass, kind: ElasticType, state: AttachmentState) -> None:
    facts = asking(seen(held(resource("r", kind))), sold=sold)
    if sold.spec.workload is None:
        facts = replace(facts, seen=replace(facts.seen, workload=None, workload_is_ours=False))
    assert settled(facts).status.attachments[0].state is state


def given_up(of: ElasticResource, **changes: object) -> Facts:
    """Its owner took it out of the list."""
    attached = settled(asking(seen(of)))
    facts = replace(
        attached, instance=attached.instance.model_copy(update={"spec": attached.instance.spec.model_copy(update={"attachments": ()})})
    )
    return replace(facts, seen=replace(facts.seen, **changes))  # type: ignore[arg-type]


def test_what_its_owner_gives_up_leaves_the_template_first() -> None:
    (action,) = decide(given_up(resource())).actions
    assert isinstance(action, PatchObject)
    assert action.live.ref.kind == "StatefulSet"


def test_a_disk_is_not_released_while_a_pod_mounts_it() -> None:
    facts = given_up(resource())
    mounting = live("Pod", "web-1-0", "pod-uid", spec={"containers": [], "volumes": [{"name": DISK.volume}]})
    waiting = settled(replace(facts, seen=replace(facts.seen, own_pods=(SeenPod(mounting, is_controlled=False),))))
    assert waiting.seen.resources[0].is_held_by(UID)
    gone = settled(replace(waiting, seen=replace(waiting.seen, own_pods=())))
    assert not gone.seen.resources[0].is_held_by(UID)


def test_what_is_released_is_idle_from_then_on_at_its_accounts_price() -> None:
    payer = with_tariff(account())
    rested = settled(given_up(resource("lb", LB), resources=(seen(held(resource("lb", LB)), account=payer),)))
    (released,) = (each.resource for each in rested.seen.resources)
    assert released
    assert (released.status.phase, released.status.idle_since_time) == (ElasticPhase.IDLE, MIDTERM)
    assert [span.since_time for span in released.status.idle_spans] == [MIDTERM]


def test_nobody_releases_what_another_one_holds() -> None:
    rested = settled(given_up(resource("lb", LB), resources=(seen(held(resource("lb", LB), OTHER, ME)),)))
    (released,) = (each.resource for each in rested.seen.resources)
    assert released
    assert (released.status.phase, released.status.attached_to) == (ElasticPhase.ATTACHED, (OTHER,))


def test_a_disk_whose_claim_is_gone_leaves_the_template_and_stays_held() -> None:
    attached = settled(asking(seen(resource())))
    (known,) = attached.seen.resources
    lost = settled(replace(attached, seen=replace(attached.seen, resources=(replace(known, target=None),))))
    assert lost.seen.workload is not None
    assert not is_fitted(lost.seen.workload.body, DISK)
    assert lost.seen.resources[0].is_held_by(UID)
    assert lost.status.attachments[0].message == "There is no PersistentVolumeClaim disk-1, its target; create it."


def test_a_stopped_instance_keeps_what_it_holds() -> None:
    attached = settled(asking(seen(resource())))
    spec = attached.instance.spec.model_copy(update={"running": False})
    stopped = settled(replace(attached, instance=attached.instance.model_copy(update={"spec": spec})))
    assert (stopped.status.phase, stopped.status.attachments[0].state) == (Phase.STOPPED, AttachmentState.ATTACHED)
