"""What a purchase would come to: amount, new expiration, balance after, or why not; decided by what decides the purchase itself."""

from dataclasses import replace
from decimal import Decimal

import pytest
from whenever import Instant

from builders import (
    DEAR,
    EXPIRATION,
    IN_BIN,
    SECOND_EXPIRATION,
    account,
    instance_class,
    new,
    order,
    recycled,
    running,
    terminated,
    terminating,
    without_class,
)
from living import lived
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.quoting import quote, quotes
from prepaid.lifecycle.reasons import Reason

SOLD = instance_class(price=DEAR)
AUGUST = Instant.parse_iso("2026-08-01T10:00:00Z")
LONG_AGO = Instant.parse_iso("2026-08-15T10:00:00Z")


@pytest.mark.parametrize(
    ("facts", "periods", "expected"),
    [
        pytest.param(running(sold=SOLD, account=account("300.00")), 2, ("240.00", AUGUST, "60.00"), id="two months in time"),
        pytest.param(
            running(sold=SOLD, account=account("300.00")), None, ("120.00", SECOND_EXPIRATION, "180.00"), id="one if none is said"
        ),
        pytest.param(recycled(sold=SOLD, account=account("300.00")), 1, ("120.00", SECOND_EXPIRATION, "180.00"), id="in the bin"),
        pytest.param(
            recycled(LONG_AGO, sold=SOLD, account=account("999.00")),
            None,
            ("360.00", Instant.parse_iso("2026-09-01T10:00:00Z"), "639.00"),
            id="in the bin the fewest that reach now",
        ),
        pytest.param(running(), 1, ("0", SECOND_EXPIRATION, None), id="for nothing, without an account"),
    ],
)
def test_what_it_would_come_to(facts: Facts, periods: int | None, expected: tuple[str, Instant, str | None]) -> None:
    made = quote(facts, periods)
    after = None if made.balance_after is None else str(made.balance_after)
    assert (str(made.amount), made.expiration_time, after) == expected
    assert (made.refusal, made.waits_for) == (None, None)


@pytest.mark.parametrize(
    ("facts", "periods", "reason"),
    [
        pytest.param(terminating(sold=SOLD), 1, Reason.TERMINATED, id="behind the door"),
        pytest.param(terminated(), 1, Reason.TERMINATED, id="terminated"),
        pytest.param(new(sold=SOLD), 1, Reason.UNPAID, id="never bought"),
        pytest.param(without_class(running()), 1, Reason.CLASS_MISSING, id="without its class"),
        pytest.param(running(sold=SOLD, account=account(currency="USD")), 1, Reason.OTHER_CURRENCY, id="in another currency"),
        pytest.param(recycled(LONG_AGO, sold=SOLD, account=account("999.00")), 1, Reason.RENEWAL_REJECTED, id="too few to reach now"),
        pytest.param(running(status={"expiration_time": None}), 1, Reason.TERM_UNREADABLE, id="a term that cannot be read"),
    ],
)
def test_what_could_not_be_bought_says_why(facts: Facts, periods: int, reason: Reason) -> None:
    refusal = quote(facts, periods).refusal
    assert refusal is not None
    assert refusal.reason is reason


@pytest.mark.parametrize("money", [account("119.99"), None], ids=["too little", "no account"])
def test_what_would_wait_for_money_is_no_refusal(money: object) -> None:
    made = quote(running(sold=SOLD, account=money), 1)
    assert (made.refusal, made.waits_for is not None, made.amount) == (None, True, Decimal("120.00"))


def named(facts: Facts, name: str) -> Facts:
    metadata = facts.instance.metadata.model_copy(update={"name": name, "uid": f"{name}-uid"})
    return replace(facts, instance=facts.instance.model_copy(update={"metadata": metadata}))


def test_one_account_pays_for_one_after_the_other() -> None:
    rich = running(sold=SOLD, account=account("300.00"))
    made = quotes([named(rich, "a"), named(rich, "b"), named(rich, "c")], 1)
    assert [str(one.balance_after) for one in made] == ["180.00", "60.00", "60.00"]
    assert [one.waits_for is not None for one in made] == [False, False, True]


def test_what_does_not_fit_takes_no_money_from_the_next() -> None:
    little = running(sold=SOLD, account=account("100.00"))
    free = running(account=account("100.00"))
    assert [str(one.balance_after) for one in quotes([named(little, "a"), named(free, "b")], 1)] == ["100.00", "100.00"]


@pytest.mark.parametrize("facts", [running, recycled], ids=["in time", "in the bin"])
def test_what_was_quoted_is_what_is_bought(facts: object) -> None:
    before = facts(sold=SOLD, account=account("999.00"))  # type: ignore[operator]
    made = quote(before, 2)
    asked = order(made.order.metadata.name).model_copy(update={"spec": made.order.spec})
    after = lived(replace(before, seen=replace(before.seen, orders=(asked,))))
    assert after.seen.account is not None
    assert (after.status.expiration_time, after.seen.account.status.balance) == (made.expiration_time, made.balance_after)


def test_no_more_is_paid_than_was_shown() -> None:
    assert quote(running(sold=SOLD), 2).order.spec.max_amount == Decimal("240.00")


def test_a_quote_changes_nothing() -> None:
    facts = recycled(IN_BIN, sold=SOLD, account=account("300.00"))
    quote(facts, 2)
    assert facts.status.expiration_time == EXPIRATION
