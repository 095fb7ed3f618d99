"""The in-memory API server and the real one, held to the same words: server-side apply, and the controllers behind a workload."""

import pytest

from prepaid.cluster.errors import Conflict, Refused
from prepaid.lifecycle.template import covers
from simulation.bench import Bench, a_stateful_set

SETS, CORE = "/apis/apps/v1", "/api/v1"


def set_path(bench: Bench) -> str:
    return bench.path("statefulsets", "s", SETS)


async def test_an_apply_makes_what_is_not_there(bench: Bench) -> None:
    answer = await bench.apply(set_path(bench), a_stateful_set("s"))
    assert answer.created
    assert answer.body["metadata"]["generation"] == 1
    assert covers(answer.body, a_stateful_set("s"))


async def test_an_apply_of_the_same_changes_nothing(bench: Bench) -> None:
    await bench.apply(set_path(bench), a_stateful_set("s", replicas=0))
    await bench.eventually(set_path(bench), lambda body: body and body["status"].get("observedGeneration") == 1)
    before = await bench.get(set_path(bench))
    answer = await bench.apply(set_path(bench), a_stateful_set("s", replicas=0))
    assert not answer.created
    assert answer.body["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]


async def test_an_apply_onto_an_identity_that_is_not_there_conflicts(bench: Bench) -> None:
    wanted = a_stateful_set("s")
    wanted["metadata"]["uid"] = "other"
    with pytest.raises(Conflict):
        await bench.apply(set_path(bench), wanted, force="true")


async def test_an_apply_takes_its_resource_version_as_a_condition(bench: Bench) -> None:
    made = (await bench.apply(set_path(bench), a_stateful_set("s", replicas=0))).body
    await bench.patch(set_path(bench), {"metadata": {"labels": {"a": "b"}}})
    wanted = a_stateful_set("s")
    wanted["metadata"]["resourceVersion"] = made["metadata"]["resourceVersion"]
    with pytest.raises(Conflict):
        await bench.apply(set_path(bench), wanted, force="true")


async def test_an_apply_without_force_leaves_others_their_fields(bench: Bench) -> None:
    await bench.apply(set_path(bench), a_stateful_set("s", replicas=0), manager="first")
    with pytest.raises(Conflict):
        await bench.apply(set_path(bench), a_stateful_set("s", image="other"), manager="second")
    forced = await bench.apply(set_path(bench), a_stateful_set("s", replicas=0, image="other"), manager="second", force="true")
    assert forced.body["spec"]["template"]["spec"]["containers"][0]["image"] == "other"
    assert forced.body["metadata"]["generation"] == 2


async def test_an_apply_takes_out_what_it_no_longer_says(bench: Bench) -> None:
    wanted = a_stateful_set("s", replicas=0)
    wanted["metadata"]["annotations"] = {"one": "1", "two": "2"}
    await bench.apply(set_path(bench), wanted)
    await bench.patch(set_path(bench), {"metadata": {"annotations": {"three": "3"}}})
    del wanted["metadata"]["annotations"]["two"]
    answer = await bench.apply(set_path(bench), wanted)
    assert answer.body["metadata"]["annotations"] == {"one": "1", "three": "3"}


async def test_an_apply_puts_back_what_a_patch_changed(bench: Bench) -> None:
    await bench.apply(set_path(bench), a_stateful_set("s", replicas=0))
    await bench.patch(set_path(bench), {"spec": {"replicas": 3}, "metadata": {"annotations": {"a": "b"}}})
    with pytest.raises(Conflict):
        await bench.apply(set_path(bench), a_stateful_set("s", replicas=0))
    answer = await bench.apply(set_path(bench), a_stateful_set("s", replicas=0), force="true")
    assert answer.body["spec"]["replicas"] == 0
    assert answer.body["metadata"]["annotations"] == {"a": "b"}


async def test_the_selector_of_a_stateful_set_cannot_be_changed(bench: Bench) -> None:
    await bench.apply(set_path(bench), a_stateful_set("s", replicas=0))
    refusal = await bench.refusal(set_path(bench), {"spec": {"serviceName": "other"}})
    assert isinstance(refusal, Refused)
    assert refusal.reason == "Invalid"


async def test_a_stateful_set_gets_its_pod_and_a_bound_claim(bench: Bench) -> None:
    await bench.apply(set_path(bench), a_stateful_set("s"))
    assert await bench.eventually(set_path(bench), lambda body: body and body["status"].get("readyReplicas") == 1)
    pod = await bench.get(bench.path("pods", "s-0", CORE))
    claim = await bench.get(bench.path("persistentvolumeclaims", "data-s-0", CORE))
    volume = await bench.get(f"{CORE}/persistentvolumes/{claim['spec']['volumeName']}")
    assert pod["metadata"]["labels"]["app"] == "s"
    assert claim["metadata"]["labels"] == {"app": "s", "kept": "yes"}
    assert claim["status"]["phase"] == "Bound"
    assert volume["spec"]["claimRef"]["uid"] == claim["metadata"]["uid"]
    assert volume["spec"]["persistentVolumeReclaimPolicy"] == "Delete"


async def test_a_stopped_stateful_set_ends_its_pod_and_keeps_its_claim(bench: Bench) -> None:
    await bench.apply(set_path(bench), a_stateful_set("s"))
    assert await bench.eventually(set_path(bench), lambda body: body and body["status"].get("readyReplicas") == 1)
    await bench.patch(set_path(bench), {"spec": {"replicas": 0}})
    assert await bench.eventually(bench.path("pods", "s-0", CORE), lambda pod: pod is None)
    assert await bench.eventually(set_path(bench), lambda body: body and not body["status"].get("readyReplicas"))
    assert await bench.find(bench.path("persistentvolumeclaims", "data-s-0", CORE))


async def test_a_deleted_claim_goes_with_its_volume_once_its_pod_is_gone(bench: Bench) -> None:
    claim_path = bench.path("persistentvolumeclaims", "data-s-0", CORE)
    await bench.apply(set_path(bench), a_stateful_set("s"))
    assert await bench.eventually(set_path(bench), lambda body: body and body["status"].get("readyReplicas") == 1)
    claim = await bench.get(claim_path)
    await bench.delete(claim_path)
    assert await bench.find(claim_path)
    await bench.delete(set_path(bench))
    assert await bench.eventually(bench.path("pods", "s-0", CORE), lambda pod: pod is None)
    assert await bench.eventually(claim_path, lambda body: body is None)
    assert await bench.eventually(f"{CORE}/persistentvolumes/{claim['spec']['volumeName']}", lambda body: body is None)
