"""Attacks on what backs an instance: its data, its workload, its pods, our labels. None succeeds."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from cluster.apiserver import CLAIMS, DEPLOYMENTS, EVENTS, PODS, RESOURCES, STATEFUL_SETS, Api, Body, Kind
from cluster.attachings import Shelf, message_of, until_attached
from cluster.attacks.siege import APPLY, HOME, JSON_PATCH, LONG, Siege, refusal, refusal_of
from cluster.waiting import wait_for
from prepaid.api.instance import Phase

CLAIM: Final = "data-web-1-0"
CRON_JOBS: Final = Kind("batch/v1", "cronjobs", "CronJob")
CONFIGS: Final = Kind("v1", "configmaps", "ConfigMap")
OURS: Final = {"prepaid.dev/instance": "web-1"}
ATTACHED: Final = {"attach.prepaid.dev/eip-1": "attached"}
BACKS: Final = "backs a prepaid instance"


def post(
    who: Api,
    kind: Kind,
    name: str,
    labels: dict[str, str] | None = None,
    *,
    dry: bool = False,
    **body: Any,  # noqa: ANN401
) -> Callable[[], object]:
    manifest = {"apiVersion": kind.api, "kind": kind.kind, "metadata": {"name": name, "labels": labels or {}}, **body}
    return lambda: who.call("POST", kind.path(HOME) + ("?dryRun=All" if dry else ""), manifest)


def patch(who: Api, kind: Kind, name: str, changes: Body, part: str = "") -> Callable[[], object]:
    return lambda: who.merge(kind, HOME, name, changes, part)


def pods_of(labels: dict[str, str], claim: str = "") -> Body:
    """The template of a pod, which may mount a claim."""
    spec: Body = {"containers": [{"name": "main", "image": "evil:1"}]}
    volumes = [{"name": "stolen", "persistentVolumeClaim": {"claimName": claim}}] if claim else []
    return {"metadata": {"labels": labels}, "spec": {**spec, "volumes": volumes}}


def deployment(labels: dict[str, str]) -> Body:
    own = {"app": "evil"}
    return {"replicas": 1, "selector": {"matchLabels": own}, "template": pods_of({**own, **labels})}


def test_deleting_the_claim(siege: Siege) -> None:
    assert "to erase it" in refusal(lambda: siege.alice.delete(CLAIMS, HOME, CLAIM))


def test_deleting_the_claim_as_a_cluster_administrator(siege: Siege) -> None:
    assert "to erase it" in refusal(lambda: siege.admin.delete(CLAIMS, HOME, CLAIM))


def test_deleting_all_claims_in_one_request(siege: Siege) -> None:
    assert "prepaid" in refusal(lambda: siege.alice.call("DELETE", CLAIMS.path(HOME)))


def test_taking_the_label_off_the_claim_first(siege: Siege) -> None:
    assert BACKS in refusal(patch(siege.alice, CLAIMS, CLAIM, {"metadata": {"annotations": {"x.test/y": "z"}}}))


def test_giving_the_claim_an_owner_that_is_gone(siege: Siege) -> None:
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "boss", "uid": "65c138e0-cff2-47bf-a239-27683d05caea"}
    assert "prepaid" in refusal(patch(siege.admin, CLAIMS, CLAIM, {"metadata": {"ownerReferences": [owner]}}))


@pytest.mark.parametrize(
    ("kind", "name"), [(CLAIMS, CLAIM), (STATEFUL_SETS, "web-1"), (PODS, "web-1-0")], ids=lambda value: getattr(value, "kind", "")
)
def test_taking_the_label_off_by_a_write_of_the_status(siege: Siege, kind: Kind, name: str) -> None:
    assert BACKS in refusal(patch(siege.admin, kind, name, {"metadata": {"labels": None}}, "status"))


def test_attaching_a_foreign_pod_by_a_write_of_its_status(siege: Siege) -> None:
    post(siege.alice, PODS, "bystanding", spec=pods_of({})["spec"])()
    assert "take them off this Pod" in refusal(patch(siege.admin, PODS, "bystanding", {"metadata": {"labels": ATTACHED}}, "status"))
    siege.alice.delete(PODS, HOME, "bystanding")


def test_growing_the_claim_for_nothing(siege: Siege) -> None:
    assert "forbidden" in refusal(patch(siege.alice, CLAIMS, CLAIM, {"spec": {"resources": {"requests": {"storage": "9Gi"}}}}))


def test_adopting_the_claim_by_a_stateful_set_of_a_clever_name(siege: Siege) -> None:
    """The claim data-web of its pod 1-0 is the target's: it can be neither adopted, nor mounted, nor taken along."""
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    labels, forever = {"app": "evil"}, {"whenDeleted": "Delete", "whenScaled": "Delete"}
    spec = {"replicas": 1, "serviceName": "x", "selector": {"matchLabels": labels}, "template": pods_of(labels)}
    claims = [{"metadata": {"name": "data-web"}, "spec": claim}]
    post(siege.alice, STATEFUL_SETS, "1", spec={**spec, "persistentVolumeClaimRetentionPolicy": forever, "volumeClaimTemplates": claims})()
    fields = "involvedObject.kind=StatefulSet,involvedObject.name=1"
    wait_for("it fails", lambda: [e for e in siege.admin.list(EVENTS, HOME, fields=fields)["items"] if e["reason"].startswith("Failed")])
    siege.alice.delete(STATEFUL_SETS, HOME, "1")
    assert "ownerReferences" not in siege.target.need(CLAIMS, CLAIM)["metadata"]
    assert siege.target.find(PODS, "1-0") is None


def test_mounting_the_claim_into_a_foreign_pod(siege: Siege) -> None:
    said = refusal(post(siege.alice, PODS, "thief", spec=pods_of({}, CLAIM)["spec"]))
    assert "mount a claim of your own" in said


def test_mounting_the_claim_through_a_forged_label(siege: Siege) -> None:
    assert "prepaid" in refusal(post(siege.alice, PODS, "thief", OURS, spec=pods_of({}, CLAIM)["spec"]))


@pytest.mark.parametrize("labels", [OURS, {"prepaid.dev/instance-uid": "x"}, ATTACHED], ids=["instance", "uid", "attachment"])
def test_letting_kubernetes_make_the_forged_pod(siege: Siege, labels: dict[str, str]) -> None:
    said = refusal(post(siege.alice, DEPLOYMENTS, "forge", spec=deployment(labels)))
    assert "take them out of the templates" in said


def cron_job(of_jobs: dict[str, str] | None = None, of_pods: dict[str, str] | None = None) -> Body:
    """With labels on the jobs that it makes, and on their pods."""
    pod = pods_of(of_pods or {})
    template = {**pod, "spec": {**pod["spec"], "restartPolicy": "Never"}}
    return {"schedule": "* * * * *", "jobTemplate": {"metadata": {"labels": of_jobs or {}}, "spec": {"template": template}}}


def test_letting_a_cron_job_make_the_forged_pod(siege: Siege) -> None:
    assert "take them out of the templates" in refusal(post(siege.alice, CRON_JOBS, "forge", spec=cron_job(of_pods=ATTACHED)))


def test_letting_a_cron_job_make_a_job_that_passes_for_an_instances(siege: Siege) -> None:
    assert "take them out of the templates" in refusal(post(siege.alice, CRON_JOBS, "forge", spec=cron_job(of_jobs=OURS)))


def test_letting_a_pod_make_a_claim_that_passes_for_an_instances(siege: Siege) -> None:
    said = refusal(post(siege.alice, PODS, "data", spec=with_ephemeral_claim(OURS)))
    assert "take them out of the ephemeral volumes of this Pod" in said


def test_letting_a_deployment_make_that_pod(siege: Siege) -> None:
    own = {"app": "evil"}
    spec = {"selector": {"matchLabels": own}, "template": {"metadata": {"labels": own}, "spec": with_ephemeral_claim(OURS)}}
    assert "take them out of the ephemeral volumes of this Deployment" in refusal(post(siege.alice, DEPLOYMENTS, "forge", spec=spec))


def with_ephemeral_claim(labels: dict[str, str]) -> Body:
    """The spec of a pod that brings a claim of its own, with labels of its own choice."""
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    volume = {"name": "web-9-0", "ephemeral": {"volumeClaimTemplate": {"metadata": {"labels": labels}, "spec": claim}}}
    return {**pods_of({})["spec"], "volumes": [volume]}


def test_waiting_for_the_claim_with_a_pod_that_was_there_first(siege: Siege) -> None:
    post(siege.alice, PODS, "early-bird", spec=pods_of({}, "data-hatched-0")["spec"])()
    life = siege.scene.buy("hatched", LONG)
    life.until_phase(Phase.RUNNING)
    wait_for("it is put out", lambda: siege.admin.get(PODS, HOME, "early-bird") is None)
    fields = f"involvedObject.uid={life.uid},reason=ForeignPod"
    (event,) = wait_for("it is told", lambda: siege.admin.list(EVENTS, HOME, fields=fields)["items"] or None)
    assert event["message"] == "Pod early-bird mounted the data of this instance and was deleted; mount a claim of your own."
    assert "mount a claim of your own" in refusal(post(siege.alice, PODS, "early-bird", spec=pods_of({}, "data-hatched-0")["spec"]))


def test_keeping_a_disk_mounted_that_an_instance_is_to_have(siege: Siege) -> None:
    post(siege.alice, PODS, "keeper", spec=pods_of({}, "kept-disk")["spec"])()
    Shelf(siege.scene).add("kept-disk", "CloudDisk")
    life = siege.scene.buy("kept-from", LONG, attachments=[{"name": "kept-disk"}])
    said = life.until("told why", lambda status: "Pod keeper mounts it" in message_of(status, "kept-disk"))
    assert message_of(said, "kept-disk").endswith("delete that pod, and it is attached.")
    siege.alice.delete(PODS, HOME, "keeper")
    until_attached(life, "kept-disk")


def test_mounting_a_cloud_disk_beside_its_instance(siege: Siege) -> None:
    Shelf(siege.scene).add("shared-disk", "CloudDisk")
    said = wait_for(
        "it is refused", lambda: refusal_of(post(siege.alice, PODS, "sharer", spec=pods_of({}, "shared-disk")["spec"], dry=True))
    )
    assert "is the cloud disk shared-disk, which belongs to one instance at a time" in said
    siege.alice.delete(RESOURCES, HOME, "shared-disk")


def test_attaching_a_foreign_pod(siege: Siege) -> None:
    assert "take them off this Pod" in refusal(post(siege.alice, PODS, "attached", ATTACHED, spec=pods_of({})["spec"]))


def test_passing_something_off_as_an_instances(siege: Siege) -> None:
    assert BACKS in refusal(post(siege.alice, CONFIGS, "forged", OURS, data={"x": "y"}))


def test_editing_the_workload(siege: Siege) -> None:
    assert BACKS in refusal(patch(siege.alice, STATEFUL_SETS, "web-1", {"spec": {"template": {"spec": {"hostNetwork": True}}}}))


def test_stealing_the_workload_by_server_side_apply(siege: Siege) -> None:
    body = {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "web-1"}, "spec": {"replicas": 4}}
    path = f"{STATEFUL_SETS.path(HOME, 'web-1')}?fieldManager=thief&force=true"
    assert BACKS in refusal(lambda: siege.alice.call("PATCH", path, body, APPLY))


def test_taking_our_labels_off_the_workload_with_a_json_patch(siege: Siege) -> None:
    changes = [{"op": "remove", "path": "/metadata/labels"}]
    assert BACKS in refusal(lambda: siege.alice.call("PATCH", STATEFUL_SETS.path(HOME, "web-1"), changes, JSON_PATCH))


def test_deleting_the_workload(siege: Siege) -> None:
    assert BACKS in refusal(lambda: siege.alice.delete(STATEFUL_SETS, HOME, "web-1"))


def test_scaling_to_four_machines_for_the_price_of_one(siege: Siege) -> None:
    said = refusal(patch(siege.alice, STATEFUL_SETS, "web-1", {"spec": {"replicas": 4}}, "scale"))
    assert "scaled by the operator alone" in said


def test_starting_what_lies_in_the_bin(siege: Siege) -> None:
    assert "scaled by the operator alone" in refusal(patch(siege.alice, STATEFUL_SETS, "web-2", {"spec": {"replicas": 1}}, "scale"))


def test_moving_into_a_pod_of_the_instance(siege: Siege) -> None:
    container = {"name": "intruder", "image": "evil:1"}
    changes = {"spec": {"ephemeralContainers": [container]}}
    assert "forbidden" in refusal(patch(siege.alice, PODS, "web-1-0", changes, "ephemeralcontainers"))
    assert BACKS in refusal(patch(siege.admin, PODS, "web-1-0", changes, "ephemeralcontainers"))
