"""The way out for platform administrators: signed, then deleted. The workload goes, the data stays and is nobody's, and it is told.

What the instance held is free for others.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from cluster.apiserver import CLAIMS, EVENTS, INSTANCES, ORDERS, PODS, RESOURCES, STATEFUL_SETS
from cluster.attachings import Shelf, until_attached
from cluster.attacks.siege import HOME, LONG, Siege, refusal
from cluster.waiting import wait_for
from prepaid.api.resource import API_VERSION

NAME, CLAIM, WHY = "evicted", "data-evicted-0", "platform: its owner has left"
HELD: Final = {"evicted-ip": "ElasticIP", "evicted-disk": "CloudDisk"}


@dataclass(frozen=True)
class Exit:
    """What was there before it was taken out."""

    uid: str
    claim: str
    directory: Path
    refusals: tuple[str, ...]


@pytest.fixture(scope="module")
def taken_out(siege: Siege) -> Exit:
    """An instance that runs, with an order that waits for more money than there is, signed and deleted by a platform administrator."""
    for held, elastic_type in HELD.items():
        Shelf(siege.scene).add(held, elastic_type)
    life = siege.scene.buy(NAME, LONG, attachments=[{"name": held} for held in HELD])
    until_attached(life, *HELD)
    order = {"apiVersion": API_VERSION, "kind": "RenewalOrder", "metadata": {"name": "too-dear"}}
    siege.alice.call("POST", ORDERS.path(HOME), {**order, "spec": {"instanceRef": {"name": NAME}, "periods": 99_999}})
    refusals = tuple(refusal(partial(siege.alice.delete, RESOURCES, HOME, held)) for held in HELD)
    before = Exit(life.uid, life.need(CLAIMS, CLAIM)["metadata"]["uid"], life.write_note(), refusals)
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


def test_what_it_holds_cannot_be_deleted_before(taken_out: Exit) -> None:
    said = f"is attached to {NAME}: take it out of its spec.attachments, then delete it."
    assert [said in each for each in taken_out.refusals] == [True] * len(HELD)


@pytest.mark.parametrize("name", HELD)
def test_what_it_held_is_idle_and_can_be_deleted(siege: Siege, taken_out: Exit, name: str) -> None:
    shelf = Shelf(siege.scene)
    assert taken_out.uid not in {holder.uid for holder in shelf.until_idle(name).status.attached_to}
    siege.alice.delete(RESOURCES, HOME, name)
    wait_for(f"{name} is gone", lambda: shelf.find(name) is None)


def test_the_disk_it_held_stays(siege: Siege, taken_out: Exit) -> None:
    assert taken_out.uid
    claim = siege.admin.get(CLAIMS, HOME, "evicted-disk")
    assert (claim or {}).get("status", {}).get("phase") == "Bound"


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
