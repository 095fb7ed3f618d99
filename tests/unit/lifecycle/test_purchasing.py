"""The purchase protocol, step by step: what is seen decides what is done, and anybody may go on (architecture.md)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from whenever import Instant

from builders import (
    DAY,
    DEAR,
    EXPIRATION,
    IN_BIN,
    MIDTERM,
    NONE,
    RELEASE,
    SECOND_EXPIRATION,
    Changes,
    account,
    instance,
    instance_class,
    intent,
    item,
    new,
    order,
    recycled,
    running,
    terms,
    without_class,
)
from living import MOST_LOOKS, carried_out, lived, locked, pay, settled, spoken
from prepaid.api.account import PrepaidAccount, PurchaseOutcome, PurchaseRecord
from prepaid.api.bin_item import Disposition
from prepaid.api.instance import Phase
from prepaid.api.intent import Intent, IntentState
from prepaid.api.marks import ENDED, LIFECYCLE_FINALIZER
from prepaid.api.order import OrderPhase, OrderSource, RenewalOrder, RenewalOrderStatus
from prepaid.api.reference import Reference
from prepaid.api.resource import Condition
from prepaid.api.terms import Price
from prepaid.lifecycle.actions import FileOrder, TakeOrder, WriteOrderStatus
from prepaid.lifecycle.conditions import status_to_report
from prepaid.lifecycle.decision import Decision
from prepaid.lifecycle.facts import Facts, nothing_seen
from prepaid.lifecycle.notices import Notice
from prepaid.lifecycle.purchasing import FEW_ENTRIES, is_worth_a_write
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.rules import decide

GIVEN_AWAY = instance_class()
SOLD = instance_class(price=Price(amount=Decimal("10.00"), currency="CNY"))
APPLIED, VOIDED = PurchaseOutcome.APPLIED, PurchaseOutcome.VOIDED
SETTLED = RenewalOrderStatus(phase=OrderPhase.SETTLED)
REJECTED = RenewalOrderStatus(phase=OrderPhase.REJECTED)
GRANTED = intent(state=IntentState.GRANTED, from_time=EXPIRATION, to_time=SECOND_EXPIRATION)
REFUSED = intent(state=IntentState.REFUSED, reason="MaxAmount", message="It costs 10.00 CNY.")
RICH = account("100.00")
DEFAULT = object()


def told(outcome: PurchaseOutcome, sequence: int = 1) -> PrepaidAccount:
    """The account after it decided on the purchase in flight."""
    entry = PurchaseRecord(sequence=sequence, outcome=outcome, amount=Decimal("10.00"))
    return account("100.00", purchases={instance().metadata.uid: entry})


def in_flight(purchase: Intent, paid_by: PrepaidAccount | None, asked: RenewalOrder | None, **changes: Any) -> Facts:  # noqa: ANN401
    """A running instance with a purchase in flight."""
    orders = (asked,) if asked and asked.status.phase is None else ()
    usual: dict[str, Any] = {"sold": SOLD, "intent_order": asked, "orders": orders, "account": paid_by, "intent_account": paid_by}
    return running(status={"intent": purchase}, **(usual | changes))


def step_of(decision: Decision) -> str:
    """What is done, in one word or two."""
    for action in decision.actions:
        match action:
            case WriteOrderStatus(written):
                return f"order {written.status.phase}"
            case TakeOrder():
                return "take"
            case FileOrder():
                return "file"
    state = decision.status.intent.state if decision.status.intent else None
    if decision.asks_cashier:
        return f"ask {decision.asks_cashier}"
    return f"write {state}, {decision.status.sequence}"


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        pytest.param(running(sold=GIVEN_AWAY, orders=(order(finalizers=()),)), "take", id="1 what is free is taken first"),
        pytest.param(running(sold=SOLD, account=RICH, orders=(order(finalizers=()),)), "ask default", id="1 the cashier writes the intent"),
        pytest.param(in_flight(intent(), RICH, order()), "ask default", id="2 an open intent that the account has not decided"),
        pytest.param(in_flight(intent(), told(APPLIED, 0), order()), "ask default", id="2 nor has it, when it speaks of the one before"),
        pytest.param(in_flight(intent(), told(APPLIED), order()), "write Granted, 1", id="3 applied it is granted"),
        pytest.param(in_flight(intent(), told(APPLIED), None), "write Granted, 1", id="3 applied, though its order is gone"),
        pytest.param(in_flight(intent(), told(APPLIED), order(status=REJECTED)), "write Granted, 1", id="3 applied, though rejected"),
        pytest.param(in_flight(GRANTED, told(APPLIED), order()), "order Settled", id="4 granted its order is settled"),
        pytest.param(in_flight(GRANTED, None, order()), "order Settled", id="4 granted, though the account is gone"),
        pytest.param(in_flight(GRANTED, told(APPLIED), order(deletion_timestamp=MIDTERM)), "order Settled", id="4 granted, though deleted"),
        pytest.param(in_flight(intent(), told(VOIDED), order()), "write None, 2", id="5 voided it makes way, and its order waits"),
        pytest.param(in_flight(intent(), None, order()), "write None, 2", id="5 so it does when that account is gone"),
        pytest.param(in_flight(REFUSED, RICH, order()), "order Rejected", id="5 refused, its order is rejected first"),
        pytest.param(in_flight(REFUSED, RICH, order(status=REJECTED)), "write None, 2", id="5 then it makes way"),
        pytest.param(in_flight(REFUSED, RICH, None), "write None, 2", id="5 so it does when its order is gone"),
        pytest.param(in_flight(GRANTED, told(APPLIED), order(status=SETTLED)), "write None, 2", id="6 settled it is cleared"),
        pytest.param(in_flight(GRANTED, told(APPLIED), None), "write None, 2", id="6 so it is when its order is gone"),
    ],
)
def test_the_next_step(facts: Facts, step: str) -> None:
    assert step_of(decide(facts)) == step


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"now": EXPIRATION}, id="at its expiration"),
        pytest.param({"now": RELEASE + DAY}, id="long after it"),
        pytest.param({"sold": instance_class(price=DEAR)}, id="when the class was edited"),
        pytest.param({"spec": {"running": False}}, id="when it is stopped by its owner"),
    ],
)
def test_nothing_goes_before_a_payment(more: Mapping[str, Any]) -> None:
    facts = in_flight(intent(), RICH, order(), **{name: value for name, value in more.items() if name != "now"})
    decision = decide(replace(facts, now=more.get("now", MIDTERM)))
    assert (step_of(decision), decision.is_silent) == ("ask default", True)


@pytest.mark.parametrize("now", [IN_BIN, RELEASE, RELEASE + DAY], ids=["in the bin", "at its release", "after it"])
@pytest.mark.parametrize("word", [NONE, {"disposition": Disposition.TERMINATE, "confirm": "web-1"}], ids=["nothing said", "Terminate said"])
@pytest.mark.parametrize("state", [IntentState.OPEN, IntentState.REFUSED], ids=str)
def test_the_door_stays_shut_with_an_intent(now: Instant, word: Changes, state: IntentState) -> None:
    facts = recycled(
        now,
        sold=SOLD,
        status={"intent": intent(state=state, reason="MaxAmount")},
        item=item(word),
        intent_order=order(),
        orders=(order(),),
        account=RICH,
        intent_account=RICH,
    )
    decision = decide(locked(facts))
    assert (decision.status.termination_time, [type(action) for action in decision.actions]) == (
        None,
        [] if state is IntentState.OPEN else [WriteOrderStatus],
    )


class TestTheGrant:
    """It reads nothing but the intent."""

    PAID = in_flight(intent(periods=2), told(APPLIED), order(spec={"periods": 2}))

    @pytest.mark.parametrize(
        "changed",
        [
            pytest.param(in_flight(intent(periods=2), told(APPLIED), order(), sold=instance_class(price=DEAR)), id="another price"),
            pytest.param(without_class(PAID), id="no class"),
            pytest.param(in_flight(intent(periods=2), told(APPLIED), order(spec={"periods": 9})), id="another order"),
            pytest.param(in_flight(intent(periods=2), told(APPLIED), None), id="no order"),
            pytest.param(in_flight(intent(periods=2), told(APPLIED), order(), account=account("0", uid="b")), id="another account"),
            pytest.param(in_flight(intent(periods=2), told(APPLIED), order(), spec={"account": "other"}), id="another wish for an account"),
            pytest.param(in_flight(intent(periods=2), told(APPLIED), order(), spec={"auto_renew": True}), id="another spec"),
        ],
    )
    def test_whatever_has_changed_it_is_the_same(self, changed: Facts) -> None:
        granted, usual = decide(changed).status, decide(self.PAID).status
        assert (granted.intent, granted.terms, granted.expiration_time, granted.periods, granted.requested_periods) == (
            usual.intent,
            usual.terms,
            usual.expiration_time,
            usual.periods,
            usual.requested_periods,
        )

    def test_it_says_from_when_to_when(self) -> None:
        granted = decide(in_flight(intent(), told(APPLIED), order())).status.intent
        assert granted is not None
        assert (granted.from_time, granted.to_time) == (EXPIRATION, SECOND_EXPIRATION)

    def test_the_ledger_says_what_the_intent_says(self) -> None:
        (action,) = decide(in_flight(GRANTED, told(APPLIED), order())).actions
        assert isinstance(action, WriteOrderStatus)
        told_of = action.order.status
        assert (told_of.sequence, told_of.amount, told_of.currency, told_of.account, told_of.from_time, told_of.to_time) == (
            1,
            Decimal("10.00"),
            "CNY",
            Reference(name="default", uid="account-uid"),
            EXPIRATION,
            SECOND_EXPIRATION,
        )

    def test_money_that_has_moved_is_granted_even_if_it_does_not_reach_now(self) -> None:
        late = RELEASE + 400 * DAY
        facts = recycled(
            late, sold=SOLD, status={"intent": intent()}, intent_order=order(), orders=(order(),), intent_account=told(APPLIED)
        )
        assert decide(facts).status.expiration_time == SECOND_EXPIRATION

    def test_what_would_not_lengthen_the_term_is_held_and_keeps_its_intent(self) -> None:
        facts = in_flight(intent(), told(APPLIED), order())
        far = facts.status.model_copy(update={"expiration_time": SECOND_EXPIRATION})
        decision = decide(replace(facts, instance=facts.instance.model_copy(update={"status": far})))
        assert (decision.reason, decision.status.intent) == (Reason.RENEWAL_REJECTED, intent())

    def test_clocks_that_disagree_keep_nothing_that_was_paid(self) -> None:
        facts = replace(in_flight(intent(), told(APPLIED), order()), now=EXPIRATION, clocks_agree=False)
        assert step_of(decide(facts)) == "write Granted, 1"


class TestFree:
    """No debit, no account, and yet an order."""

    def test_it_needs_no_account(self) -> None:
        decision = decide(running(orders=(order(),), account=None))
        assert decision.status.intent is not None
        assert (decision.status.intent.state, decision.status.intent.account, decision.status.periods) == (IntentState.GRANTED, None, 2)

    def test_it_is_in_the_ledger(self) -> None:
        facts = spoken(running(orders=(order(),)))
        (action,) = decide(carried_out(decide(facts), facts)).actions
        assert isinstance(action, WriteOrderStatus)
        assert (action.order.status.phase, action.order.status.amount, action.order.status.account) == (
            OrderPhase.SETTLED,
            Decimal(0),
            None,
        )

    def test_an_account_is_not_charged_for_it(self) -> None:
        after = lived(new(account=RICH))
        assert after.seen.account == RICH


class TestRefusing:
    """What cannot be is rejected, and says why."""

    LIMITED = order(spec={"max_amount": Decimal(1)})

    def test_it_is_taken_first(self) -> None:
        untaken = order(spec={"max_amount": Decimal(1)}, finalizers=())
        assert step_of(decide(running(sold=SOLD, orders=(untaken,)))) == "take"

    def test_one_that_is_being_deleted_cannot_be_taken(self) -> None:
        deleted = order(finalizers=("foreign",), deletion_timestamp=MIDTERM)
        assert step_of(decide(running(sold=SOLD, orders=(deleted,)))) == "write Refused, 1"

    def test_the_order_says_why(self) -> None:
        facts = spoken(running(sold=SOLD, orders=(self.LIMITED,)))
        (action,) = decide(carried_out(decide(facts), facts)).actions
        assert isinstance(action, WriteOrderStatus)
        assert [(said.status, said.reason, said.message) for said in action.order.status.conditions] == [
            ("False", "MaxAmount", "It costs 10.00 CNY, more than the 1 that it may cost.")
        ]

    def test_it_is_no_purchase_and_costs_nothing(self) -> None:
        after = lived(running(sold=SOLD, account=RICH, orders=(self.LIMITED,)))
        assert after.seen.account is not None
        assert (after.status.periods, after.status.sequence, after.seen.account.status.charged) == (1, 2, Decimal(0))

    def test_an_owners_order_is_told_in_the_order_alone(self) -> None:
        after = settled(running(sold=SOLD, orders=(self.LIMITED,)))
        assert [one.reason for one in after.status.conditions if one.type == "Paid"] == ["Paid"]

    def test_an_order_in_flight_is_settled_before_it_may_vanish(self) -> None:
        deleted = order(deletion_timestamp=MIDTERM)
        after = lived(in_flight(intent(), told(APPLIED), deleted))
        assert (after.status.periods, after.status.sequence) == (2, 2)

    def test_one_that_ended_and_lost_its_status_is_never_bought_again(self) -> None:
        ended = order(annotations={ENDED: "Settled"})
        after = lived(running(sold=SOLD, account=RICH, orders=(ended,)))
        assert after.status.periods == 1


RECOVER: Changes = {"disposition": Disposition.RECOVER, "periods": 2}
CHEAP_RECOVER: Changes = {**RECOVER, "max_amount": Decimal(1)}


class TestRecovering:
    """The word on the bin item is acted on once, and never mistaken for another."""

    def test_a_word_that_was_said_anew_meanwhile_is_still_acted_on(self) -> None:
        waiting = lived(recycled(sold=SOLD, account=account("1.00"), item=item(RECOVER)))
        again = item({**RECOVER, "periods": 1}, metadata={"generation": 2})
        after = lived(replace(waiting, seen=replace(waiting.seen, item=again)))
        assert after.seen.item is not None
        assert [one.spec.periods for one in after.seen.orders] == [1]
        assert after.seen.item.metadata.generation > after.seen.item.status.observed_generation

    def test_a_word_taken_back_takes_its_order_with_it(self) -> None:
        waiting = lived(recycled(sold=SOLD, account=account("1.00"), item=item(RECOVER)))
        after = lived(replace(waiting, seen=replace(waiting.seen, item=item(metadata={"generation": 2}))))
        assert (after.seen.orders, after.status.phase) == ((), Phase.RECYCLED)

    def test_a_price_above_the_limit_is_answered_once(self) -> None:
        after = lived(recycled(sold=SOLD, account=RICH, item=item(CHEAP_RECOVER)))
        assert after.seen.item is not None
        assert ([one.reason for one in after.seen.item.status.conditions], after.status.phase) == (["MaxAmount"], Phase.RECYCLED)

    def test_an_order_of_its_owner_recovers_it_as_well(self) -> None:
        after = lived(recycled(sold=SOLD, account=RICH, orders=(order(),)))
        assert (after.status.phase, after.status.recycle_time, after.seen.item) == (Phase.RUNNING, None, None)


class TestWholeHistories:
    """Looks and the cashier in turn, until nothing is left to do."""

    def test_a_purchase_is_charged_once_granted_once_and_settled(self) -> None:
        after = lived(running(sold=SOLD, account=RICH, orders=(order(),)))
        assert after.seen.account is not None
        assert (after.status.periods, after.status.sequence, after.status.intent, after.seen.orders) == (2, 2, None, ())
        assert (after.seen.account.status.charged, after.seen.account.status.balance) == (Decimal("10.00"), Decimal("90.00"))

    def test_many_orders_are_bought_one_after_the_other(self) -> None:
        after = lived(running(sold=SOLD, account=RICH, orders=(order("a"), order("b"), order("c"))))
        assert after.seen.account is not None
        assert (after.status.periods, after.status.sequence, after.seen.account.status.charged) == (4, 4, Decimal("30.00"))

    def test_a_purchase_that_waits_for_its_clearing_does_not_stop_the_next_one(self) -> None:
        facts = in_flight(GRANTED, told(APPLIED), order(status=SETTLED), orders=(order("next"),))
        after = pay(facts)
        assert after.status.intent is not None
        assert (after.status.intent.order.name, after.status.intent.sequence) == ("next", 2)

    def test_what_is_asked_for_by_several_ways_at_once_is_bought_by_each(self) -> None:
        after = lived(recycled(sold=SOLD, account=RICH, spec={"purchased_periods": 2}, orders=(order(),)))
        assert after.seen.account is not None
        assert (after.status.periods, after.status.requested_periods, after.seen.account.status.charged) == (3, 2, Decimal("20.00"))

    def test_an_order_that_waits_for_money_keeps_no_other_way_to_buy_waiting(self) -> None:
        dear = order(spec={"periods": 50})
        after = lived(running(sold=SOLD, account=RICH, spec={"purchased_periods": 2}, orders=(dear,)))
        assert (after.status.periods, after.seen.orders[0].spec.periods) == (2, 50)

    def test_two_operators_pay_once(self) -> None:
        asked = spoken(running(sold=SOLD, account=RICH, orders=(order(),)))
        after = lived(pay(pay(asked)))
        assert after.seen.account is not None
        assert (after.status.periods, after.seen.account.status.charged) == (2, Decimal("10.00"))

    def test_a_deposit_lowered_under_an_open_intent_voids_it_and_its_order_waits(self) -> None:
        after = lived(in_flight(intent(), account("9.99"), order()))
        assert after.seen.account is not None
        assert (after.status.periods, after.status.intent, after.seen.account.status.charged) == (1, None, Decimal(0))
        assert [waiting.metadata.name for waiting in after.seen.orders] == ["renewal-1"]

    def test_a_voided_order_is_paid_by_a_later_deposit(self) -> None:
        voided = lived(in_flight(intent(), account("9.99"), order()))
        after = lived(replace(voided, seen=replace(voided.seen, account=account("10.00", purchases=told(VOIDED).status.purchases))))
        assert (after.status.periods, after.status.sequence, after.seen.orders) == (2, 3, ())

    def test_an_account_made_again_under_an_open_intent_pays_for_itself(self) -> None:
        other = account("100.00", uid="made-again")
        after = lived(in_flight(intent(), other, order(), intent_account=None))
        assert after.seen.account is not None
        assert (after.status.periods, after.status.sequence, after.seen.account.status.charged) == (2, 3, Decimal("10.00"))

    def test_a_status_that_was_emptied_under_a_debit_is_held_and_not_charged_again(self) -> None:
        entry = PurchaseRecord(sequence=0, outcome=APPLIED, amount=Decimal("10.00"))
        charged = account("100.00", "10.00", purchases={instance().metadata.uid: entry})
        after = lived(new(sold=SOLD, account=charged, orders=(order(spec={"source": OrderSource.INITIAL}),)))
        assert (after.seen.account, decide(after).reason) == (charged, Reason.STATUS_LOST)

    @pytest.mark.parametrize(
        ("account_says", "found"),
        [
            pytest.param(told(APPLIED, 2), order(), id="the account has gone past it"),
            pytest.param(RICH, order(status=SETTLED), id="its order is settled, and the account has forgotten it"),
            pytest.param(told(APPLIED, 0), order(status=REJECTED), id="its order is rejected"),
        ],
    )
    def test_an_older_status_put_back_with_a_purchase_under_way_is_held(self, account_says: PrepaidAccount, found: RenewalOrder) -> None:
        after = lived(in_flight(intent(), account_says, found))
        assert (after.seen.account, decide(after).reason) == (account_says, Reason.STATUS_LOST)

    def test_an_older_status_put_back_after_its_debit_is_granted_as_it_was(self) -> None:
        after = lived(in_flight(intent(), told(APPLIED), order(status=SETTLED)))
        assert (after.seen.account, after.status.periods, after.status.intent) == (told(APPLIED), 2, None)

    @pytest.mark.parametrize("sequence", [0, 1], ids=["the purchase before", "a purchase that was voided"])
    def test_other_words_of_the_account_hold_nothing(self, sequence: int) -> None:
        facts = running(account=told(APPLIED, 0) if sequence == 0 else told(VOIDED))
        assert decide(facts).reason is Reason.RUNNING

    def test_tenths_add_up_exactly(self) -> None:
        tenth = instance_class(price=Price(amount=Decimal("0.1"), currency="CNY"))
        after = lived(running(sold=tenth, account=account("0.3"), orders=(order("a"), order("b", spec={"periods": 2}))))
        assert after.seen.account is not None
        assert (after.seen.account.status.charged, after.seen.account.status.balance, after.status.periods) == (
            Decimal("0.3"),
            Decimal(0),
            4,
        )

    @pytest.mark.parametrize(
        "facts",
        [
            pytest.param(running(spec={"purchased_periods": 2}), id="free, by a raise"),
            pytest.param(running(orders=(order(finalizers=()),)), id="free, by an order"),
            pytest.param(running(sold=SOLD, account=RICH, spec={"purchased_periods": 2}), id="paid, by a raise"),
            pytest.param(running(EXPIRATION, sold=SOLD, account=RICH, spec={"auto_renew": True}), id="paid, by itself at its expiration"),
            pytest.param(running(sold=SOLD, account=account("9.99"), spec={"purchased_periods": 2}), id="not paid"),
            pytest.param(running(sold=SOLD, orders=(order(spec={"max_amount": Decimal(1)}),)), id="rejected"),
        ],
    )
    def test_a_renewal_never_flickers(self, facts: Facts) -> None:
        written = written_on_the_way(facts)
        ready = {(one.status, one.last_transition_time) for conditions in written for one in conditions if one.type == "Ready"}
        assert ready == {("True", facts.now)}

    def test_a_renewal_touches_no_workload(self) -> None:
        before = running(EXPIRATION, sold=SOLD, account=RICH, spec={"auto_renew": True})
        after = lived(before)
        assert (after.seen.workload, after.status.phase) == (before.seen.workload, Phase.RUNNING)

    def test_one_event_for_each_purchase(self) -> None:
        facts, events = running(sold=SOLD, account=RICH, spec={"purchased_periods": 2}), []
        for _ in range(MOST_LOOKS):
            decision = decide(facts)
            events += [event.notice for event in decision.events if decision.commits]
            facts = pay(facts) if decision.asks_cashier else carried_out(decision, facts)
        assert events == [Notice.RENEWED]


def written_on_the_way(facts: Facts) -> list[tuple[Condition, ...]]:
    """The conditions of every status that is written until it rests."""
    written = []
    for _ in range(MOST_LOOKS):
        decision = decide(facts)
        if not decision.is_silent and (decision.commits or not decision.actions):
            written.append(status_to_report(decision, facts).conditions)
        facts = pay(facts) if decision.asks_cashier else carried_out(decision, facts)
    return written


def test_an_order_of_ours_is_born_taken() -> None:
    (action,) = decide(new()).actions
    assert isinstance(action, FileOrder)
    assert action.order.metadata.finalizers == (LIFECYCLE_FINALIZER,)


def test_terms_are_copied_as_they_were_when_the_intent_was_written() -> None:
    facts = in_flight(intent(terms=terms(price=Decimal("10.00"))), told(APPLIED), order(), sold=instance_class(price=DEAR))
    assert decide(facts).status.terms == terms(price=Decimal("10.00"))


@pytest.mark.parametrize(
    ("facts", "asks"),
    [
        pytest.param(running(sold=SOLD, account=RICH, spec={"purchased_periods": 2}), "default", id="a renewal that can be paid"),
        pytest.param(running(sold=SOLD, account=account("9.99"), spec={"purchased_periods": 2}), "", id="one that lacks money"),
        pytest.param(running(sold=SOLD, spec={"purchased_periods": 2}), "", id="one without an account"),
        pytest.param(running(spec={"purchased_periods": 2}), "", id="one that is free"),
        pytest.param(new(sold=SOLD, account=RICH), "", id="a first purchase: what it will depend on is marked before"),
    ],
)
def test_who_goes_to_the_cashier_with_the_order_that_it_files(facts: Facts, asks: str) -> None:
    decision = decide(facts)
    assert ([type(action) for action in decision.actions], decision.asks_cashier) == ([FileOrder], asks)


def over(purchases: int) -> Facts:
    """A renewal that is granted and settled, from an account that holds so many; all else is said."""
    entries = {f"uid-{number}": PurchaseRecord(sequence=0, outcome=APPLIED, amount=Decimal(1)) for number in range(purchases)}
    facts = in_flight(GRANTED, account(purchases=entries), order(status=SETTLED))
    said = status_to_report(decide(facts), facts).model_copy(update={"intent": GRANTED, "sequence": facts.status.sequence})
    return replace(facts, instance=facts.instance.model_copy(update={"status": said}))


@pytest.mark.parametrize(
    ("facts", "is_worth_it"),
    [
        pytest.param(over(0), False, id="alone, with an account that holds nothing"),
        pytest.param(over(FEW_ENTRIES), False, id="alone, with an account that holds few entries"),
        pytest.param(over(FEW_ENTRIES + 1), True, id="alone, with an account that holds more"),
        pytest.param(replace(over(0), seen=replace(over(0).seen, intent_account=None)), False, id="alone, of what was free"),
        pytest.param(replace(over(0), now=SECOND_EXPIRATION), True, id="with what else is said anew"),
    ],
)
def test_when_the_end_of_a_purchase_is_worth_a_write(facts: Facts, is_worth_it: bool) -> None:
    status = status_to_report(decide(facts), facts)
    assert (status.intent, is_worth_a_write(status, facts)) == (None, is_worth_it)


@pytest.mark.parametrize(
    "facts", [running(), in_flight(intent(), over(FEW_ENTRIES + 1).seen.account, order())], ids=["at rest", "in flight"]
)
def test_what_is_said_already_is_worth_no_write(facts: Facts) -> None:
    assert not is_worth_a_write(facts.status, facts)


def test_where_nothing_could_be_seen_a_grant_is_still_in_flight() -> None:
    """Whether its order is settled, nobody knows."""
    facts = in_flight(GRANTED, told(APPLIED), order())
    refused = replace(facts, seen=nothing_seen(Problem(Reason.REFUSED_BY_SERVER, "pods is forbidden")))
    assert (decide(refused).status.intent, decide(refused).status.sequence) == (GRANTED, facts.status.sequence)
