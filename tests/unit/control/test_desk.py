"""Who asks an account to pay is remembered until it is looked at; a crowd asks once, when it disperses."""

import pytest

from builders import instance, intent, running_status
from prepaid.api.account import PrepaidAccount
from prepaid.api.instance import PrepaidInstance
from prepaid.api.reference import Reference
from prepaid.cluster.client import Key
from prepaid.control.desk import Crowded, Desk
from prepaid.control.queue import KeyQueue
from prepaid.lifecycle.payers import accounts_of

ACCOUNT = Key(PrepaidAccount, "team-a", "default")


def key(name: str) -> Key:
    return Key(PrepaidInstance, "team-a", name)


def paying_from(account: str) -> PrepaidInstance:
    """Its purchase in flight is paid from this one; its owner has named the default since."""
    return instance(running_status(intent=intent(account=Reference(name=account, uid="other-uid"))))


@pytest.mark.parametrize(
    ("introduced", "account", "is_stranger"),
    [
        pytest.param(None, "default", False, id="one that nobody knows"),
        pytest.param(instance(), "default", False, id="one that pays from it"),
        pytest.param(instance(), "other", True, id="one that pays from another"),
        pytest.param(paying_from("other"), "other", False, id="one whose purchase in flight is paid from it"),
        pytest.param(paying_from("other"), "default", False, id="one that is to pay from it when that is over"),
    ],
)
def test_who_is_a_stranger_at_an_account(introduced: PrepaidInstance | None, account: str, is_stranger: bool) -> None:
    desk = Desk(KeyQueue())
    if introduced:
        Crowded(desk).introduce(key("a"), accounts_of(introduced))
    assert desk.is_stranger(key("a"), account) is is_stranger


def test_one_that_is_no_more_is_forgotten() -> None:
    """A namesake may pay from anywhere."""
    desk = Desk(KeyQueue())
    desk.introduce(key("a"), ["default"])
    Crowded(desk).forget(key("a"))
    assert not desk.is_stranger(key("a"), "other")


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
