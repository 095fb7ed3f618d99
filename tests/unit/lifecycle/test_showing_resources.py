"""What people see of elastic resources, and how they change the list of attachments."""

from decimal import Decimal

import pytest

from builders import NAME, START, UID, account, resource, with_tariff
from prepaid.api.elastic_resource import ElasticType, Holder, IdleRate
from prepaid.api.instance import AttachmentRecord, AttachmentReference, AttachmentState
from prepaid.api.terms import Unit
from prepaid.lifecycle.idling import held_by, idle_from, with_status
from prepaid.lifecycle.showing_resources import ResourceLine, attached_list, attachment_standing, detached_list, resource_lines

DISK, EIP = AttachmentReference(name="disk-1"), AttachmentReference(name="eip-1")


def test_an_idle_resource_says_since_when_and_what_it_costs() -> None:
    idle = with_status(idle_from(resource(), with_tariff(account()), START), idle_charged=Decimal("1.50"))
    held = held_by(resource("a-disk"), Holder(name=NAME, uid=UID), START)
    rate = IdleRate(amount=Decimal("0.50"), currency="CNY", unit=Unit.HOUR)
    lines = resource_lines([idle, held])
    assert lines == [
        ResourceLine("team-a", "a-disk", "CloudDisk", "PersistentVolumeClaim a-disk", "web-1", "", None, None),
        ResourceLine("team-a", "disk-1", "CloudDisk", "PersistentVolumeClaim disk-1", "", "2026-05-01T10:00:00Z", rate, Decimal("1.50")),
    ]
    assert [(line.price, line.cost) for line in lines] == [("", ""), ("0.50 CNY per Hour", "1.50")]


@pytest.mark.parametrize(
    ("record", "standing"),
    [
        pytest.param(
            AttachmentRecord(name="disk-1", type=ElasticType.CLOUD_DISK, state=AttachmentState.ATTACHED, attach_time=START),
            "CloudDisk, attached since 2026-05-01T10:00:00Z",
            id="attached",
        ),
        pytest.param(
            AttachmentRecord(name="absent", state=AttachmentState.PENDING, message="There is none."),
            "waits: There is none.",
            id="a reference to nothing",
        ),
    ],
)
def test_an_attachment_says_how_far_it_has_come(record: AttachmentRecord, standing: str) -> None:
    assert attachment_standing(record) == standing


@pytest.mark.parametrize(
    ("names", "after"),
    [
        pytest.param(["eip-1"], ["disk-1", "eip-1"], id="one more"),
        pytest.param(["disk-1"], ["disk-1"], id="one that is there changes nothing"),
        pytest.param(["b", "b"], ["disk-1", "b"], id="each once"),
    ],
)
def test_attaching_adds_to_the_list(names: list[str], after: list[str]) -> None:
    assert attached_list([DISK], names) == after


def test_more_than_32_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 32"):
        attached_list([DISK], [f"disk-{number}" for number in range(2, 40)])


def test_detaching_takes_out_of_the_list() -> None:
    assert detached_list([DISK, EIP], ["disk-1"]) == ["eip-1"]


def test_what_is_not_attached_cannot_be_detached() -> None:
    with pytest.raises(ValueError, match="typo is not attached; disk-1, eip-1 is"):
        detached_list([DISK, EIP], ["typo"])
