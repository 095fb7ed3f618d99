"""Looks that were overtaken: the instance was read before its newest stay, or the operator's clock is behind another's."""

from dataclasses import replace

from whenever import Instant

from builders import IN_BIN, MIDTERM, OTHER_UID, SECOND, UID, item, recycled, running, running_workload, terminated
from prepaid.api.bin_item import BinItemPhase, Disposition, RecycleBinItem
from prepaid.api.instance import Phase
from prepaid.lifecycle.actions import DeleteObject, DropItem
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.rules import decide
from prepaid.lifecycle.term import Term, read_term


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


def test_a_stay_never_ends_before_it_began() -> None:
    confirmed = item({"disposition": Disposition.TERMINATE, "confirm": "web-1"}, {"phase": BinItemPhase.TERMINATING})
    began = IN_BIN + SECOND
    decision = decide(recycled(IN_BIN, item=confirmed, status={"recycle_time": began, "release_time": began + SECOND}))
    assert decision.phase is Phase.TERMINATING
    assert decision.status.termination_time == began
    assert isinstance(read_term(decision.status), Term)


def test_a_workload_that_is_made_behind_the_door_goes() -> None:
    ended = terminated()
    late = replace(ended, seen=replace(ended.seen, workload=running_workload(ended.instance), workload_is_ours=True))
    assert any(isinstance(action, DeleteObject) for action in decide(late).actions)
    foreign = replace(late, seen=replace(late.seen, workload_is_ours=False))
    assert not any(isinstance(action, DeleteObject) for action in decide(foreign).actions)
