"""From an order to a purchase that could be made now: its price, what speaks against it, what is missing (api.md, RenewalOrder)."""

from decimal import Decimal

import pytest
from whenever import Instant

from builders import (
    A_WEEK,
    DEAR,
    EXPIRATION,
    IN_BIN,
    MIDTERM,
    OTHER_UID,
    SECOND,
    START,
    Changes,
    account,
    instance,
    instance_class,
    item,
    new,
    order,
    recycled,
    running,
    seen,
    terminating,
    terms,
    without_class,
)
from living import lived, settled, spoken
from prepaid.api.account import PrepaidAccount
from prepaid.api.intent import IntentState
from prepaid.api.marks import INSTANCE_ID
from prepaid.api.order import OrderSource, RenewalOrder
from prepaid.api.terms import Price
from prepaid.lifecycle.applying import Application, applications, balance, fault_of, intent_for, price, shortage
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.rules import decide, is_to_be_refused, to_be_paid

SOLD = instance_class(price=DEAR)
LONG_AGO = Instant.parse_iso("2026-08-15T10:00:00Z")
INITIAL = {"source": OrderSource.INITIAL}


@pytest.mark.parametrize(
    ("one", "periods", "amount"),
    [
        pytest.param("0.1", 3, "0.3", id="three times a tenth is three tenths, which no float is"),
        pytest.param("0.000001", 100_000, "0.100000", id="a hundred thousand times the smallest"),
        pytest.param("999999999.999999", 100_000, "99999999999999.900000", id="a hundred thousand times the largest"),
        pytest.param("120.00", 1, "120.00", id="one period, with the digits of the class"),
        pytest.param("0", 12, "0", id="nothing"),
    ],
)
def test_a_price_is_exact(one: str, periods: int, amount: str) -> None:
    assert price(terms(price=Decimal(one)), periods) == Decimal(amount)


def test_a_tenth_and_two_tenths_are_charged_to_the_last_digit() -> None:
    assert balance(account(deposited="0.3", charged=str(Decimal("0.1") + Decimal("0.2")))) == 0


@pytest.mark.parametrize(
    ("asked", "facts", "fault"),
    [
        pytest.param(order(), running(sold=SOLD), None, id="without an account it may wait"),
        pytest.param(order(), running(sold=SOLD, account=account("0")), None, id="without money it may wait"),
        pytest.param(
            order(spec={"max_amount": Decimal("119.99")}),
            running(sold=SOLD),
            Problem(Reason.MAX_AMOUNT, "It costs 120.00 CNY, more than the 119.99 that it may cost."),
            id="dearer than it may be",
        ),
        pytest.param(order(spec={"max_amount": Decimal("120")}), running(sold=SOLD), None, id="as dear as it may be"),
        pytest.param(order(spec={"max_amount": Decimal(0)}), running(), None, id="free, and it may cost nothing"),
        pytest.param(
            order(),
            running(sold=SOLD, account=account(currency="USD")),
            Problem(Reason.OTHER_CURRENCY, "The class sells in CNY, but account default holds USD; name an account in CNY."),
            id="another currency names both",
        ),
        pytest.param(order(), running(account=account(currency="USD")), None, id="what is free has no currency"),
        pytest.param(
            order(deletion_timestamp=MIDTERM),
            running(sold=SOLD),
            Problem(Reason.CANCELLED, "It was deleted before it was paid."),
            id="deleted before it was paid",
        ),
        pytest.param(order(deletion_timestamp=MIDTERM), without_class(running()), Reason.CANCELLED, id="deleted, and its class too"),
        pytest.param(order(), without_class(running()), None, id="without its class it may wait"),
        pytest.param(
            order(),
            recycled(LONG_AGO, item=item(metadata={"creation_timestamp": LONG_AGO})),
            Problem(
                Reason.RENEWAL_REJECTED,
                "The renewal would end at 2026-07-01T10:00:00Z, which has passed, so nothing was bought; "
                "it takes 3 periods: order 3 periods (`--periods 3`).",
            ),
            id="too short in the bin names the periods",
        ),
        pytest.param(order(spec={"periods": 100_000}), running(), Reason.RENEWAL_REJECTED, id="more than a calendar holds"),
        pytest.param(order(spec={"source": OrderSource.RECOVER}), running(), Reason.SUPERSEDED, id="ours, and wanted no longer"),
    ],
)
def test_an_order_may_wait_or_is_rejected(asked: RenewalOrder, facts: Facts, fault: Problem | Reason | None) -> None:
    found = fault_of(asked, facts)
    assert (found.reason if found and isinstance(fault, Reason) else found) == fault


@pytest.mark.parametrize(
    ("money", "periods", "problem"),
    [
        pytest.param(None, 1, Problem(Reason.NO_ACCOUNT, "There is no PrepaidAccount default; a cashier must make it."), id="no account"),
        pytest.param(
            account("119.99"),
            1,
            Problem(Reason.INSUFFICIENT_FUNDS, "Account default lacks 0.01 CNY: 1 period costs 120.00 CNY."),
            id="a cent is missing",
        ),
        pytest.param(
            account("100.00", "250.00"),
            2,
            Problem(Reason.INSUFFICIENT_FUNDS, "Account default lacks 390.00 CNY: 2 periods cost 240.00 CNY."),
            id="a debt comes on top",
        ),
        pytest.param(account("120.00"), 1, None, id="just enough"),
    ],
)
def test_what_is_missing_is_named(money: PrepaidAccount | None, periods: int, problem: Problem | None) -> None:
    assert shortage(running(sold=SOLD, account=money, orders=(order(spec={"periods": periods}),))) == problem


def test_what_is_free_lacks_nothing() -> None:
    assert shortage(running(orders=(order(),))) is None


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        pytest.param(running(sold=SOLD, orders=(order("b"), order("a"))), ["a", "b"], id="of one age by name"),
        pytest.param(
            running(sold=SOLD, orders=(order("a", creation_timestamp=MIDTERM), order("b"))), ["b", "a"], id="the oldest before all others"
        ),
        pytest.param(without_class(running(orders=(order(),))), [], id="nothing without a class"),
        pytest.param(new(sold=SOLD, orders=(order(),)), [], id="nothing of its owner's before the first term"),
    ],
)
def test_what_could_be_bought(facts: Facts, names: list[str]) -> None:
    assert [application.order.metadata.name for application in applications(facts)] == names


RICH = account("1000.00")


@pytest.mark.parametrize(
    ("facts", "is_asked"),
    [
        pytest.param(running(sold=SOLD, orders=(order(),), account=RICH), True, id="while it runs"),
        pytest.param(running(EXPIRATION, sold=SOLD, orders=(order(),), account=RICH), True, id="at its expiration"),
        pytest.param(recycled(sold=SOLD, orders=(order(),), account=RICH), True, id="in the bin"),
        pytest.param(running(orders=(order(),), account=RICH), False, id="not for what is free"),
        pytest.param(terminating(sold=SOLD, orders=(order(),), account=RICH), False, id="not behind the door"),
        pytest.param(
            running(sold=SOLD, orders=(order(),), account=RICH, status={"expiration_time": None}), False, id="not with an unreadable term"
        ),
        pytest.param(
            Facts(
                copy := instance(metadata={"annotations": {INSTANCE_ID: OTHER_UID}}),
                seen(copy, SOLD, orders=(order(spec=INITIAL),), account=RICH),
                MIDTERM,
            ),
            False,
            id="not for a restored copy",
        ),
    ],
)
def test_the_cashier_is_asked_to_pay(facts: Facts, is_asked: bool) -> None:
    assert bool(to_be_paid(facts)) is is_asked


LATE = Instant.parse_iso("2026-08-15T10:00:00Z")
FOR_EVER = A_WEEK.model_copy(update={"count": 10_000_000})


@pytest.mark.parametrize(
    ("facts", "is_so"),
    [
        pytest.param(recycled(LATE, sold=SOLD, orders=(order(),), account=RICH), True, id="it would not reach now"),
        pytest.param(recycled(LATE, sold=SOLD, account=RICH), False, id="there is none"),
        pytest.param(recycled(sold=SOLD, orders=(order(),), account=RICH), False, id="it can be paid"),
        pytest.param(recycled(sold=SOLD, orders=(order(),), account=account("0.00")), False, id="it waits for money"),
        pytest.param(recycled(LATE, sold=SOLD, orders=(order(),), account=RICH, status={"expiration_time": None}), False, id="it is held"),
        pytest.param(terminating(sold=SOLD, orders=(order(),), account=RICH), False, id="behind the door"),
        pytest.param(recycled(LATE, item=item(), status={"terms": terms(retention=FOR_EVER)}), False, id="its release cannot be reckoned"),
    ],
)
def test_the_cashier_sees_what_is_to_be_refused(facts: Facts, is_so: bool) -> None:
    """It reached when its instance asked to pay: who asked must hear of it."""
    assert is_to_be_refused(facts) is is_so


class TestTheFirstTerm:
    """What cannot be bought is not ordered: a rejected first order would be made again for ever."""

    @pytest.mark.parametrize(
        ("more", "reason"),
        [
            pytest.param({"sold": SOLD, "account": account(currency="USD")}, Reason.OTHER_CURRENCY, id="another currency"),
            pytest.param({"spec": {"purchased_periods": 100_000}}, Reason.RENEWAL_REJECTED, id="more than a calendar holds"),
        ],
    )
    def test_it_is_told_and_not_ordered(self, more: Changes, reason: Reason) -> None:
        after = settled(new(**more))
        assert (decide(after).reason, after.seen.orders, after.status.sequence) == (reason, (), 0)

    @pytest.mark.parametrize(
        ("deposited", "reason"),
        [
            pytest.param("119.99", Reason.INSUFFICIENT_FUNDS, id="a cent short it waits"),
            pytest.param("120.00", Reason.RUNNING, id="paid it runs"),
        ],
    )
    def test_it_runs_once_it_is_paid(self, deposited: str, reason: Reason) -> None:
        assert decide(lived(new(sold=SOLD, account=account(deposited)))).reason is reason

    def test_what_is_missing_is_the_condition_paid(self) -> None:
        after = lived(new(sold=SOLD, account=account("119.99")))
        assert [(one.status, one.message) for one in after.status.conditions if one.type == "Paid"] == [
            ("False", "Account default lacks 0.01 CNY: 1 period costs 120.00 CNY.")
        ]


def test_an_intent_is_whole() -> None:
    facts = running(sold=SOLD, account=RICH, orders=(order(spec={"periods": 2}),))
    intent = intent_for(applications(facts)[0], facts, IntentState.OPEN)
    assert intent.account is not None
    assert (intent.sequence, intent.order.uid, intent.account.uid, intent.periods, intent.amount, intent.terms) == (
        1,
        "renewal-1-uid",
        "account-uid",
        2,
        Decimal("240.00"),
        terms(price=Decimal("120.00")),
    )


def test_the_intent_of_a_free_purchase_names_no_account() -> None:
    facts = running(account=RICH, orders=(order(),))
    assert intent_for(applications(facts)[0], facts, IntentState.OPEN).account is None


def test_prices_are_those_of_the_class_when_the_order_is_taken() -> None:
    dearer = instance_class(price=Price(amount=Decimal("150.00"), currency="CNY"))
    waiting = running(sold=dearer, account=account("149.99"), orders=(order(),))
    assert [(one.amount, one.missing) for one in applications(waiting)] == [(Decimal("150.00"), Decimal("0.01"))]


def test_an_order_that_does_not_fit_is_passed_over_for_a_younger_one_that_does() -> None:
    two, one = order("old", spec={"periods": 2}), order("young", creation_timestamp=EXPIRATION - SECOND)
    after = lived(recycled(IN_BIN, sold=SOLD, account=account("120.00"), orders=(two, one)))
    assert ([waiting.metadata.name for waiting in after.seen.orders], after.status.periods) == (["old"], 2)


def test_of_two_orders_for_the_same_wish_the_oldest_counts() -> None:
    """An operator that was held up has filed one under a name of before."""
    twins = tuple(order(name, spec=INITIAL, creation_timestamp=START) for name in ("web-1-0", "web-1-1"))
    facts = new(sold=SOLD, account=account("0"), orders=tuple(reversed(twins)))
    faults = [fault_of(twin, facts) for twin in twins]
    assert [fault and fault.reason for fault in faults] == [None, Reason.SUPERSEDED]


def test_without_an_account_nothing_is_known_to_be_missing() -> None:
    application = Application(order(), terms(), Decimal(1), None)
    assert (application.missing, application.is_payable) == (None, False)


def test_a_rejected_order_says_why_and_the_next_one_goes_on() -> None:
    limited = order("limited", spec={"max_amount": Decimal(1)})
    after = lived(running(sold=SOLD, account=RICH, orders=(limited, order("good"))))
    assert (after.status.periods, after.seen.orders, after.status.sequence) == (2, (), 3)


def test_a_silent_look_is_never_the_last_word_on_money() -> None:
    assert decide(spoken(new(sold=SOLD, account=account("1.00")))).reason is Reason.INSUFFICIENT_FUNDS
