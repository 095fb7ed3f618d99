"""A command that is repeated after a lost connection never buys twice (issue 5)."""

from decimal import Decimal

import pytest
from whenever import Instant

from builders import EXPIRATION, MIDTERM, OTHER_UID, SECOND, UID, intent, order, recycled, running, terminated, terminating
from prepaid.api.intent import IntentState
from prepaid.api.order import OrderInstanceRef, OrderPhase, OrderSource, RenewalOrder, RenewalOrderStatus
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.owner_orders import REPEAT, Words, asks_for_the_same, bought_before, order_name, owner_order
from prepaid.lifecycle.purchasing import cleared

FACTS = running()
SETTLED = order(status=RenewalOrderStatus(phase=OrderPhase.SETTLED))
OVER = running(status={"intent": intent(state=IntentState.GRANTED)}, intent_order=SETTLED)


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
        pytest.param(OVER, 2, id="after another purchase ended, which no write has said yet"),
    ],
)
def test_another_wish_makes_another_order(facts: Facts, periods: int) -> None:
    assert order_name(facts, periods) != order_name(FACTS, 2)


def test_the_name_is_the_same_when_the_end_of_a_purchase_is_written() -> None:
    assert order_name(OVER, 2) == order_name(cleared(OVER), 2)


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
        pytest.param(settled("web-1-0a1b2c3d-1", source=OrderSource.RECOVER), False, id="a Recover"),
        pytest.param(settled("web-1-renew-1", source=OrderSource.AUTO_RENEW), False, id="one of the operator's"),
        pytest.param(settled(periods=2), False, id="another number of periods"),
        pytest.param(settled(phase=OrderPhase.REJECTED), False, id="one that was rejected"),
        pytest.param(settled(instance_ref=OrderInstanceRef(name="web-1", uid=OTHER_UID)), False, id="of a predecessor"),
    ],
)
@pytest.mark.parametrize("words", [Words(1), Words()], ids=["with its number", "without a number"])
def test_what_counts_as_said_before(found: RenewalOrder, is_repeat: bool, words: Words) -> None:
    assert (bought_before(running(MIDTERM + SECOND), [found], words) is found) is is_repeat


@pytest.mark.parametrize(
    ("after", "is_repeat"),
    [
        pytest.param(REPEAT - SECOND, True, id="a second before ten minutes are over"),
        pytest.param(REPEAT, False, id="after ten minutes it is meant"),
    ],
)
def test_how_long_the_same_words_are_one_purchase(after: object, is_repeat: bool) -> None:
    facts = running(MIDTERM + after)  # type: ignore[operator]
    assert (bought_before(facts, [settled()], Words(1)) is not None) is is_repeat
    assert facts.instance.metadata.uid == UID


def settled_now(facts: Facts, periods: int, source: OrderSource = OrderSource.OWNER) -> RenewalOrder:
    found = settled(periods=periods, source=source)
    return found.model_copy(update={"status": RenewalOrderStatus(phase=OrderPhase.SETTLED, settled_time=facts.now)})


@pytest.mark.parametrize("gone", [terminating(), terminated()], ids=["behind the door", "terminated"])
def test_for_what_is_over_nothing_was_said_before(gone: Facts) -> None:
    assert bought_before(gone, [settled_now(gone, 1)], Words()) is None


def test_what_is_meant_again_was_not_said_before() -> None:
    assert bought_before(FACTS, [settled_now(FACTS, 1)], Words(1, is_meant_again=True)) is None


LATE = Instant.parse_iso("2026-08-15T10:00:00Z")
THREE_LATER = {"expiration_time": Instant.parse_iso("2026-09-01T10:00:00Z"), "anchor_periods": 4, "periods": 4}


@pytest.mark.parametrize(
    ("facts", "periods", "is_repeat"),
    [
        pytest.param(recycled(LATE), 3, True, id="in the bin the fewest that reach now"),
        pytest.param(recycled(LATE), 1, False, id="in the bin fewer than those"),
        pytest.param(running(LATE, status=THREE_LATER), 3, True, id="as many as it took to leave the bin"),
        pytest.param(running(MIDTERM, status=THREE_LATER), 3, False, id="more than one before the expiration"),
        pytest.param(running(LATE, status={**THREE_LATER, "anchor_periods": 2}), 3, False, id="counted from another anchor"),
    ],
)
def test_how_many_are_meant_without_a_number(facts: Facts, periods: int, is_repeat: bool) -> None:
    assert (bought_before(facts, [settled_now(facts, periods)], Words()) is not None) is is_repeat


@pytest.mark.parametrize(("periods", "is_repeat"), [(2, True), (1, False), (None, False)])
def test_a_recover_is_repeated_by_a_recover_of_as_many(periods: int | None, is_repeat: bool) -> None:
    found = settled_now(FACTS, 2, OrderSource.RECOVER)
    assert (bought_before(FACTS, [found], Words(periods, OrderSource.RECOVER)) is not None) is is_repeat


def test_an_order_that_still_waits_keeps_its_name_whatever_was_bought_meanwhile() -> None:
    waiting = owner_order(FACTS, 2, Decimal(1))
    later = running(status={"sequence": 5}, orders=(waiting,))
    assert (order_name(later, 2), order_name(later, 3) == waiting.metadata.name) == (waiting.metadata.name, False)


@pytest.mark.parametrize(
    ("settled_time", "is_repeat"),
    [
        pytest.param(EXPIRATION - SECOND, False, id="before it came into the bin"),
        pytest.param(EXPIRATION + SECOND, True, id="while it lies there"),
    ],
)
def test_in_the_bin_what_was_bought_before_is_no_answer(settled_time: Instant, is_repeat: bool) -> None:
    found = order("web-1-renew-1", RenewalOrderStatus(phase=OrderPhase.SETTLED, settled_time=settled_time), {})
    lying = recycled(EXPIRATION + SECOND + SECOND)
    assert (bought_before(lying, [found], Words(found.spec.periods)) is not None) is is_repeat
