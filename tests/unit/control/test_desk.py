"""Who asks an account to pay is remembered until it is looked at; a crowd asks once, when it disperses."""

import pytest

from builders import instance, intent, running_status
from prepaid.api.account import PrepaidAccount
from prepaid.api.instance import PrepaidInstance
from prepaid.api.reference import Reference
from prepaid.cluster.client import Key
from prepaid.control.business import waiting_at
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
    ("introduced", "accounts"),
    [
        pytest.param(None, ["default", "other"], id="one that nobody knows"),
        pytest.param(instance(), ["default"], id="one that pays from one of them"),
        pytest.param(paying_from("other"), ["default", "other"], id="one that pays from another when its purchase in flight is over"),
        pytest.param(paying_from("third"), ["default"], id="one whose purchase in flight is paid elsewhere"),
    ],
)
def test_at_which_accounts_one_may_wait(introduced: PrepaidInstance | None, accounts: list[str]) -> None:
    desk = Desk(KeyQueue())
    if introduced:
        Crowded(desk).introduce(key("a"), accounts_of(introduced))
    waiting = waiting_at([ACCOUNT, Key(PrepaidAccount, "team-a", "other")], ["a"], desk)
    assert {account.name for account, names in waiting.items() if "a" in names} == set(accounts)


def test_one_that_is_no_more_is_forgotten() -> None:
    """A namesake may pay from anywhere."""
    desk = Desk(KeyQueue())
    desk.introduce(key("a"), ["default"])
    Crowded(desk).forget(key("a"))
    assert desk.payers(key("a")) is None


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
