"""Thirty in the Recycle Bin, recovered and terminated at once by their labels, half of them without money (product.md P8, P9)."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pytest

from cluster.apiserver import INSTANCES, ITEMS, Api, Body
from cluster.operators import Operator, at_work, operator_of
from cluster.terminals import Desk, Ended
from cluster.waiting import wait_for
from cluster.wares import a_class, an_instance
from prepaid.api.instance import Phase
from prepaid.api.resource import API_VERSION
from prepaid.local.kubectl import Kubectl
from prepaid.local.personas import ADMIN
from prepaid.local.plane import ControlPlane

NAMESPACE: Final = "many"
RICH, POOR = "rich", "poor"
HALF: Final = 15
PRICE: Final = Decimal("2.50")
FIRST_TERM: Final = PRICE * HALF


@dataclass(frozen=True)
class Crowd:
    """What was seen of all of them: the commands' words, and the cluster afterwards."""

    rehearsed: dict[str, Any]
    after_rehearsal: Counter[str]
    recovered: dict[str, Any]
    recover_code: int
    balances: dict[str, Decimal]
    after_recovery: Counter[str]
    items: list[Body]
    terminated: Ended
    after_termination: Counter[str]


def account(name: str) -> Body:
    metadata = {"name": name, "namespace": NAMESPACE}
    return {
        "apiVersion": API_VERSION,
        "kind": "PrepaidAccount",
        "metadata": metadata,
        "spec": {"currency": "CNY", "deposited": str(FIRST_TERM)},
    }


def instances() -> list[Body]:
    """Half of them pay from the rich account, half from the poor one; their numbers alternate."""
    made = []
    for number in range(2 * HALF):
        purse = RICH if number % 2 == 0 else POOR
        body = an_instance(NAMESPACE, f"crowd-{number}", "crowd", account=purse)
        made.append({**body, "metadata": {**body["metadata"], "labels": {"crowd": "all", "purse": purse}}})
    return made


@pytest.fixture(scope="module")
def operator(control_plane: ControlPlane) -> Iterator[Operator]:
    with at_work(operator_of(control_plane, "many")) as operator:
        yield operator


@pytest.fixture(scope="module")
def crowd(control_plane: ControlPlane, admin: Api, operator: Operator) -> Crowd:
    """All of it, once: recycled, rehearsed, recovered, terminated."""
    assert operator.is_alive
    desk, kubectl = Desk(control_plane.kubeconfig(ADMIN)), control_plane.kubectl()
    sell_to_all(kubectl, admin)
    words = ("-l", "crowd=all", "-n", NAMESPACE, "--yes", "-o", "json")
    rehearsed = json.loads(desk.run("recover", *words, "--periods", "1000", "--dry-run").out)
    after_rehearsal = phases(admin)
    deposited = desk.run("deposit", RICH, str(PRICE * HALF * 1000), "-n", NAMESPACE)
    assert deposited.code == 0, deposited.err
    said = desk.run("recover", *words, "--periods", "1000")
    wait_for("the bin holds the poor alone", lambda: phases(admin)[Phase.RUNNING] == HALF)
    return Crowd(
        rehearsed=rehearsed,
        after_rehearsal=after_rehearsal,
        recovered=json.loads(said.out),
        recover_code=said.code,
        balances=balances(admin),
        after_recovery=phases(admin),
        items=admin.list(ITEMS, NAMESPACE)["items"],
        terminated=desk.run("terminate", "-l", "crowd=all", "-n", NAMESPACE, "--yes"),
        after_termination=phases(admin),
    )


def sell_to_all(kubectl: Kubectl, admin: Api) -> None:
    """Every one has bought one second and is in the bin."""
    sold = a_class("crowd", term=1, retention=3600, price={"amount": str(PRICE), "currency": "CNY"})
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    kubectl.apply([namespace, sold, account(RICH), account(POOR), *instances()])
    wait_for("all are in the bin", lambda: len(admin.list(ITEMS, NAMESPACE)["items"]) == 2 * HALF)


def phases(admin: Api) -> Counter[str]:
    return Counter(body["status"]["phase"] for body in admin.list(INSTANCES, NAMESPACE)["items"])


def balances(admin: Api) -> dict[str, Decimal]:
    path = f"/apis/{API_VERSION}/namespaces/{NAMESPACE}/prepaidaccounts"
    found = json.loads(admin.call("GET", path))["items"]
    return {body["metadata"]["name"]: Decimal(body["status"]["balance"]) for body in found}


def outcomes(said: dict[str, Any]) -> Counter[str]:
    return Counter(item["result"] for item in said["items"])


def test_a_rehearsal_is_answered_for_each_and_changes_nothing(crowd: Crowd) -> None:
    assert outcomes(crowd.rehearsed) == {"waiting for money": 2 * HALF}
    assert {item["amount"] for item in crowd.rehearsed["items"]} == {str(PRICE * 1000)}
    assert crowd.after_rehearsal == {Phase.RECYCLED: 2 * HALF}


def test_each_gets_a_result_of_its_own(crowd: Crowd) -> None:
    assert outcomes(crowd.recovered) == {"done": HALF, "waiting for money": HALF}
    assert sorted(item["name"] for item in crowd.recovered["items"]) == sorted(f"crowd-{number}" for number in range(2 * HALF))


def test_those_with_money_run_and_the_others_lie_where_they_were(crowd: Crowd) -> None:
    assert crowd.after_recovery == {Phase.RUNNING: HALF, Phase.RECYCLED: HALF}


def test_not_all_done_is_no_success(crowd: Crowd) -> None:
    assert crowd.recover_code == 3


def test_the_totals_add_up(crowd: Crowd) -> None:
    paid = sum(Decimal(item["amount"]) for item in crowd.recovered["items"])
    assert paid == PRICE * HALF * 1000
    assert crowd.balances == {RICH: Decimal(0), POOR: Decimal(0)}


def test_who_waits_is_told_what_is_missing_and_that_the_release_stands(crowd: Crowd) -> None:
    said = [item["message"] for item in crowd.recovered["items"] if item["result"] == "waiting for money"]
    assert all(f"lacks {PRICE * 1000} CNY" in message and "It is erased for good at" in message for message in said)


def test_the_items_say_the_same(crowd: Crowd) -> None:
    assert len(crowd.items) == HALF
    told = {(item["status"]["phase"], item["status"]["conditions"][0]["reason"]) for item in crowd.items}
    assert told == {("Recovering", "InsufficientFunds")}
    assert all(item["status"]["order"]["name"].startswith(item["metadata"]["name"]) for item in crowd.items)


def test_those_in_the_bin_are_terminated_and_those_that_run_are_not(crowd: Crowd) -> None:
    assert crowd.terminated.code == 1
    assert f"30 in all: {HALF} done, {HALF} refused." in crowd.terminated.out
    assert crowd.after_termination == {Phase.TERMINATED: HALF, Phase.RUNNING: HALF}
