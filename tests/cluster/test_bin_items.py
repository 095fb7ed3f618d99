"""The bin item on a real cluster: what its owner says on it, what it answers, and items that nobody should have made."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from cluster.apiserver import EVENTS, INSTANCES, ITEMS, ORDERS, Api, Body, Refusal
from cluster.operators import Operator, at_work, operator_of
from cluster.terminals import Desk
from cluster.waiting import wait_for
from cluster.wares import a_class, an_instance
from prepaid.api.resource import API_VERSION
from prepaid.local.personas import ADMIN
from prepaid.local.plane import ControlPlane

NAMESPACE: Final = "items"
NAMES: Final = ("paused", "hesitant", "filed", "locked", "rescued")


@dataclass(frozen=True)
class Bin:
    """The Recycle Bin of a namespace, in the hands of an administrator, and of somebody whom no policy holds back."""

    admin: Api
    meddler: Api
    desk: Desk
    operator: Operator

    def item(self, name: str) -> Body:
        """Raises NeverCame where there is none."""
        return wait_for(f"the item {name}", lambda: self.admin.get(ITEMS, NAMESPACE, name))

    def say(self, name: str, **spec: Any) -> None:  # noqa: ANN401
        self.admin.merge(ITEMS, NAMESPACE, name, {"spec": spec})

    def reasons(self, name: str) -> list[str]:
        return [known["reason"] for known in self.item(name).get("status", {}).get("conditions", [])]

    def phase(self, name: str) -> str:
        found = self.admin.get(INSTANCES, NAMESPACE, name)
        assert found is not None
        return str(found["status"]["phase"])


@pytest.fixture(scope="module")
def lying(control_plane: ControlPlane, admin: Api, meddler: Api) -> Iterator[Bin]:
    """Some that have expired, one of them stopped by its owner before; their account is empty by now."""
    with at_work(operator_of(control_plane, "items")) as operator:
        metadata, spec = {"name": "default", "namespace": NAMESPACE}, {"currency": "CNY", "deposited": f"{len(NAMES)}.00"}
        control_plane.kubectl().apply(
            [
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
                {"apiVersion": API_VERSION, "kind": "PrepaidAccount", "metadata": metadata, "spec": spec},
                a_class("items", term=1, retention=3600, price={"amount": "1.00", "currency": "CNY"}),
                *(an_instance(NAMESPACE, name, "items", running=name != "paused") for name in NAMES),
            ]
        )
        wait_for("all are filed", lambda: len(admin.list(ITEMS, NAMESPACE)["items"]) == len(NAMES))
        yield Bin(admin, meddler, Desk(control_plane.kubeconfig(ADMIN)), operator)


def test_an_item_that_somebody_deleted_is_made_again(lying: Bin) -> None:
    before = lying.item("filed")["metadata"]["uid"]
    lying.meddler.delete(ITEMS, NAMESPACE, "filed")
    wait_for("it is filed anew", lambda: lying.item("filed")["metadata"]["uid"] != before)
    assert lying.item("filed")["spec"]["disposition"] == "Retain"


def test_a_stray_is_reported_on_itself_and_in_an_event_and_ignored(lying: Bin) -> None:
    copied = lying.item("filed")
    ref = {**copied["spec"]["instanceRef"], "name": "stray"}
    spec = {**copied["spec"], "instanceRef": ref, "disposition": "Terminate", "confirm": "stray"}
    stray = lying.meddler.create({**copied, "metadata": {"name": "stray", "namespace": NAMESPACE}, "spec": spec})
    wait_for("it says so itself", lambda: lying.reasons("stray") == ["NotOurs"])
    fields = f"involvedObject.uid={stray['metadata']['uid']}"
    event = wait_for("it is told", lambda: lying.admin.list(EVENTS, NAMESPACE, fields=fields)["items"] or None)
    assert (event[0]["reason"], event[0]["type"]) == ("Ignored", "Warning")
    assert lying.phase("filed") == "Recycled"


def test_what_is_being_terminated_can_be_recovered_no_more(lying: Bin) -> None:
    lying.meddler.merge(ITEMS, NAMESPACE, "locked", {"status": {"phase": "Terminating"}}, "status")
    with pytest.raises(Refusal, match="the instance is being terminated"):
        lying.say("locked", disposition="Recover")


def test_back_to_retain_takes_the_recover_back_and_a_deposit_buys_nothing(lying: Bin) -> None:
    lying.say("hesitant", disposition="Recover", periods=1000)
    wait_for("it waits for money", lambda: lying.reasons("hesitant") == ["InsufficientFunds"])
    lying.say("hesitant", disposition="Retain")
    wait_for("it waits for nothing", lambda: lying.item("hesitant")["status"]["phase"] == "Recycled")
    assert lying.desk.run("deposit", "default", "1000.00", "-n", NAMESPACE).code == 0
    rejected = wait_for("its order is rejected", lambda: rejected_orders(lying) or None)
    assert (rejected, lying.phase("hesitant")) == (["Superseded"], "Recycled")


def rejected_orders(lying: Bin) -> list[str]:
    orders = lying.admin.list(ORDERS, NAMESPACE, fields="spec.instanceRef.name=hesitant")["items"]
    return [order["status"]["conditions"][0]["reason"] for order in orders if order["status"].get("phase") == "Rejected"]


def test_a_recovery_brings_the_owners_wish_back(lying: Bin) -> None:
    assert lying.desk.run("recover", "paused", "-n", NAMESPACE, "--yes", "--periods", "900").code == 0
    wait_for("it is as it was", lambda: lying.phase("paused") == "Stopped")


def test_a_payment_that_was_accepted_wins_over_a_terminate_that_follows(lying: Bin) -> None:
    """The operator sees both at once."""
    assert lying.desk.run("deposit", "default", "1500.00", "-n", NAMESPACE).code == 0
    order = {"apiVersion": API_VERSION, "kind": "RenewalOrder", "metadata": {"name": "rescue"}}
    lying.operator.pause()
    lying.admin.call("POST", ORDERS.path(NAMESPACE), {**order, "spec": {"instanceRef": {"name": "rescued"}, "periods": 900}})
    lying.say("rescued", disposition="Terminate", confirm="rescued")
    lying.operator.resume()
    wait_for("it runs", lambda: lying.phase("rescued") == "Running")
    wait_for("it is in the bin no more", lambda: lying.admin.get(ITEMS, NAMESPACE, "rescued") is None)
