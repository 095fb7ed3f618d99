"""Who asks an account to pay is remembered until it is looked at; a crowd asks once, when it disperses."""

import pytest

from prepaid.api.account import PrepaidAccount
from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Key
from prepaid.control.desk import Crowded, Desk
from prepaid.control.queue import KeyQueue

ACCOUNT = Key(PrepaidAccount, "team-a", "default")


def key(name: str) -> Key:
    return Key(PrepaidInstance, "team-a", name)


@pytest.mark.parametrize(
    ("before", "after", "waiting", "asking"),
    [
        pytest.param("", None, 0, "", id="nobody"),
        pytest.param("ab", None, 0, "", id="they have not dispersed"),
        pytest.param("ab", "", 1, "ab", id="they have dispersed"),
        pytest.param("a", "b", 1, "ab", id="one comes when they have"),
        pytest.param("", "b", 1, "b", id="one comes when nobody had asked"),
    ],
)
def test_who_asks_in_a_crowd(before: str, after: str | None, waiting: int, asking: str) -> None:
    queue = KeyQueue()
    desk = Desk(queue)
    crowd = Crowded(desk)
    for name in before:
        crowd.ask(key(name), "default")
    if after is not None:
        crowd.disperse()
        for name in after:
            crowd.ask(key(name), "default")
    assert (len(queue), desk.take(ACCOUNT)) == (waiting, set(asking))
