"""Looks that were overtaken: the instance was read before its newest stay."""

from whenever import Instant

from builders import IN_BIN, MIDTERM, OTHER_UID, SECOND, UID, item, recycled, running
from prepaid.api.bin_item import RecycleBinItem
from prepaid.lifecycle.actions import DropItem
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.rules import decide


def drops_an_item(facts: Facts) -> bool:
    return any(isinstance(action, DropItem) for action in decide(facts).actions)


def filed_at(moment: Instant, stay: int, uid: str = UID) -> RecycleBinItem:
    return item(stay=stay, uid=uid, metadata={"creation_timestamp": moment})


def test_an_item_of_a_stay_that_this_look_knows_nothing_of_is_left_alone() -> None:
    assert not drops_an_item(running(item=filed_at(MIDTERM, stay=1)))
    assert not drops_an_item(recycled(IN_BIN, item=filed_at(IN_BIN, stay=2)))
    assert not drops_an_item(recycled(IN_BIN, item=filed_at(IN_BIN, stay=1, uid=OTHER_UID)))


def test_an_item_of_a_stay_that_never_was_goes() -> None:
    assert drops_an_item(running(item=filed_at(MIDTERM - SECOND, stay=1)))
    assert drops_an_item(recycled(IN_BIN, item=filed_at(IN_BIN - SECOND, stay=2)))


def test_an_item_of_a_stay_that_is_over_goes() -> None:
    assert drops_an_item(running(item=item(stay=1), status={"stay": 1}))
    assert drops_an_item(recycled(IN_BIN, item=item(stay=1), status={"stay": 2}))
