"""Auto-renewal: when, by how much, and what happens when the money is not there (product.md P5)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from whenever import Instant

from builders import (
    DAY,
    EXPIRATION,
    HOUR,
    IN_BIN,
    NONE,
    RELEASE,
    SECOND,
    SECOND_EXPIRATION,
    Changes,
    account,
    instance_class,
    order,
    recycled,
    running,
    terms,
    without_class,
)
from living import at, carried_out, lived, settled, spoken
from prepaid.api.account import PrepaidAccount
from prepaid.api.instance import Phase
from prepaid.api.order import OrderSource
from prepaid.api.terms import Lead, Price, Terms, Unit
from prepaid.lifecycle.actions import FileOrder, WriteOrderStatus
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.notices import Event, Notice
from prepaid.lifecycle.ordering import Wish, wish
from prepaid.lifecycle.rules import decide

SOLD = instance_class(price=Price(amount=Decimal("10.00"), currency="CNY"))
A_DAY_BEFORE = terms(auto_renew_lead=Lead(count=1, unit=Unit.DAY))
IN_BIN_TOO = terms(auto_renew_in_recycle_bin=True)
ITSELF = OrderSource.AUTO_RENEW


def renewing(now: Instant, money: PrepaidAccount | None, bought: Terms | None = None, spec: Changes = NONE, **changes: object) -> Facts:
    """Running, and it renews itself."""
    status = {"terms": bought or terms()}
    return running(now, sold=SOLD, account=money, spec={"auto_renew": True, **spec}, status=status, **changes)


def in_bin(now: Instant, money: PrepaidAccount | None, bought: Terms) -> Facts:
    return recycled(now, sold=SOLD, account=money, spec={"auto_renew": True}, status={"terms": bought})


def failures(facts: Facts) -> list[Event]:
    return [event for event in decide(facts).events if event.notice is Notice.PAYMENT_FAILED]


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        pytest.param(renewing(EXPIRATION - SECOND, None), None, id="one second before its expiration nothing"),
        pytest.param(renewing(EXPIRATION, None), Wish(ITSELF, 1), id="at its expiration one period"),
        pytest.param(renewing(EXPIRATION - DAY - SECOND, None, A_DAY_BEFORE), None, id="one second before its lead nothing"),
        pytest.param(renewing(EXPIRATION - DAY, None, A_DAY_BEFORE), Wish(ITSELF, 1), id="at its lead one period"),
        pytest.param(renewing(SECOND_EXPIRATION - SECOND, None), Wish(ITSELF, 1), id="after a downtime the fewest that reach now"),
        pytest.param(renewing(SECOND_EXPIRATION, None), Wish(ITSELF, 2), id="of which the end is not now"),
        pytest.param(renewing(EXPIRATION + 365 * DAY, None), Wish(ITSELF, 13), id="after a year thirteen"),
        pytest.param(
            renewing(EXPIRATION, None, spec={"purchased_periods": 2}),
            Wish(OrderSource.PURCHASED_PERIODS, 1, 2),
            id="its owner's word goes first",
        ),
        pytest.param(in_bin(IN_BIN, None, terms()), None, id="in the bin nothing"),
        pytest.param(in_bin(IN_BIN, None, IN_BIN_TOO), Wish(ITSELF, 1), id="in the bin too, when its terms say so"),
        pytest.param(without_class(renewing(EXPIRATION, None)), None, id="without its class nothing"),
        pytest.param(running(EXPIRATION), None, id="nothing, when its owner does not want it"),
    ],
)
def test_it_wants(facts: Facts, wanted: Wish | None) -> None:
    assert wish(facts) == wanted


@pytest.mark.parametrize(
    ("money", "phase", "charged"),
    [
        pytest.param(account("10.00"), Phase.RUNNING, "10.00", id="just enough: it runs on"),
        pytest.param(account("9.99"), Phase.RECYCLED, "0", id="a cent short: it is recycled"),
        pytest.param(account("100.00", currency="USD"), Phase.RECYCLED, "0", id="in another currency: it is recycled"),
    ],
)
def test_at_its_expiration(money: PrepaidAccount, phase: Phase, charged: str) -> None:
    after = lived(renewing(EXPIRATION, money))
    assert after.seen.account is not None
    assert (after.status.phase, after.seen.account.status.charged) == (phase, Decimal(charged))


def test_nothing_is_ordered_while_the_balance_is_short() -> None:
    facts = renewing(EXPIRATION - HOUR, account("9.99"), A_DAY_BEFORE)
    assert [action for action in decide(facts).actions if isinstance(action, FileOrder)] == []


def test_a_deposit_within_the_lead_renews_it() -> None:
    waiting = lived(renewing(EXPIRATION - HOUR, account("9.99"), A_DAY_BEFORE))
    after = lived(replace(waiting, seen=replace(waiting.seen, account=account("10.00"))))
    assert (after.status.expiration_time, after.status.stay) == (SECOND_EXPIRATION, 0)


@pytest.mark.parametrize(
    ("bought", "phase"),
    [
        pytest.param(terms(), Phase.RECYCLED, id="leaves it there"),
        pytest.param(IN_BIN_TOO, Phase.RUNNING, id="recovers it, when its terms say so"),
    ],
)
def test_a_deposit_while_it_is_in_the_bin(bought: Terms, phase: Phase) -> None:
    waiting = lived(in_bin(IN_BIN, account("9.99"), bought))
    after = lived(replace(waiting, seen=replace(waiting.seen, account=account("10.00"))))
    assert (waiting.status.phase, after.status.phase) == (Phase.RECYCLED, phase)


class TestWhenTheMoneyWentElsewhere:
    """Its order was made while the balance sufficed, and another's was paid before."""

    OURS = order("web-1-0a1b2c3d-1", spec={"source": ITSELF})

    def test_it_is_recycled_at_its_expiration_all_the_same(self) -> None:
        assert decide(renewing(EXPIRATION, account("9.99"), orders=(self.OURS,))).phase is Phase.RECYCLED

    def test_its_order_is_superseded_in_the_bin(self) -> None:
        after = settled(renewing(EXPIRATION, account("9.99"), orders=(self.OURS,)))
        assert (after.status.phase, after.seen.orders, after.status.sequence) == (Phase.RECYCLED, (), 2)

    def test_the_order_says_so(self) -> None:
        refused = spoken(recycled(sold=SOLD, account=account("100.00"), spec={"auto_renew": True}, orders=(self.OURS,)))
        (action,) = decide(carried_out(decide(refused), refused)).actions
        assert isinstance(action, WriteOrderStatus)
        assert [said.reason for said in action.order.status.conditions] == ["Superseded"]

    def test_more_periods_after_a_downtime_take_its_place(self) -> None:
        after = lived(renewing(SECOND_EXPIRATION + DAY, account("100.00"), orders=(self.OURS,)))
        assert after.seen.account is not None
        assert (after.status.periods, after.seen.account.status.charged) == (3, Decimal("20.00"))


class TestPaymentFailed:
    """Told once for each expiration, with the missing amount."""

    @pytest.mark.parametrize(
        ("facts", "sentences"),
        [
            pytest.param(
                renewing(EXPIRATION, account("9.99")),
                ["It does not renew itself. Account default lacks 0.01 CNY: 1 period costs 10.00 CNY."],
                id="a cent is missing",
            ),
            pytest.param(
                renewing(SECOND_EXPIRATION, account("9.99")),
                ["It does not renew itself. Account default lacks 10.01 CNY: 2 periods cost 20.00 CNY."],
                id="after a downtime more is missing",
            ),
            pytest.param(
                renewing(EXPIRATION, None),
                ["It does not renew itself. There is no PrepaidAccount default; a cashier must make it."],
                id="there is no account",
            ),
            pytest.param(
                renewing(EXPIRATION, account("100.00", currency="USD")),
                ["It does not renew itself. The class sells in CNY, but account default holds USD; name an account in CNY."],
                id="another currency",
            ),
            pytest.param(
                renewing(EXPIRATION - HOUR, account("9.99"), A_DAY_BEFORE),
                ["It does not renew itself. Account default lacks 0.01 CNY: 1 period costs 10.00 CNY."],
                id="at its lead",
            ),
            pytest.param(renewing(EXPIRATION - SECOND, account("9.99")), [], id="not before it is due"),
            pytest.param(running(EXPIRATION, sold=SOLD, account=account("9.99")), [], id="not when it is not wanted"),
            pytest.param(renewing(EXPIRATION, account("10.00")), [], id="not when it can be paid"),
        ],
    )
    def test_it_says(self, facts: Facts, sentences: list[str]) -> None:
        assert [event.message for event in failures(facts)] == sentences

    def test_its_name_is_that_of_the_expiration_so_that_it_is_told_once(self) -> None:
        early = failures(renewing(EXPIRATION - HOUR, account("9.99"), A_DAY_BEFORE))
        late = failures(at(EXPIRATION, renewing(EXPIRATION - HOUR, account("9.99"), A_DAY_BEFORE)))
        assert [event.once for event in (*early, *late)] == ["2026-06-01t100000z", "2026-06-01t100000z"]

    def test_in_the_bin_nothing_is_told_any_more(self) -> None:
        assert failures(in_bin(IN_BIN, account("9.99"), terms())) == []


def test_it_beats_the_door_where_its_terms_let_it_recover() -> None:
    after = lived(in_bin(RELEASE, account("10.00"), IN_BIN_TOO))
    assert (after.status.phase, after.status.termination_time) == (Phase.RUNNING, None)


def test_it_is_no_raise() -> None:
    assert lived(renewing(EXPIRATION, account("10.00"))).status.requested_periods == 1


def test_terms_of_the_bin_are_those_that_were_bought_not_those_of_the_class() -> None:
    generous = instance_class(auto_renew_in_recycle_bin=True)
    facts = recycled(sold=generous, spec={"auto_renew": True})
    assert wish(facts) is None
