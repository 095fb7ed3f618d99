"""The in-memory API server and the real one, held to the same words: objects of our own kinds."""

from typing import Any

import pytest

from prepaid.cluster.errors import Conflict, Gone, Refused
from simulation.bench import Bench, an_instance, an_item

HOLD = "example.org/hold"


async def made(bench: Bench, name: str = "a", **metadata: Any) -> tuple[str, dict[str, Any]]:  # noqa: ANN401
    """A fresh instance: its path and what the server said."""
    answer = await bench.post(bench.path("prepaidinstances"), an_instance(name, **metadata))
    return bench.path("prepaidinstances", name), answer.body


def with_identity(body: dict[str, Any], status: dict[str, Any], **other: str) -> dict[str, Any]:
    metadata = {name: body["metadata"][name] for name in ("name", "namespace", "uid", "resourceVersion")} | other
    return {"apiVersion": body["apiVersion"], "kind": body["kind"], "metadata": metadata, "status": status}


async def test_a_new_object_gets_defaults_an_identity_and_no_status(bench: Bench) -> None:
    body = an_instance("a") | {"status": {"phase": "Running"}}
    body["spec"]["unknown"] = 1
    answer = await bench.post(bench.path("prepaidinstances"), body)
    assert answer.created
    assert answer.body["spec"] == {
        "instanceClass": "absent",
        "account": "default",
        "autoRenew": False,
        "purchasedPeriods": 1,
        "running": True,
    }
    metadata = answer.body["metadata"]
    assert "status" not in answer.body
    assert (metadata["generation"], metadata["namespace"]) == (1, bench.namespace)
    assert metadata["uid"]
    assert metadata["resourceVersion"]
    assert metadata["creationTimestamp"].endswith("Z")


async def test_a_new_bin_item_starts_with_the_status_of_its_schema(bench: Bench) -> None:
    answer = await bench.post(bench.path("recyclebinitems"), an_item("a") | {"status": {"phase": "Terminated"}})
    assert answer.body["status"] == {"phase": "Recycled"}
    assert answer.body["spec"]["disposition"] == "Retain"


async def test_a_name_is_taken_once(bench: Bench) -> None:
    await made(bench)
    with pytest.raises(Conflict) as caught:
        await made(bench)
    assert caught.value.reason == "AlreadyExists"


async def test_a_status_is_written_on_the_version_that_was_read(bench: Bench) -> None:
    path, body = await made(bench)
    written = await bench.put(f"{path}/status", with_identity(body, {"phase": "Running", "unknown": 1}))
    assert written["status"] == {"phase": "Running"}
    assert written["spec"] == body["spec"]
    assert written["metadata"]["generation"] == 1
    with pytest.raises(Conflict):
        await bench.put(f"{path}/status", with_identity(body, {"phase": "Stopped"}))


async def test_a_status_keeps_a_patch_of_any_shape_whole(bench: Bench) -> None:
    path, body = await made(bench)
    workload = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "a", "stopped": {"spec": {"replicas": 0, "deep": {"er": [1]}}}}
    written = await bench.put(f"{path}/status", with_identity(body, {"workload": workload}))
    assert written["status"]["workload"] == workload


async def test_a_status_of_another_uid_conflicts(bench: Bench) -> None:
    path, body = await made(bench)
    with pytest.raises(Conflict):
        await bench.put(f"{path}/status", with_identity(body, {"phase": "Running"}, uid="other"))


async def test_a_status_of_what_is_not_there_is_gone(bench: Bench) -> None:
    _, body = await made(bench)
    with pytest.raises(Gone):
        await bench.put(bench.path("prepaidinstances", "absent/status"), with_identity(body, {}, name="absent"))


async def test_a_status_write_changes_neither_labels_nor_spec(bench: Bench) -> None:
    path, body = await made(bench)
    wanted = with_identity(body, {"phase": "Running"})
    wanted["metadata"]["labels"] = {"sneaked": "in"}
    written = await bench.put(f"{path}/status", wanted | {"spec": {"instanceClass": "other"}})
    assert "labels" not in written["metadata"]
    assert written["spec"] == body["spec"]


async def test_writing_the_same_again_raises_no_version(bench: Bench) -> None:
    path, body = await made(bench)
    first = await bench.put(f"{path}/status", with_identity(body, {"phase": "Running"}))
    again = await bench.put(f"{path}/status", with_identity(first, {"phase": "Running"}))
    patched = await bench.patch(path, {"spec": {"running": True}})
    assert first["metadata"]["resourceVersion"] == again["metadata"]["resourceVersion"] == patched["metadata"]["resourceVersion"]


async def test_a_generation_counts_changes_of_the_spec_only(bench: Bench) -> None:
    path, _ = await made(bench)
    labelled = await bench.patch(path, {"metadata": {"labels": {"a": "b"}}, "status": {"phase": "Running"}})
    stopped = await bench.patch(path, {"spec": {"running": False}})
    defaulted = await bench.patch(path, {"spec": {"running": None}})
    assert "status" not in labelled
    assert [body["metadata"]["generation"] for body in (labelled, stopped, defaulted)] == [1, 2, 3]
    assert defaulted["spec"]["running"] is True


async def test_a_patch_takes_its_resource_version_as_a_condition(bench: Bench) -> None:
    path, body = await made(bench)
    await bench.patch(path, {"metadata": {"labels": {"a": "b"}}})
    version = body["metadata"]["resourceVersion"]
    assert isinstance(await bench.refusal(path, {"metadata": {"resourceVersion": version}}), Conflict)
    assert isinstance(await bench.refusal(path, {"metadata": {"resourceVersion": version, "uid": "other"}}), Conflict)


async def test_a_patch_of_the_uid_alone_is_invalid(bench: Bench) -> None:
    path, _ = await made(bench)
    assert isinstance(await bench.refusal(path, {"metadata": {"uid": "other"}}), Refused)


async def test_a_fixed_field_stays_as_it_was_made(bench: Bench) -> None:
    path, _ = await made(bench)
    refusal = await bench.refusal(path, {"spec": {"instanceClass": "other"}})
    assert isinstance(refusal, Refused)
    assert "spec.instanceClass cannot be changed" in refusal.message


async def test_a_delete_keeps_its_conditions(bench: Bench) -> None:
    path, body = await made(bench)
    with pytest.raises(Conflict):
        await bench.delete(path, uid="other")
    with pytest.raises(Conflict):
        await bench.delete(path, resourceVersion="1")
    await bench.delete(path, uid=body["metadata"]["uid"], resourceVersion=body["metadata"]["resourceVersion"])
    assert await bench.find(path) is None
    with pytest.raises(Gone):
        await bench.delete(path)


async def test_a_finalizer_holds_a_deleted_object_until_it_comes_off(bench: Bench) -> None:
    path, _ = await made(bench, finalizers=[HOLD])
    marked = await bench.delete(path)
    again = await bench.delete(path)
    assert marked["metadata"]["deletionTimestamp"]
    assert marked["metadata"]["generation"] == 2
    assert again["metadata"]["resourceVersion"] == marked["metadata"]["resourceVersion"]
    await bench.patch(path, {"metadata": {"finalizers": []}})
    assert await bench.find(path) is None


async def test_a_deleted_object_takes_no_new_finalizer(bench: Bench) -> None:
    path, _ = await made(bench, finalizers=[HOLD])
    await bench.delete(path)
    refusal = await bench.refusal(path, {"metadata": {"finalizers": [HOLD, "example.org/more"]}})
    await bench.patch(path, {"metadata": {"finalizers": None}})
    assert isinstance(refusal, Refused)


async def test_the_word_on_a_bin_item_needs_the_name_and_is_final_behind_the_door(bench: Bench) -> None:
    await bench.post(bench.path("recyclebinitems"), an_item("a"))
    path = bench.path("recyclebinitems", "a")
    assert isinstance(await bench.refusal(path, {"spec": {"disposition": "Terminate"}}), Refused)
    await bench.patch(path, {"spec": {"disposition": "Terminate", "confirm": "a"}})
    await bench.patch(f"{path}/status", {"status": {"phase": "Terminating"}})
    assert isinstance(await bench.refusal(path, {"spec": {"disposition": "Retain"}}), Refused)


async def test_what_has_lost_its_owner_is_collected(bench: Bench) -> None:
    owner_path, owner = await made(bench)
    reference = {"apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": "a", "uid": owner["metadata"]["uid"]}
    await bench.post(bench.path("recyclebinitems"), an_item("a", ownerReferences=[reference]))
    await bench.delete(owner_path)
    assert await bench.eventually(bench.path("recyclebinitems", "a"), lambda item: item is None)
