"""What an instance will depend on is marked before its first purchase, and never again."""

from dataclasses import replace

import pytest

from builders import EXPIRATION, IN_BIN, START, account, changed, instance_class, live, new, order, running
from prepaid.api.instance_class import InstanceClass
from prepaid.api.marks import IN_USE
from prepaid.lifecycle.actions import MarkInUse, PatchObject
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.ordering import order_for, wish
from prepaid.lifecycle.rules import decide, to_be_paid
from prepaid.lifecycle.usage import in_use, is_in_use, may_be_marked

HOME = live("Namespace", "team-a", "home-uid", namespace="")
DEAR = instance_class(price={"amount": "10.00", "currency": "CNY"})


def about_to_buy(**seen: object) -> Facts:
    """Its first order waits; nothing is marked."""
    facts = new()
    wanted = wish(facts)
    assert wanted is not None
    first = order_for(facts, wanted)
    first = first.model_copy(update={"metadata": first.metadata.model_copy(update={"uid": "order-uid"})})
    return replace(facts, seen=replace(facts.seen, orders=(first,), sold=instance_class(), home=HOME, **seen))  # type: ignore[arg-type]


def test_class_and_namespace_are_marked_before_the_first_purchase() -> None:
    class_mark, home_mark = decide(about_to_buy()).actions
    assert isinstance(class_mark, MarkInUse)
    assert isinstance(home_mark, PatchObject)
    assert home_mark.patch == {"metadata": {"labels": {IN_USE: "true"}}}


def test_nothing_is_paid_before_the_marks_are_set() -> None:
    facts = about_to_buy(account=account())
    assert to_be_paid(facts) == ()


def test_what_is_marked_is_not_marked_again() -> None:
    marked = in_use(instance_class(), True, START)
    assert isinstance(marked, InstanceClass)
    facts = about_to_buy()
    home = changed(HOME, {"metadata": {"labels": {IN_USE: "true"}}})
    ready = replace(facts, seen=replace(facts.seen, sold=marked, home=home))
    assert not any(isinstance(action, MarkInUse | PatchObject) for action in decide(ready).actions)


def test_a_renewal_marks_a_class_that_lost_its_mark() -> None:
    facts = running(orders=(order(),))
    (action,) = decide(replace(facts, seen=replace(facts.seen, sold=instance_class()))).actions
    assert isinstance(action, MarkInUse)


@pytest.mark.parametrize("is_so", [True, False])
def test_the_mark_goes_on_and_off(is_so: bool) -> None:
    assert is_in_use(in_use(account(), is_so, IN_BIN)) is is_so


def test_the_mark_keeps_every_other_condition() -> None:
    marked = in_use(account(), False, EXPIRATION)
    assert [known.type for known in marked.status.conditions] == ["InUse"]


@pytest.mark.parametrize(
    ("of", "may"),
    [
        pytest.param(account(), True, id="an account that adds up"),
        pytest.param(account().model_copy(update={"status": account().status.model_copy(update={"charged": None})}), False, id="a new one"),
        pytest.param(
            account().model_copy(update={"spec": account("200.00").spec}), False, id="one with a deposit that the cashier has not seen"
        ),
    ],
)
def test_an_account_is_marked_by_a_write_that_adds_up(of: object, may: bool) -> None:
    assert may_be_marked(of) is may  # type: ignore[arg-type]
