"""Attacks on an instance itself: on its status, its end, its marks, its name. None succeeds, and everybody else lives on."""

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from cluster.apiserver import CLASSES, CRDS, INSTANCES, NAMESPACES, STATEFUL_SETS
from cluster.attacks.siege import HOME, JSON_PATCH, LONG, MONEY, SHORT, Siege, refusal, refusal_of
from cluster.histories import is_paying
from cluster.waiting import wait_for
from cluster.wares import an_instance
from prepaid.api.instance import Phase
from prepaid.api.marks import ARGO_SYNC_OPTIONS, INSTANCE_ID, LIFECYCLE_FINALIZER

PAID = "is paid for and cannot be deleted"
OWNER = {"apiVersion": "v1", "kind": "ConfigMap", "name": "kube-root-ca.crt", "uid": "65c138e0-cff2-47bf-a239-27683d05caea"}


def test_forging_a_status(siege: Siege) -> None:
    said = refusal(lambda: siege.alice.merge(INSTANCES, HOME, "web-1", {"status": {"expirationTime": "2100-01-01T00:00:00Z"}}, "status"))
    assert "forbidden" in said


def test_forging_a_status_with_all_rights(siege: Siege) -> None:
    said = refusal(lambda: siege.mallory.merge(INSTANCES, HOME, "web-1", {"status": {"periods": 99}}, "status"))
    assert "written by the operator alone" in said


def test_being_born_with_a_status(siege: Siege) -> None:
    born = siege.alice.create({**an_instance(HOME, "born-rich", "no-such-class"), "status": {"periods": 99, "phase": "Running"}})
    assert "status" not in born
    siege.alice.delete(INSTANCES, HOME, "born-rich")


def test_deleting_what_is_paid_for(siege: Siege) -> None:
    assert PAID in refusal(lambda: siege.alice.delete(INSTANCES, HOME, "web-1"))


def test_deleting_it_as_a_cluster_administrator(siege: Siege) -> None:
    assert PAID in refusal(lambda: siege.admin.delete(INSTANCES, HOME, "web-1"))


def test_deleting_it_out_of_the_bin(siege: Siege) -> None:
    assert "set spec.disposition of RecycleBinItem web-2 to Terminate" in refusal(lambda: siege.alice.delete(INSTANCES, HOME, "web-2"))


def test_deleting_it_in_the_foreground(siege: Siege) -> None:
    options = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Foreground"}
    assert PAID in refusal(lambda: siege.alice.call("DELETE", siege.path(INSTANCES, "web-1"), options))


def test_deleting_all_of_them_in_one_request(siege: Siege) -> None:
    assert "prepaid-deletion" in refusal(lambda: siege.alice.call("DELETE", siege.path(INSTANCES)))


def test_taking_the_finalizer_off_before_the_deletion(siege: Siege) -> None:
    patch = [{"op": "remove", "path": "/metadata/finalizers"}]
    siege.alice.call("PATCH", siege.path(INSTANCES, "web-1"), patch, JSON_PATCH)
    assert PAID in refusal(lambda: siege.alice.delete(INSTANCES, HOME, "web-1"))
    wait_for("it is put back", lambda: LIFECYCLE_FINALIZER in siege.target.need(INSTANCES)["metadata"].get("finalizers", []))


def test_taking_the_marks_off_before_the_deletion(siege: Siege) -> None:
    siege.alice.merge(INSTANCES, HOME, "web-1", {"metadata": {"annotations": None, "labels": None}})
    assert PAID in refusal(lambda: siege.alice.delete(INSTANCES, HOME, "web-1"))
    marks = {INSTANCE_ID, ARGO_SYNC_OPTIONS}
    wait_for("they are put back", lambda: marks <= set(siege.target.need(INSTANCES)["metadata"].get("annotations", {})))


@pytest.mark.parametrize("finalizer", ["foregroundDeletion", "orphan", "x.test/mine"])
def test_adding_a_finalizer_with_a_json_patch(siege: Siege, finalizer: str) -> None:
    patch = [{"op": "add", "path": "/metadata/finalizers/-", "value": finalizer}]
    said = refusal(lambda: siege.alice.call("PATCH", siege.path(INSTANCES, "web-1"), patch, JSON_PATCH))
    assert "set by the operator alone" in said


def test_giving_it_an_owner_that_is_gone(siege: Siege) -> None:
    changes = {"metadata": {"ownerReferences": [{**OWNER, "blockOwnerDeletion": True}]}}
    assert "leave metadata.ownerReferences out" in refusal(lambda: siege.alice.merge(INSTANCES, HOME, "web-1", changes))


def test_being_born_with_an_owner_that_is_gone(siege: Siege) -> None:
    body = an_instance(HOME, "orphan", LONG)
    body["metadata"]["ownerReferences"] = [OWNER]
    assert "leave metadata.ownerReferences out" in refusal(lambda: siege.alice.create(body))


def test_changing_to_a_cheaper_class(siege: Siege) -> None:
    said = refusal(lambda: siege.alice.merge(INSTANCES, HOME, "web-1", {"spec": {"instanceClass": SHORT}}))
    assert "spec.instanceClass" in said


def test_naming_a_class_without_the_right_to_use_it(siege: Siege) -> None:
    assert "You may not use InstanceClass" in refusal(lambda: siege.mallory.create(an_instance(HOME, "uninvited", LONG)))


def test_resurrecting_a_life_by_its_id(siege: Siege) -> None:
    """A copy that carries the id of one that lives is never bought."""
    body = an_instance(HOME, "copy", LONG)
    body["metadata"]["annotations"] = {INSTANCE_ID: siege.target.uid}
    siege.alice.create(body)
    siege.scene.life("copy").until_held("RestoredCopy")
    siege.alice.delete(INSTANCES, HOME, "copy")
    siege.scene.life("copy").until_gone(INSTANCES)


def test_resurrecting_a_life_by_its_name(siege: Siege) -> None:
    """Made again under the same name it is another one, which has to be paid for."""
    first = siege.scene.buy("phoenix", "no-such-class")
    first.until_held("ClassMissing")
    uid = first.uid
    first.delete()
    first.until_gone(INSTANCES)
    second = siege.scene.buy("phoenix", "no-such-class")
    status = second.until_held("ClassMissing")
    assert (second.uid != uid, status.periods) == (True, 0)
    second.delete()
    second.until_gone(INSTANCES)


def test_squatting_on_the_name_of_the_next_order(siege: Siege) -> None:
    """It holds up the squatter's own renewal, and charges nobody for it."""
    name = f"web-1-{siege.target.uid[:8]}-9"
    spec = {"instanceRef": {"name": "web-1"}, "source": "PurchasedPeriods", "requestedPeriods": 9}
    body = {"apiVersion": "prepaid.dev/v1alpha1", "kind": "RenewalOrder", "metadata": {"name": name}, "spec": spec}
    orders = f"/apis/prepaid.dev/v1alpha1/namespaces/{HOME}/renewalorders"
    assert "spec.source of a RenewalOrder is Owner" in refusal(lambda: siege.alice.call("POST", orders, body))


def test_racing_two_patches_for_one_purchase(siege: Siege) -> None:
    """Ten hands raise the total at once: the highest counts, once."""
    before = charged(siege)
    totals = [2, 3, 2, 3, 2, 3, 2, 3, 2, 3]
    with ThreadPoolExecutor(len(totals)) as hands:
        list(hands.map(lambda total: siege.alice.merge(INSTANCES, HOME, "web-1", {"spec": {"purchasedPeriods": total}}), totals))
    siege.alice.merge(INSTANCES, HOME, "web-1", {"spec": {"purchasedPeriods": 3}})
    siege.target.until("three in all", lambda status: status.periods == 3 and not is_paying(status))
    wait_for("the books are closed", lambda: charged(siege) == before + 2)


def charged(siege: Siege) -> float:
    account = siege.admin.get(MONEY, HOME, "default")
    assert account is not None
    return float(account["status"]["charged"])


def test_flooding_with_generated_names(siege: Siege) -> None:
    """Thirty that nobody pays for: their neighbours are served all the same, and the flood may be swept away."""
    body = an_instance(HOME, "", "no-such-class")
    body["metadata"] = {"namespace": HOME, "generateName": "flood-", "labels": {"flood": "yes"}}
    with ThreadPoolExecutor(8) as hands:
        list(hands.map(lambda _: siege.alice.create(body), range(30)))
    siege.bob.merge(INSTANCES, siege.neighbour.namespace, "web-1", {"spec": {"purchasedPeriods": 2}})
    siege.neighbour.until("renewed", lambda status: status.periods == 2)
    siege.alice.call("DELETE", f"{siege.path(INSTANCES)}?labelSelector=flood=yes")
    wait_for("the flood is gone", lambda: not siege.alice.list(INSTANCES, HOME, "flood=yes")["items"])


def test_deleting_the_namespace(siege: Siege) -> None:
    said = wait_for(
        "the namespace is marked", lambda: refusal_of(partial(siege.admin.call, "DELETE", f"{NAMESPACES.path(name=HOME)}?dryRun=All"))
    )
    assert "has living prepaid instances" in said
    assert siege.target.find(STATEFUL_SETS) is not None


def test_taking_the_mark_off_the_namespace_by_a_write_of_its_status(siege: Siege) -> None:
    said = refusal(lambda: siege.admin.merge(NAMESPACES, "", HOME, {"metadata": {"labels": {"prepaid.dev/in-use": None}}}, "status"))
    assert "is the operator's" in said


def test_taking_the_mark_off_the_namespace_by_finalizing_it(siege: Siege) -> None:
    found = json.loads(siege.admin.call("GET", NAMESPACES.path(name=HOME)))
    del found["metadata"]["labels"]["prepaid.dev/in-use"]
    assert "is the operator's" in refusal(lambda: siege.admin.call("PUT", NAMESPACES.path("", HOME, "finalize"), found))


def test_taking_the_mark_off_the_namespace_first(siege: Siege) -> None:
    said = refusal(lambda: siege.admin.merge(NAMESPACES, "", HOME, {"metadata": {"labels": {"prepaid.dev/in-use": None}}}))
    assert "is the operator's" in said


def test_deleting_the_class_that_it_is_of(siege: Siege) -> None:
    assert f"InstanceClass {LONG} is in use" in refusal(lambda: siege.platform.delete(CLASSES, "", LONG))


def test_replacing_the_class_before_deleting_it(siege: Siege) -> None:
    """A replace takes labels and annotations off; what says that it is in use stays."""
    body = json.loads(siege.platform.call("GET", CLASSES.path(name=LONG)))
    stripped = {**body, "metadata": {"name": LONG, "resourceVersion": body["metadata"]["resourceVersion"]}, "status": {}}
    siege.platform.call("PUT", CLASSES.path(name=LONG), stripped)
    assert f"InstanceClass {LONG} is in use" in refusal(lambda: siege.platform.delete(CLASSES, "", LONG))


def test_deleting_the_account_that_pays(siege: Siege) -> None:
    assert "PrepaidAccount default is in use" in refusal(lambda: siege.cashier.delete(MONEY, HOME, "default"))


def test_deleting_our_kinds(siege: Siege) -> None:
    assert "would take every instance along" in refusal(lambda: siege.admin.delete(CRDS, "", "prepaidinstances.prepaid.dev"))


def test_breaking_the_glass_without_the_right(siege: Siege) -> None:
    changes = {"metadata": {"annotations": {"prepaid.dev/break-glass": "alice: I want it"}}}
    assert "is for those with the verb 'breakglass'" in refusal(lambda: siege.alice.merge(INSTANCES, HOME, "web-1", changes))


def test_breaking_the_glass_in_anothers_name(siege: Siege) -> None:
    changes = {"metadata": {"annotations": {"prepaid.dev/break-glass": "root: it was not me"}}}
    assert "platform: <why>" in refusal(lambda: siege.platform.merge(INSTANCES, HOME, "web-1", changes))


def test_deleting_with_anothers_signature(siege: Siege) -> None:
    life = siege.scene.buy("countersigned", LONG)
    life.until_phase(Phase.RUNNING)
    siege.platform.merge(INSTANCES, HOME, life.name, {"metadata": {"annotations": {"prepaid.dev/break-glass": "platform: moved"}}})
    assert PAID in refusal(lambda: siege.alice.delete(INSTANCES, HOME, life.name))
