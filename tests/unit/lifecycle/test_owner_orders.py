"""A command that is repeated after a lost connection never buys twice (issue 5)."""

from decimal import Decimal

import pytest

from builders import MIDTERM, OTHER_UID, SECOND, UID, order, running
from prepaid.api.order import OrderInstanceRef, OrderPhase, OrderSource, RenewalOrder, RenewalOrderStatus
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.owner_orders import REPEAT, asks_for_the_same, bought_before, order_name, owner_order

FACTS = running()


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(running(MIDTERM + SECOND), id="a moment later"),
        pytest.param(running(status={"periods": 3, "anchor_periods": 3}), id="once it is granted, but not settled yet"),
    ],
)
def test_the_same_words_make_the_same_order(later: Facts) -> None:
    assert owner_order(running(), 2, Decimal(1)) == owner_order(later, 2, Decimal(1))


@pytest.mark.parametrize(
    ("facts", "periods"),
    [
        pytest.param(running(), 3, id="another number of periods"),
        pytest.param(running(status={"sequence": 2}), 2, id="after another purchase ended"),
    ],
)
def test_another_wish_makes_another_order(facts: Facts, periods: int) -> None:
    assert order_name(facts, periods) != order_name(FACTS, 2)


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        pytest.param({}, True, id="alike"),
        pytest.param({"max_amount": Decimal(7)}, True, id="at another price"),
        pytest.param({"periods": 3}, False, id="more periods"),
        pytest.param({"instance_ref": OrderInstanceRef(name="web-1", uid=OTHER_UID)}, False, id="another instance of the name"),
        pytest.param({"source": OrderSource.RECOVER}, False, id="from elsewhere"),
    ],
)
def test_which_order_of_the_name_is_the_one(changes: dict[str, object], is_same: bool) -> None:
    wanted = owner_order(FACTS, 2, Decimal(1))
    found = wanted.model_copy(update={"spec": wanted.spec.model_copy(update=changes)})
    assert asks_for_the_same(found, wanted) is is_same


def settled(name: str = "web-1-renew-0123456789", phase: OrderPhase = OrderPhase.SETTLED, **spec: object) -> RenewalOrder:
    return order(name, RenewalOrderStatus(phase=phase, settled_time=MIDTERM), spec)


@pytest.mark.parametrize(
    ("found", "is_repeat"),
    [
        pytest.param(settled(), True, id="the same a moment ago"),
        pytest.param(settled("by-hand"), False, id="made in another way"),
        pytest.param(settled("web-1-0a1b2c3d-1", source=OrderSource.RECOVER), True, id="a Recover"),
        pytest.param(settled(periods=2), False, id="another number of periods"),
        pytest.param(settled(phase=OrderPhase.REJECTED), False, id="one that was rejected"),
        pytest.param(settled(instance_ref=OrderInstanceRef(name="web-1", uid=OTHER_UID)), False, id="of a predecessor"),
    ],
)
def test_what_counts_as_said_before(found: RenewalOrder, is_repeat: bool) -> None:
    assert (bought_before(running(MIDTERM + SECOND), [found], 1) is found) is is_repeat


@pytest.mark.parametrize(
    ("after", "is_repeat"),
    [
        pytest.param(REPEAT - SECOND, True, id="a second before ten minutes are over"),
        pytest.param(REPEAT, False, id="after ten minutes it is meant"),
    ],
)
def test_how_long_the_same_words_are_one_purchase(after: object, is_repeat: bool) -> None:
    facts = running(MIDTERM + after)  # type: ignore[operator]
    assert (bought_before(facts, [settled()], 1) is not None) is is_repeat
    assert facts.instance.metadata.uid == UID
