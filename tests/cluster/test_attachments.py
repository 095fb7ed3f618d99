"""Elastic resources on a real cluster (product.md P6, P11): endpoints, disks and money, through recycling, recovery and the end."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from cluster.apiserver import Api
from cluster.attachings import (
    CLASSES,
    STORIES,
    SYNCS,
    Balanced,
    Charged,
    Disk,
    balanced,
    charged,
    disk,
    forced,
    hindered,
    message_of,
    replaced,
    rivals,
)
from cluster.linkings import KEEPING_CLASS, kept, networked
from cluster.operators import at_work, operator_of
from cluster.recording import Recorder
from cluster.scenes import Scene
from cluster.stories import Outcomes, tell
from prepaid.api.elastic_resource import ElasticPhase
from prepaid.api.instance import AttachmentState
from prepaid.local.plane import ControlPlane


@pytest.fixture(scope="module")
def outcomes(control_plane: ControlPlane, meddler: Api, recorder: Recorder) -> Outcomes:
    scene = Scene("attached", meddler, meddler, recorder)
    scene.prepare()
    for instance_class in (*CLASSES, KEEPING_CLASS):
        scene.sell(instance_class)
    with at_work(operator_of(control_plane, "attached")):
        return tell((*STORIES, networked, kept), scene)


@pytest.fixture(scope="module")
def behind(outcomes: Outcomes) -> Balanced:
    return outcomes.of(balanced)


@pytest.fixture(scope="module")
def mounting(outcomes: Outcomes) -> Disk:
    return outcomes.of(disk)


@pytest.fixture(scope="module")
def paying(outcomes: Outcomes) -> Charged:
    return outcomes.of(charged)


def test_while_it_is_attached_the_load_balancer_has_the_address_of_its_pod(behind: Balanced) -> None:
    assert behind.attached == behind.pod != []


def test_attaching_to_a_load_balancer_restarts_nothing(behind: Balanced) -> None:
    assert behind.generations[0] == behind.generations[1]


def test_in_the_bin_the_load_balancer_has_no_endpoint(behind: Balanced) -> None:
    assert behind.in_bin == []


def test_in_the_bin_the_reference_is_dropped_and_remembered(behind: Balanced) -> None:
    assert [record.name for record in behind.recycled.detached_attachments] == ["balancer"]
    assert behind.recycled.pending_detachments == ()
    assert [record["name"] for record in behind.item["spec"]["detachedAttachments"]] == ["balancer"]


def test_what_nobody_holds_is_idle_since_it_came_off(behind: Balanced) -> None:
    assert behind.idle.status.attached_to == ()
    assert behind.idle.status.idle_since_time is not None
    assert behind.recycled.recycle_time is not None
    assert behind.idle.status.idle_since_time >= behind.recycled.recycle_time


def test_what_is_written_back_in_the_bin_stays_pending(behind: Balanced) -> None:
    assert [record.state for record in behind.written_back.attachments] == [AttachmentState.PENDING]


def test_syncs_that_write_it_back_cause_no_write(behind: Balanced) -> None:
    assert behind.versions == SYNCS


def test_after_the_recovery_it_has_none_until_it_is_attached_again(behind: Balanced) -> None:
    assert (behind.recovered, len(behind.again)) == ([], 1)


def test_that_it_came_off_is_told_once(behind: Balanced) -> None:
    assert behind.life.told("AttachmentsDetached").count("AttachmentsDetached") == 1


def test_a_disk_is_mounted_while_it_is_attached_and_not_in_the_bin(mounting: Disk) -> None:
    assert (mounting.mounted, mounting.in_bin) == (["photos"], [])


def test_a_disk_and_what_is_on_it_outlive_the_instance(mounting: Disk) -> None:
    assert (mounting.kept_in_bin, mounting.kept_at_the_end, len(mounting.claims)) == (True, True, 1)


def test_a_disk_that_outlived_its_instance_is_attached_to_another(mounting: Disk) -> None:
    assert (mounting.mounted_by_heir, mounting.kept_for_heir) == (["photos"], True)


def test_a_pod_that_is_replaced_gets_its_label_back(outcomes: Outcomes, tell_reader: Callable[[str], None]) -> None:
    story = outcomes.of(replaced)
    tell_reader(f"a replaced pod had its label {story.seconds * 1000:.0f} ms after it was first seen")
    assert len(story.addresses) == 1


def test_the_first_keeps_it_and_the_other_waits_with_a_sentence(outcomes: Outcomes) -> None:
    story = outcomes.of(rivals)
    assert message_of(story.waiting, "address") == "Instance first holds it; it is attached here when it is free."
    assert story.holders == [["first"], ["second"]]


def test_what_cannot_be_attached_says_why_and_the_instance_runs(outcomes: Outcomes) -> None:
    told = outcomes.of(hindered)
    assert {record.name: record.message for record in told.attachments} == {
        "absent": "There is no ElasticResource absent; create it, or take it out of spec.attachments.",
        "no-target": "There is no Service made-later, its target; create it.",
        "twin": "ElasticResource original is older and has the same target; attach that one.",
        "somebodys-data": "PersistentVolumeClaim data-hindered-0 is the data of an instance, which is erased with it; attach another one.",
    }


def test_networks_reach_its_pod_while_it_is_not_in_the_bin(outcomes: Outcomes) -> None:
    story = outcomes.of(networked)
    assert (story.label, "fast" in (story.networks or "")) == ("attached", True)
    assert (story.label_in_bin, story.networks_in_bin) == (None, None)
    assert [one.status.phase for one in story.idle] == [ElasticPhase.IDLE] * 2


def test_a_class_may_keep_in_the_bin_what_is_attached(outcomes: Outcomes) -> None:
    story = outcomes.of(kept)
    assert (story.references, story.holders, story.addresses_in_bin) == ([{"name": "kept"}], ["keeper"], [])
    assert ([record.name for record in story.in_bin.detached_attachments], len(story.addresses)) == ([], 1)
    assert story.at_the_end.status.phase is ElasticPhase.IDLE


def test_an_instance_that_is_torn_out_by_force_holds_nothing(outcomes: Outcomes) -> None:
    assert outcomes.of(forced).status.phase is ElasticPhase.IDLE


def test_idle_time_is_charged_and_ends_when_it_is_attached(paying: Charged) -> None:
    status = paying.account["status"]
    assert paying.resource.status.idle_charged is not None
    assert (Decimal(status["charged"]), Decimal(status["closedIdle"])) == (paying.resource.status.idle_charged,) * 2
    assert Decimal(status["balance"]) == Decimal("3.00") - paying.resource.status.idle_charged < 0


def test_a_debt_is_told_once(paying: Charged) -> None:
    assert paying.events == ["Overdrawn"]


def test_deleting_it_settles_its_last_unit_and_leaves_the_target(paying: Charged) -> None:
    status = paying.after["status"]
    assert Decimal(status["charged"]) == Decimal(status["closedIdle"]) >= Decimal(paying.account["status"]["charged"])
    assert paying.target is not None
