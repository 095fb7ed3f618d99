"""Bin items that nobody should have made are reported once, and ignored."""

from dataclasses import replace

import pytest

from builders import EXPIRATION, IN_BIN, MIDTERM, OTHER_UID, SECOND, item, new, recycled, running
from prepaid.api.bin_item import Disposition, RecycleBinItem
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.rules import decide
from prepaid.lifecycle.strays import OF_ANOTHER, WITHOUT_INSTANCE, reported_stray, stray_beside

OLD = {"creation_timestamp": MIDTERM - SECOND}
FOREIGN = item(uid=OTHER_UID, metadata=OLD)
CLAIMING = item({"disposition": Disposition.TERMINATE, "confirm": "web-1"}, metadata=OLD, uid=OTHER_UID)


@pytest.mark.parametrize(
    ("facts", "is_stray"),
    [
        pytest.param(running(item=FOREIGN), True, id="beside one that runs"),
        pytest.param(new(MIDTERM, item=FOREIGN), True, id="beside one that was never bought"),
        pytest.param(running(item=item(uid=OTHER_UID, metadata={"creation_timestamp": MIDTERM})), False, id="filed after the look began"),
        pytest.param(running(item=item(stay=1)), False, id="left over of an earlier stay"),
        pytest.param(recycled(), False, id="of this stay"),
        pytest.param(running(), False, id="none"),
    ],
)
def test_what_is_a_stray(facts: Facts, is_stray: bool) -> None:
    assert (stray_beside(facts) is not None) is is_stray


def test_a_stray_says_so_itself_once() -> None:
    told = reported_stray(FOREIGN, WITHOUT_INSTANCE, EXPIRATION)
    assert told is not None
    assert [(said.type, said.status, said.message) for said in told.status.conditions] == [("Obeyed", "False", WITHOUT_INSTANCE)]
    assert reported_stray(told, WITHOUT_INSTANCE, IN_BIN) is None


def test_a_stray_for_another_reason_says_the_new_one_alone() -> None:
    told = reported_stray(FOREIGN, WITHOUT_INSTANCE, EXPIRATION)
    assert told is not None
    again = reported_stray(told, OF_ANOTHER, IN_BIN)
    assert again is not None
    assert [said.message for said in again.status.conditions] == [OF_ANOTHER]


def test_one_that_is_on_its_way_out_is_left_alone() -> None:
    assert reported_stray(item(metadata={"deletion_timestamp": IN_BIN}), WITHOUT_INSTANCE, IN_BIN) is None


@pytest.mark.parametrize("stray", [FOREIGN, CLAIMING], ids=["that says nothing", "that says Terminate"])
def test_a_stray_changes_nothing(stray: RecycleBinItem) -> None:
    assert decide(running(item=stray)) == decide(running())
    unbought = new(MIDTERM)
    assert decide(replace(unbought, seen=replace(unbought.seen, item=stray))) == decide(unbought)
