"""What an account pays for: resumed purchases first, then the oldest orders among those that fit, all in one write."""

from decimal import Decimal

import pytest
from whenever import TimeDelta

from builders import START, account, instance, intent, order, running_status, terms
from prepaid.api.account import PrepaidAccount, PurchaseOutcome, PurchaseRecord
from prepaid.api.instance import PrepaidInstance
from prepaid.api.intent import IntentState
from prepaid.api.order import RenewalOrder
from prepaid.lifecycle.applying import Application, balance
from prepaid.lifecycle.cashier import Customer, Payer, debited, to_resume, to_serve, without_ended, without_lost


def customer(name: str, *amounts: str, seconds: int = 0) -> Customer:
    """An instance with an order for each amount, made `seconds` after START."""
    one = instance(running_status(), metadata={"name": name, "uid": name})
    made = START + TimeDelta(seconds=seconds)
    applied = [
        Application(order(f"{name}-{n}", creation_timestamp=made), terms(price=Decimal(amount)), Decimal(amount), account())
        for n, amount in enumerate(amounts)
    ]
    return Customer(one, tuple(applied))


def paying(name: str, amount: str, sequence: int = 1) -> PrepaidInstance:
    """An instance with an open intent."""
    status = running_status(intent=intent(amount=Decimal(amount), sequence=sequence), sequence=sequence)
    return instance(status, metadata={"name": name, "uid": name})


def payer(name: str, amount: str) -> Payer:
    """The same, with its order taken."""
    return Payer(paying(name, amount), order(name))


def entry(amount: str, sequence: int = 1, outcome: PurchaseOutcome = PurchaseOutcome.APPLIED) -> PurchaseRecord:
    return PurchaseRecord(sequence=sequence, outcome=outcome, amount=Decimal(amount))


def names(served: list[tuple[Customer, Application]]) -> list[str]:
    return [application.order.metadata.name for _, application in served]


class TestWhoIsServed:
    @pytest.mark.parametrize(
        ("deposited", "expected"),
        [
            pytest.param("9.99", [], id="nobody, when nothing fits"),
            pytest.param("10.00", ["young-0"], id="the one that fits, when the older one does not"),
            pytest.param("30.00", ["old-0"], id="the oldest first, when only one of them fits"),
            pytest.param("40.00", ["old-0", "young-0"], id="both, when both fit"),
        ],
    )
    def test_the_oldest_orders_are_served_first_among_those_that_fit(self, deposited: str, expected: list[str]) -> None:
        customers = [customer("young", "10.00", seconds=60), customer("old", "30.00")]
        assert names(to_serve(account(deposited=deposited), customers, [])) == expected

    def test_an_instance_has_one_purchase_in_flight_at_a_time(self) -> None:
        assert names(to_serve(account(deposited="100.00"), [customer("a", "10.00", "10.00")], [])) == ["a-0"]

    def test_an_instance_with_a_purchase_in_flight_waits(self) -> None:
        busy = Customer(paying("a", "10.00"), customer("a", "10.00").applications)
        assert names(to_serve(account(deposited="100.00"), [busy], [])) == []

    def test_what_is_resumed_is_paid_before_anything_new(self) -> None:
        resumed = Customer(paying("a", "30.00"), ())
        assert names(to_serve(account(deposited="39.00"), [customer("b", "10.00")], [resumed])) == []

    def test_what_was_charged_is_not_left_to_spend(self) -> None:
        assert names(to_serve(account(deposited="100.00", charged="95.00"), [customer("a", "10.00")], [])) == []

    def test_no_more_are_served_than_the_account_can_hold_in_flight(self) -> None:
        crowd = [customer(f"c{n:03}", "1.00") for n in range(210)]
        assert len(to_serve(account(deposited="1000.00", purchases={"x": entry("1.00")}), crowd, [])) == 199


class TestWhatIsResumed:
    @pytest.mark.parametrize(
        ("purchases", "is_resumed"),
        [
            pytest.param({}, True, id="an open intent that the account has not decided"),
            pytest.param({"a": entry("10.00", sequence=0)}, True, id="an open intent, when the account speaks of the purchase before"),
            pytest.param({"a": entry("10.00")}, False, id="not one that the account has decided"),
            pytest.param({"a": entry("10.00", sequence=2)}, False, id="not one that the account has gone past: it is long over"),
        ],
    )
    def test_an_open_intent_is_decided_once(self, purchases: dict[str, PurchaseRecord], is_resumed: bool) -> None:
        found = to_resume(account(purchases=purchases), [Customer(paying("a", "10.00"), ())])
        assert bool(found) is is_resumed

    def test_an_intent_on_an_account_of_the_same_name_but_another_uid_is_not_resumed(self) -> None:
        assert to_resume(account(uid="made-again"), [Customer(paying("a", "10.00"), ())]) == []

    @pytest.mark.parametrize("state", [IntentState.GRANTED, IntentState.REFUSED])
    def test_only_open_intents_are_resumed(self, state: IntentState) -> None:
        one = instance(running_status(intent=intent(state=state)), metadata={"uid": "a"})
        assert to_resume(account(), [Customer(one, ())]) == []


class TestTheDebit:
    def test_tenths_add_up_to_the_last_digit(self) -> None:
        after = debited(account(deposited="0.3"), [payer("a", "0.1"), payer("b", "0.2")])
        assert (after.status.charged, after.status.balance) == (Decimal("0.3"), Decimal(0))

    def test_the_smallest_amounts_are_not_lost_beside_the_largest(self) -> None:
        after = debited(account(deposited="999999999999999.999999"), [payer("a", "0.000001"), payer("b", "999999999999999.999998")])
        assert (after.status.charged, after.status.balance) == (Decimal("999999999999999.999999"), Decimal(0))

    def test_a_resumed_purchase_that_does_not_fit_leaves_the_money_to_the_next(self) -> None:
        after = debited(account(deposited="10.00"), [payer("a", "30.00"), payer("b", "10.00")])
        assert (after.status.charged, outcomes(after)) == (Decimal("10.00"), {"a": PurchaseOutcome.VOIDED, "b": PurchaseOutcome.APPLIED})

    def test_many_are_debited_in_one_write(self) -> None:
        after = debited(account(deposited="100.00"), [payer("a", "10.00"), payer("b", "20.50")])
        assert (after.status.charged, after.status.balance) == (Decimal("30.50"), Decimal("69.50"))

    def test_each_has_its_own_entry(self) -> None:
        after = debited(account(deposited="100.00"), [payer("a", "10.00"), payer("b", "20.50")])
        assert after.status.purchases == {"a": entry("10.00"), "b": entry("20.50")}

    def test_what_does_not_fit_any_more_is_voided_and_costs_nothing(self) -> None:
        after = debited(account(deposited="15.00"), [payer("a", "10.00"), payer("b", "10.00")])
        assert (after.status.charged, outcomes(after)) == (
            Decimal("10.00"),
            {"a": PurchaseOutcome.APPLIED, "b": PurchaseOutcome.VOIDED},
        )

    @pytest.mark.parametrize(
        ("found", "outcome"),
        [
            pytest.param(None, PurchaseOutcome.VOIDED, id="gone before it was taken"),
            pytest.param(order(finalizers=(), deletion_timestamp=START), PurchaseOutcome.VOIDED, id="going, and not taken"),
            pytest.param(order(deletion_timestamp=START), PurchaseOutcome.APPLIED, id="going, and taken before"),
        ],
    )
    def test_an_order_deleted_before_it_was_taken_is_not_paid(self, found: RenewalOrder | None, outcome: PurchaseOutcome) -> None:
        after = debited(account(deposited="10.00"), [Payer(paying("a", "10.00"), found)])
        assert (after.status.charged, outcomes(after)) == (Decimal("10.00") if outcome is PurchaseOutcome.APPLIED else 0, {"a": outcome})

    def test_a_deposit_lowered_below_what_is_charged_leaves_a_debt_and_sells_nothing(self) -> None:
        poor = account(deposited="5.00", charged="20.00")
        assert (balance(poor), names(to_serve(poor, [customer("a", "1.00")], []))) == (Decimal("-15.00"), [])


class TestWhatLeavesTheAccount:
    def test_an_entry_that_its_instance_has_gone_past(self) -> None:
        after = without_ended(account(purchases={"a": entry("5.00", sequence=0)}, charged="5.00"), {"a": 1})
        assert (after.status.purchases, after.status.charged) == ({}, Decimal("5.00"))

    @pytest.mark.parametrize("sequences", [pytest.param({"a": 1}, id="while it has not"), pytest.param({}, id="while it was not seen")])
    def test_an_entry_stays(self, sequences: dict[str, int]) -> None:
        before = {"a": entry("5.00", sequence=1)}
        assert without_ended(account(purchases=before), sequences).status.purchases == before

    @pytest.mark.parametrize(
        ("settled", "charged"),
        [
            pytest.param({("a", 1)}, "5.00", id="its order was settled: the charge stands"),
            pytest.param({("", 1)}, "5.00", id="an order without a uid may have been its: the charge stands"),
            pytest.param({("a", 0), ("b", 1)}, "0.00", id="no order was settled: it is given back"),
        ],
    )
    def test_the_entry_of_an_instance_that_is_no_more(self, settled: set[tuple[str, int]], charged: str) -> None:
        after = without_lost(account(purchases={"a": entry("5.00")}, charged="5.00"), {"b"}, settled)
        assert (after.status.purchases, after.status.charged) == ({}, Decimal(charged))

    def test_a_voided_purchase_gives_nothing_back(self) -> None:
        after = without_lost(account(purchases={"a": entry("5.00", outcome=PurchaseOutcome.VOIDED)}, charged="7.00"), set(), set())
        assert after.status.charged == Decimal("7.00")

    def test_what_lives_keeps_its_entry(self) -> None:
        before = {"a": entry("5.00")}
        assert without_lost(account(purchases=before, charged="5.00"), {"a"}, set()).status.purchases == before


def outcomes(of: PrepaidAccount) -> dict[str, PurchaseOutcome]:
    return {uid: record.outcome for uid, record in of.status.purchases.items()}
