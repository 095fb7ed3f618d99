"""The sweep of the marks: on where something bought depends on it, off where nothing living does."""

from typing import Any

import pytest

from prepaid.control.usage import Needs

Body = dict[str, Any]
CLASS, ACCOUNT, HOME = ("", "standard"), ("team-a", "default"), ("team-a", "")


def needs(*statuses: Body) -> Needs:
    found = Needs()
    for status in statuses:
        found.add({"metadata": {"namespace": "team-a"}, "spec": {"instanceClass": "standard"}, "status": status})
    return found


@pytest.mark.parametrize(
    ("statuses", "is_marked", "change"),
    [
        pytest.param([], False, None, id="nothing there"),
        pytest.param([], True, False, id="nothing there any more"),
        pytest.param([{}], False, None, id="one that was never bought"),
        pytest.param([{}], True, None, id="one that may be bought any moment"),
        pytest.param([{"phase": "Pending", "intent": {}, "periods": 0}], False, None, id="an empty intent"),
        pytest.param([{"phase": "Pending", "intent": {"sequence": 0}}], False, True, id="one that is being bought"),
        pytest.param([{"phase": "Running", "periods": 1}], False, True, id="one that lost its mark"),
        pytest.param([{"phase": "Recycled", "periods": 1}], True, None, id="one in the bin"),
        pytest.param([{"phase": "Terminating", "periods": 1}], True, None, id="one that is being erased"),
        pytest.param([{"phase": "Terminated", "periods": 1}], True, False, id="a tombstone"),
        pytest.param([{"phase": "Terminated", "periods": 1}, {"phase": "Running", "periods": 1}], True, None, id="a tombstone and a life"),
    ],
)
def test_how_a_mark_changes(statuses: list[Body], is_marked: bool, change: bool | None) -> None:
    found = needs(*statuses)
    assert [found.change(place, is_marked) for place in (CLASS, ACCOUNT, HOME)] == [change] * 3


def test_what_is_elsewhere_is_not_marked() -> None:
    assert needs({"phase": "Running", "periods": 1}).change(("team-b", "default"), False) is None
