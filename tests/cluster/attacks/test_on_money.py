"""Attacks on money, on the bin of others, and out of one's own namespace. None succeeds."""

from typing import Any, Final

import pytest

from cluster.apiserver import INSTANCES, ITEMS, ORDERS, Body, Kind, Refusal
from cluster.attacks.siege import HOME, LONG, MONEY, NEXT_DOOR, Siege, refusal
from cluster.waiting import wait_for
from cluster.wares import an_instance
from prepaid.api.resource import API_VERSION

CONFIGS: Final = Kind("v1", "configmaps", "ConfigMap")
TOKENS: Final = Kind("v1", "serviceaccounts", "ServiceAccount")


def order(name: str, **spec: Any) -> Body:  # noqa: ANN401
    spec = {"instanceRef": {"name": "web-1"}, **spec}
    return {"apiVersion": API_VERSION, "kind": "RenewalOrder", "metadata": {"name": name, "namespace": HOME}, "spec": spec}


def create_order(siege: Siege, body: Body) -> None:
    siege.alice.call("POST", ORDERS.path(HOME), body)


def settled(siege: Siege) -> str:
    """The name of the order that bought the target."""
    return str(siege.admin.list(ORDERS, HOME, fields="status.phase=Settled,spec.instanceRef.name=web-1")["items"][0]["metadata"]["name"])


def test_paying_in_as_a_tenant(siege: Siege) -> None:
    assert "forbidden" in refusal(lambda: siege.alice.merge(MONEY, HOME, "default", {"spec": {"deposited": "1000.00"}}))


def test_paying_in_without_the_right_to_deposit(siege: Siege) -> None:
    assert "written by cashiers alone" in refusal(lambda: siege.mallory.merge(MONEY, HOME, "default", {"spec": {"deposited": "1000.00"}}))


def test_opening_a_rich_account_of_ones_own(siege: Siege) -> None:
    body = {"apiVersion": API_VERSION, "kind": "PrepaidAccount", "metadata": {"name": "mine"}}
    rich = {**body, "spec": {"currency": "CNY", "deposited": "1000.00"}}
    assert "written by cashiers alone" in refusal(lambda: siege.mallory.call("POST", MONEY.path(HOME), rich))


def test_forgetting_what_was_charged(siege: Siege) -> None:
    said = refusal(lambda: siege.cashier.merge(MONEY, HOME, "default", {"status": {"charged": "0", "balance": "100.00"}}, "status"))
    assert "forbidden" in said or "operator alone" in said


def test_paying_from_an_account_next_door(siege: Siege) -> None:
    for name in (f"{NEXT_DOOR}/default", f"../{NEXT_DOOR}/default"):
        said = refusal(lambda name=name: siege.alice.create(an_instance(HOME, "sponger", LONG, account=name)))  # type: ignore[misc]
        assert "spec.account" in said


def test_ordering_at_the_expense_of_somebody_elses_account(siege: Siege) -> None:
    """An order names no account: a field that is not there is not taken."""
    path = f"{ORDERS.path(HOME)}?fieldValidation=Strict&dryRun=All"
    said = refusal(lambda: siege.alice.call("POST", path, order("sponging", account=f"{NEXT_DOOR}/default")))
    assert "unknown field" in said


def test_ordering_in_the_operators_name(siege: Siege) -> None:
    assert "is Owner for everybody" in refusal(lambda: create_order(siege, order("forged", source="Initial")))


def test_ordering_for_somebody_elses_instance(siege: Siege) -> None:
    """The uid of the one next door: here it is nobody's, and the order is turned down."""
    create_order(siege, order("foreign", instanceRef={"name": "web-1", "uid": siege.neighbour.uid}))
    wait_for("it is rejected", lambda: phase_of(siege, "foreign") == "Rejected")


def phase_of(siege: Siege, name: str) -> str:
    body = siege.admin.get(ORDERS, HOME, name)
    return str((body or {}).get("status", {}).get("phase", ""))


def test_changing_what_a_settled_order_bought(siege: Siege) -> None:
    said = refusal(lambda: siege.alice.merge(ORDERS, HOME, settled(siege), {"spec": {"periods": 1000}}))
    assert "spec" in said


def test_deleting_a_settled_order(siege: Siege) -> None:
    assert "is settled and stays" in refusal(lambda: siege.alice.delete(ORDERS, HOME, settled(siege)))


def test_deleting_the_whole_ledger(siege: Siege) -> None:
    with pytest.raises(Refusal, match="is settled and stays"):
        siege.alice.call("DELETE", f"{ORDERS.path(HOME)}?fieldSelector=status.phase=Settled")


def test_saying_that_an_order_has_ended(siege: Siege) -> None:
    body = order("ended")
    body["metadata"]["annotations"] = {"prepaid.dev/ended": "Settled"}
    assert "prepaid.dev/ended" in refusal(lambda: create_order(siege, body))


def test_filing_an_item_for_somebody_elses_instance(siege: Siege) -> None:
    ref = {"name": "web-1", "uid": siege.neighbour.uid, "stay": 0}
    moments = dict.fromkeys(("recycleTime", "releaseTime"), "2020-01-01T00:00:00Z")
    spec = {"instanceRef": ref, **moments, "reason": "Forged", "disposition": "Terminate", "confirm": "web-1"}
    body = {"apiVersion": API_VERSION, "kind": "RecycleBinItem", "metadata": {"name": "web-1"}, "spec": spec}
    for who, home in ((siege.alice, NEXT_DOOR), (siege.mallory, HOME), (siege.admin, NEXT_DOOR)):
        assert "forbidden" in refusal(lambda who=who, home=home: who.call("POST", ITEMS.path(home), body))  # type: ignore[misc]


def test_pointing_an_item_at_another_instance(siege: Siege) -> None:
    ref = {"instanceRef": {"name": "web-2", "uid": siege.target.uid}}
    assert "spec.instanceRef" in refusal(lambda: siege.alice.merge(ITEMS, HOME, "web-2", {"spec": ref}))


def test_giving_an_item_another_owner_of_the_same_uid(siege: Siege) -> None:
    (owner,) = siege.binned.need(ITEMS)["metadata"]["ownerReferences"]
    forged = {"metadata": {"ownerReferences": [{**owner, "apiVersion": "v1", "kind": "ConfigMap", "name": "nope"}]}}
    assert "has no owner that could take it along" in refusal(lambda: siege.alice.merge(ITEMS, HOME, "web-2", forged))


def test_taking_an_item_out_of_the_bin(siege: Siege) -> None:
    assert "to Recover or to Terminate" in refusal(lambda: siege.mallory.delete(ITEMS, HOME, "web-2"))


def test_shortening_the_days_in_the_bin(siege: Siege) -> None:
    assert "spec.releaseTime" in refusal(lambda: siege.alice.merge(ITEMS, HOME, "web-2", {"spec": {"releaseTime": "2020-01-01T00:00:00Z"}}))


def test_ending_it_under_a_name_that_looks_alike(siege: Siege) -> None:
    for confirmed in ("wеb-2", "web‐2", "web-2\u200b"):
        changes = {"spec": {"disposition": "Terminate", "confirm": confirmed}}
        said = refusal(lambda changes=changes: siege.alice.merge(ITEMS, HOME, "web-2", changes))  # type: ignore[misc]
        assert "must be the instance's name" in said


def test_ending_somebody_elses_instance(siege: Siege) -> None:
    changes = {"spec": {"disposition": "Terminate", "confirm": "web-2"}}
    assert "forbidden" in refusal(lambda: siege.bob.merge(ITEMS, HOME, "web-2", changes))


@pytest.mark.parametrize("name", ["wеb-1", "WEB-1", "web‐1", "web-1\u200b", "..", "web-1/../../kube-system"])
def test_taking_a_name_that_looks_alike_or_leads_elsewhere(siege: Siege, name: str) -> None:
    assert "metadata.name" in refusal(lambda: siege.alice.create(an_instance(HOME, name, LONG)))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("$(namespace)/../kube-system", id="a substitution"),
        pytest.param("$(params.image)", id="itself"),
        pytest.param("$(uid", id="without an end"),
    ],
)
def test_injecting_a_template_through_a_parameter(siege: Siege, value: str) -> None:
    assert "plain value" in refusal(lambda: siege.alice.create(an_instance(HOME, "injected", LONG, parameters={"image": value})))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("nginx:1\n  hostNetwork: true", id="lines of YAML"),
        pytest.param('nginx:1", "privileged": true', id="the end of a text"),
        pytest.param("ｎginx:1", id="letters that look alike"),
        pytest.param("../../kube-system/evil:1", id="a path"),
    ],
)
def test_injecting_structure_through_a_parameter(siege: Siege, value: str) -> None:
    life = siege.scene.buy("structured", LONG, parameters={"image": value})
    status = life.until_held("BadParameters")
    assert status.periods == 0
    life.delete()
    life.until_gone(INSTANCES)


@pytest.mark.parametrize("target", ["kube-system/net", "own,kube-system/net", "net@eth0", "../../kube-system/net"])
def test_attaching_a_network_of_another_namespace(siege: Siege, target: str) -> None:
    """What Multus would read as another namespace, another network, or another interface is no name."""
    network = {"apiVersion": "k8s.cni.cncf.io/v1", "kind": "NetworkAttachmentDefinition", "name": target}
    body = {"apiVersion": API_VERSION, "kind": "ElasticResource", "metadata": {"name": "net"}}
    path = f"/apis/{API_VERSION}/namespaces/{HOME}/elasticresources"
    said = refusal(lambda: siege.alice.call("POST", path, {**body, "spec": {"type": "NetworkInterface", "targetRef": network}}))
    assert "spec.targetRef.name" in said


def test_sending_a_mebibyte(siege: Siege) -> None:
    large = "x" * 2**20
    assert "spec.parameters" in refusal(lambda: siege.alice.merge(INSTANCES, HOME, "web-1", {"spec": {"parameters": {"image": large}}}))
    assert "annotations" in refusal(lambda: siege.alice.merge(INSTANCES, HOME, "web-1", {"metadata": {"annotations": {"x": large}}}))


def test_growing_it_to_the_largest_that_is_taken(siege: Siege) -> None:
    """A quarter of a mebibyte of annotations: it renews all the same."""
    siege.alice.merge(INSTANCES, HOME, "web-1", {"metadata": {"annotations": {"x": "x" * 250_000}}})
    siege.alice.merge(INSTANCES, HOME, "web-1", {"metadata": {"annotations": {"x": None}}, "spec": {"running": True, "autoRenew": True}})
    siege.target.until("it is looked at", lambda status: status.next_action is not None and status.next_action.type == "AutoRenew")


def test_rewriting_whom_the_policies_trust(siege: Siege) -> None:
    changes = {"data": {"operator": "alice"}}
    assert "forbidden" in refusal(lambda: siege.alice.merge(CONFIGS, "prepaid-system", "prepaid-policies", changes))


def test_asking_for_the_operators_token(siege: Siege) -> None:
    path = TOKENS.path("prepaid-system", "prepaid-operator", "token")
    assert "forbidden" in refusal(
        lambda: siege.alice.call("POST", path, {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest"})
    )
