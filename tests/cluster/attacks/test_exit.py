"""The way out for platform administrators: signed, then deleted. The workload goes, the data stays and is nobody's, and it is told."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from cluster.apiserver import CLAIMS, EVENTS, INSTANCES, ORDERS, PODS, STATEFUL_SETS
from cluster.attacks.siege import HOME, LONG, Siege
from cluster.waiting import wait_for
from prepaid.api.instance import Phase
from prepaid.api.resource import API_VERSION

NAME, CLAIM, WHY = "evicted", "data-evicted-0", "platform: its owner has left"


@dataclass(frozen=True)
class Exit:
    """What was there before it was taken out."""

    uid: str
    claim: str
    directory: Path


@pytest.fixture(scope="module")
def taken_out(siege: Siege) -> Exit:
    """An instance that runs, with an order that waits for more money than there is, signed and deleted by a platform administrator."""
    life = siege.scene.buy(NAME, LONG)
    life.until_phase(Phase.RUNNING)
    order = {"apiVersion": API_VERSION, "kind": "RenewalOrder", "metadata": {"name": "too-dear"}}
    siege.alice.call("POST", ORDERS.path(HOME), {**order, "spec": {"instanceRef": {"name": NAME}, "periods": 99_999}})
    before = Exit(life.uid, life.need(CLAIMS, CLAIM)["metadata"]["uid"], life.write_note())
    siege.platform.merge(INSTANCES, HOME, NAME, {"metadata": {"annotations": {"prepaid.dev/break-glass": WHY}}})
    siege.platform.delete(INSTANCES, HOME, NAME)
    life.until_gone(INSTANCES)
    return before


def test_the_workload_goes(siege: Siege, taken_out: Exit) -> None:
    wait_for("its pod is gone", lambda: siege.admin.get(PODS, HOME, f"{NAME}-0") is None)
    assert siege.admin.get(STATEFUL_SETS, HOME, NAME) is None
    assert taken_out.uid


def test_the_data_stays_and_carries_no_label_of_ours(siege: Siege, taken_out: Exit) -> None:
    claim = siege.admin.get(CLAIMS, HOME, CLAIM)
    assert claim is not None
    assert claim["metadata"]["uid"] == taken_out.claim
    assert not [label for label in claim["metadata"].get("labels", {}) if label.startswith("prepaid.dev/")]
    assert (taken_out.directory / "note.txt").exists()


def test_open_orders_are_rejected(siege: Siege, taken_out: Exit) -> None:
    assert taken_out.uid
    wait_for("it is rejected", lambda: (siege.admin.get(ORDERS, HOME, "too-dear") or {}).get("status", {}).get("phase") == "Rejected")


def test_an_event_tells_who_and_why(siege: Siege, taken_out: Exit) -> None:
    fields = f"involvedObject.uid={taken_out.uid},reason=BreakGlass"
    (event,) = wait_for("the event", lambda: siege.admin.list(EVENTS, HOME, fields=fields)["items"] or None)
    assert (WHY in event["message"], event["type"]) == (True, "Warning")


def test_the_data_is_its_owners_to_delete(siege: Siege, taken_out: Exit) -> None:
    siege.alice.delete(CLAIMS, HOME, CLAIM)
    wait_for("it is gone from the disk", lambda: not taken_out.directory.exists())
