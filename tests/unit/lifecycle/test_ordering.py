"""What an instance wants to buy, and when it is asked for (product.md P4, P5, P8; api.md, "Renewing by patch")."""

from dataclasses import replace
from decimal import Decimal

import pytest
from whenever import Instant

from builders import (
    DAY,
    DEAR,
    EXPIRATION,
    HOUR,
    IN_BIN,
    MIDTERM,
    OTHER_UID,
    RELEASE,
    SECOND,
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
    running_status,
    terms,
)
from living import at, lived, settled, spoken
from prepaid.api.bin_item import Disposition
from prepaid.api.instance import NextActionType, Phase
from prepaid.api.marks import ENDED
from prepaid.api.order import OrderInstanceRef, OrderPhase, OrderSource, RenewalOrder, RenewalOrderStatus
from prepaid.api.resource import Condition
from prepaid.api.terms import Lead, Period, Unit
from prepaid.lifecycle.actions import DropItem, FileOrder
from prepaid.lifecycle.applying import fault_of
from prepaid.lifecycle.decision import Decision
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.notices import Notice
from prepaid.lifecycle.ordering import Wish, are_untold, place_in_ledger, waiting_orders, wish
from prepaid.lifecycle.reasons import Reason
from prepaid.lifecycle.rules import decide

RAISE, RECOVERY = OrderSource.PURCHASED_PERIODS, OrderSource.RECOVER
RECOVER = {"disposition": Disposition.RECOVER, "periods": 2}
BOUGHT_THREE: Changes = {
    "requested_periods": 3,
    "periods": 3,
    "anchor_periods": 3,
    "expiration_time": Instant.parse_iso("2026-08-01T10:00:00Z"),
}
A_DAY_BEFORE = Lead(count=1, unit=Unit.DAY)


def named(name: str, uid: str) -> RenewalOrder:
    """An order of the owner's for an instance of that name and uid."""
    return order(spec={"instance_ref": OrderInstanceRef(name=name, uid=uid)})


def notices(decision: Decision) -> list[Notice]:
    return [event.notice for event in decision.events]


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        pytest.param(running(), None, id="nothing more"),
        pytest.param(running(spec={"purchased_periods": 3}), Wish(RAISE, 2, 3), id="a raised total"),
        pytest.param(running(status={"requested_periods": 3}), None, id="a lowered total"),
        pytest.param(running(status={"requested_periods": 3}, spec={"purchased_periods": 3}), None, id="back to a total acted on"),
        pytest.param(running(status={"requested_periods": 3}, spec={"purchased_periods": 4}), Wish(RAISE, 1, 4), id="one beyond it"),
        pytest.param(recycled(spec={"purchased_periods": 2}), Wish(RAISE, 1, 2), id="a raised total in the bin"),
        pytest.param(recycled(item=item(RECOVER)), Wish(RECOVERY, 2), id="a Recover"),
        pytest.param(recycled(item=item(RECOVER, {"observed_generation": 1})), None, id="a Recover that was acted on"),
        pytest.param(
            recycled(item=item(RECOVER, {"observed_generation": 1}, {"generation": 2})),
            Wish(RECOVERY, 2),
            id="a Recover said again",
        ),
        pytest.param(recycled(item=item(RECOVER, stay=2)), None, id="a Recover of another stay"),
        pytest.param(running(status={"stay": 1}, item=item(RECOVER)), None, id="a Recover that is left over from the bin"),
        pytest.param(
            recycled(spec={"purchased_periods": 4}, item=item(RECOVER)),
            Wish(RAISE, 3, 4),
            id="a raised total goes before a Recover",
        ),
    ],
)
def test_its_owner_wants(facts: Facts, wanted: Wish | None) -> None:
    assert wish(facts) == wanted


@pytest.mark.parametrize(
    ("facts", "notice"),
    [
        pytest.param(new(), Notice.PURCHASED, id="the first term"),
        pytest.param(running(spec={"purchased_periods": 2}), Notice.RENEWED, id="a renewal"),
        pytest.param(running(EXPIRATION, spec={"purchased_periods": 2}), Notice.RENEWED, id="a renewal that is looked at late"),
        pytest.param(recycled(spec={"purchased_periods": 2}), Notice.RECOVERED, id="a recovery"),
        pytest.param(running(EXPIRATION, spec={"auto_renew": True}), Notice.AUTO_RENEWED, id="an auto-renewal"),
    ],
)
def test_a_purchase_is_told_once(facts: Facts, notice: Notice) -> None:
    assert notices(decide(spoken(facts))) == [notice]


def test_the_first_purchase_buys_what_was_asked_for() -> None:
    status = settled(new(spec={"purchased_periods": 2})).status
    assert (status.periods, status.requested_periods, status.sequence, status.expiration_time) == (2, 2, 1, SECOND_EXPIRATION)


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(MIDTERM, id="in its term"),
        pytest.param(EXPIRATION - SECOND, id="in its last second"),
        pytest.param(EXPIRATION, id="at its expiration, before it was recycled"),
        pytest.param(EXPIRATION + DAY, id="later, before it was recycled"),
    ],
)
def test_a_raise_before_the_bin_interrupts_nothing(now: Instant) -> None:
    decision = decide(spoken(running(now, spec={"purchased_periods": 2})))
    assert (decision.phase, decision.status.expiration_time, decision.status.stay, decision.actions) == (
        Phase.RUNNING,
        SECOND_EXPIRATION,
        0,
        (),
    )


@pytest.mark.parametrize("now", [IN_BIN, RELEASE - SECOND, RELEASE, RELEASE + DAY], ids=["in the bin", "just before", "at", "after"])
def test_a_raise_in_the_bin_recovers(now: Instant) -> None:
    after = settled(recycled(now, spec={"purchased_periods": 2}))
    assert (after.status.phase, after.status.recycle_time, after.seen.item) == (Phase.RUNNING, None, None)
    assert after.seen.workload is not None
    assert after.seen.workload.at("spec.replicas") == 1


def test_a_recover_buys_as_many_periods_as_it_says_and_leaves_the_bin() -> None:
    after = settled(recycled(item=item(RECOVER)))
    assert (after.status.periods, after.status.expiration_time, after.seen.item) == (3, Instant.parse_iso("2026-08-01T10:00:00Z"), None)


def test_a_recover_is_no_raise() -> None:
    after = settled(recycled(item=item(RECOVER)))
    assert after.status.requested_periods == 1


def test_a_recover_that_is_turned_down_is_answered_once() -> None:
    long_ago = Instant.parse_iso("2026-12-01T10:00:00Z")
    facts = recycled(long_ago, item=item(RECOVER, metadata={"creation_timestamp": long_ago}))
    after = settled(facts)
    assert after.seen.item is not None
    answer = after.seen.item.status
    assert (answer.observed_generation, [condition.reason for condition in answer.conditions]) == (1, ["RenewalRejected"])
    assert (wish(after), after.status.sequence) == (None, 2)


class TestLowering:
    """It is accepted, changes nothing, and says so in an event."""

    def test_it_changes_nothing(self) -> None:
        facts = running(status=BOUGHT_THREE)
        assert decide(facts).status == facts.status

    @pytest.mark.parametrize(
        "facts",
        [
            pytest.param(running(status=BOUGHT_THREE), id="while it runs"),
            pytest.param(running(status=BOUGHT_THREE, spec={"running": False}), id="while it is stopped"),
            pytest.param(recycled(status={"requested_periods": 3}), id="in the bin"),
        ],
    )
    def test_it_says_so(self, facts: Facts) -> None:
        assert notices(decide(facts)) == [Notice.LOWERED]

    def test_a_total_that_was_acted_on_says_nothing(self) -> None:
        assert notices(decide(running())) == []


class TestAutoRenewal:
    """At its expiration or so long before it, by the fewest periods that reach now."""

    @pytest.mark.parametrize(
        ("now", "lead", "end"),
        [
            pytest.param(EXPIRATION - SECOND, None, EXPIRATION, id="one second before its expiration it waits"),
            pytest.param(EXPIRATION, None, SECOND_EXPIRATION, id="at its expiration it renews"),
            pytest.param(EXPIRATION - DAY - SECOND, A_DAY_BEFORE, EXPIRATION, id="one second before its lead it waits"),
            pytest.param(EXPIRATION - DAY, A_DAY_BEFORE, SECOND_EXPIRATION, id="at its lead it renews"),
            pytest.param(SECOND_EXPIRATION - SECOND, None, SECOND_EXPIRATION, id="after a downtime one period that reaches now"),
            pytest.param(SECOND_EXPIRATION, None, Instant.parse_iso("2026-08-01T10:00:00Z"), id="of which the end is not now"),
            pytest.param(EXPIRATION + 365 * DAY, None, Instant.parse_iso("2027-07-01T10:00:00Z"), id="after a year thirteen"),
        ],
    )
    def test_it_renews_at(self, now: Instant, lead: Lead | None, end: Instant) -> None:
        bought = running_status(terms=terms(auto_renew_lead=lead or Lead(count=0, unit=Unit.HOUR)))
        facts = replace(running(now), instance=instance(bought, {"auto_renew": True}))
        assert decide(spoken(facts)).status.expiration_time == end

    def test_it_is_looked_at_and_announced_for_that_moment(self) -> None:
        facts = replace(running(), instance=instance(running_status(terms=terms(auto_renew_lead=A_DAY_BEFORE)), {"auto_renew": True}))
        decision = decide(facts)
        assert (decision.wake_time, decision.next_action.type, decision.next_action.time) == (
            EXPIRATION - DAY,
            NextActionType.AUTO_RENEW,
            EXPIRATION - DAY,
        )

    @pytest.mark.parametrize(
        "facts",
        [
            pytest.param(running(EXPIRATION), id="it is not wanted"),
            pytest.param(running(EXPIRATION, spec={"auto_renew": True}, sold=instance_class(price=DEAR)), id="it cannot be paid"),
        ],
    )
    def test_without_it_the_term_simply_ends(self, facts: Facts) -> None:
        assert decide(spoken(facts)).phase is Phase.RECYCLED

    def test_where_it_was_due_and_cannot_be_the_end_is_what_comes_next(self) -> None:
        bought = running_status(terms=terms(auto_renew_lead=A_DAY_BEFORE))
        dear = running(EXPIRATION - HOUR, sold=instance_class(price=DEAR))
        decision = decide(spoken(replace(dear, instance=instance(bought, {"auto_renew": True}))))
        assert (decision.next_action.type, decision.next_action.time) == (NextActionType.RECYCLE, EXPIRATION)

    def test_it_does_not_recover_from_the_bin(self) -> None:
        assert settled(recycled(spec={"auto_renew": True})).status.phase is Phase.RECYCLED

    def test_it_does_not_keep_asking_for_what_would_not_lengthen_the_term(self) -> None:
        contradictory = running_status(expiration_time=EXPIRATION + 65 * DAY, terms=terms(auto_renew_lead=Lead(count=60, unit=Unit.DAY)))
        facts = replace(running(EXPIRATION + 6 * DAY), instance=instance(contradictory, {"auto_renew": True}))
        assert settled(facts).status.sequence == 1

    def test_a_lead_longer_than_the_period_buys_up_to_it_and_no_further(self) -> None:
        short = {"period": Period(count=1, unit=Unit.HOUR), "auto_renew_lead": Lead(count=3, unit=Unit.HOUR)}
        facts = settled(new(MIDTERM, spec={"auto_renew": True}, sold=instance_class(**short)))
        assert facts.status.expiration_time == MIDTERM + 4 * HOUR


def test_an_item_that_is_left_over_is_taken_out_of_the_bin() -> None:
    assert decide(running(status={"stay": 1}, item=item())).actions == (DropItem(item()),)


def test_an_item_of_another_instance_is_left_alone_until_the_name_is_needed() -> None:
    assert decide(running(item=item(uid=OTHER_UID))).actions == ()


def test_a_renewal_that_cannot_be_sold_is_bought_once_it_can() -> None:
    dear = settled(running(spec={"purchased_periods": 2}, sold=instance_class(price=DEAR)))
    free = replace(dear, seen=replace(dear.seen, terms_on_offer=running().seen.terms_on_offer))
    assert (dear.status.periods, settled(free).status.periods) == (1, 2)


def test_a_purchase_that_nobody_pays_says_so() -> None:
    assert decide(spoken(new(sold=instance_class(price=DEAR)))).reason is Reason.NO_ACCOUNT


@pytest.mark.parametrize(
    ("facts", "name", "spec"),
    [
        pytest.param(
            new(spec={"purchased_periods": 2}),
            "web-1-0a1b2c3d-0",
            {"source": OrderSource.INITIAL, "periods": 2},
            id="the first term",
        ),
        pytest.param(
            running(spec={"purchased_periods": 4}),
            "web-1-0a1b2c3d-1",
            {"source": RAISE, "periods": 3, "requested_periods": 4},
            id="a raise",
        ),
        pytest.param(
            running(spec={"purchased_periods": 2}, status={"sequence": 41}),
            "web-1-0a1b2c3d-41",
            {"source": RAISE, "requested_periods": 2},
            id="the forty-second purchase",
        ),
        pytest.param(
            recycled(item=item({**RECOVER, "max_amount": Decimal("9.50")})),
            "web-1-0a1b2c3d-1",
            {"source": RECOVERY, "periods": 2, "max_amount": Decimal("9.50")},
            id="a Recover with a limit",
        ),
        pytest.param(
            running(EXPIRATION, spec={"auto_renew": True}), "web-1-0a1b2c3d-1", {"source": OrderSource.AUTO_RENEW}, id="an auto-renewal"
        ),
    ],
)
def test_the_order_of_a_wish(facts: Facts, name: str, spec: Changes) -> None:
    (action,) = decide(facts).actions
    assert isinstance(action, FileOrder)
    assert (action.order.metadata.name, action.order.metadata.namespace) == (name, facts.instance.metadata.namespace)
    assert action.order.spec == order(spec=spec).spec


OURS = order("web-1-0a1b2c3d-1", spec={"source": RAISE, "requested_periods": 2})


class TestWhichOrdersWait:
    """Those for exactly this instance that have not ended, oldest first."""

    @pytest.mark.parametrize(
        ("asked", "is_waiting"),
        [
            pytest.param(order(), True, id="its owner's, with its uid"),
            pytest.param(named("web-1", ""), True, id="its owner's, without a uid"),
            pytest.param(named("web-1", OTHER_UID), False, id="one for a predecessor of this name"),
            pytest.param(OURS, True, id="ours"),
            pytest.param(order(deletion_timestamp=MIDTERM), True, id="one that is being deleted: it must be told"),
            pytest.param(order(finalizers=()), True, id="one that is not taken yet"),
            pytest.param(order(status=RenewalOrderStatus(phase=OrderPhase.PENDING)), True, id="one that says Pending"),
            pytest.param(order(status=RenewalOrderStatus(phase=OrderPhase.SETTLED)), False, id="a settled one"),
            pytest.param(order(status=RenewalOrderStatus(phase=OrderPhase.REJECTED)), False, id="a rejected one"),
            pytest.param(order(annotations={ENDED: "Settled"}), False, id="one that ended and lost its status"),
        ],
    )
    def test_it_waits(self, asked: RenewalOrder, is_waiting: bool) -> None:
        assert waiting_orders(running(orders=(asked,))) == ((asked,) if is_waiting else ())

    def test_the_oldest_comes_first_and_of_one_age_the_name_decides(self) -> None:
        young, twin, old = order("a", creation_timestamp=MIDTERM), order("z"), order("b")
        assert waiting_orders(running(orders=(young, twin, old))) == (old, twin, young)


class TestSuperseded:
    """An order of ours that asks for something else than is wanted now makes way; its owner's orders never do."""

    @pytest.mark.parametrize(
        ("facts", "is_superseded"),
        [
            pytest.param(running(spec={"purchased_periods": 2}, orders=(OURS,)), False, id="what is still wanted"),
            pytest.param(running(spec={"purchased_periods": 3}, orders=(OURS,)), True, id="raised again"),
            pytest.param(running(orders=(OURS,)), True, id="lowered to what was acted on"),
            pytest.param(recycled(spec={"purchased_periods": 2}, orders=(OURS,)), False, id="still wanted in the bin"),
            pytest.param(running(orders=(order(),)), False, id="its owner's"),
            pytest.param(
                recycled(item=item({**RECOVER, "periods": 1}), orders=(order(spec={"source": RECOVERY, "periods": 2}),)),
                True,
                id="a Recover of fewer periods",
            ),
            pytest.param(
                recycled(item=item({**RECOVER, "max_amount": Decimal(1)}), orders=(order(spec={"source": RECOVERY, "periods": 2}),)),
                True,
                id="a Recover with another limit",
            ),
            pytest.param(
                recycled(spec={"purchased_periods": 2}, item=item(RECOVER), orders=(order(spec={"source": RECOVERY, "periods": 2}),)),
                True,
                id="a Recover, when the total was raised too",
            ),
        ],
    )
    def test_it_makes_way(self, facts: Facts, is_superseded: bool) -> None:
        fault = fault_of(facts.seen.orders[0], facts)
        assert (fault is not None and fault.reason is Reason.SUPERSEDED) is is_superseded

    def test_only_one_order_of_ours_waits_at_a_time(self) -> None:
        short = settled(running(sold=instance_class(price=DEAR), spec={"purchased_periods": 2}, account=account("1.00")))
        raised = settled(replace(short, instance=instance(short.status, {"purchased_periods": 3})))
        assert [waiting.spec.periods for waiting in raised.seen.orders] == [2]

    @pytest.mark.parametrize(
        "first",
        [
            pytest.param(running(sold=instance_class(price=DEAR), account=account("1.00"), spec={"purchased_periods": 3}), id="a renewal"),
            pytest.param(new(sold=instance_class(price=DEAR), account=account("1.00"), spec={"purchased_periods": 3}), id="the first term"),
        ],
    )
    def test_lowered_and_raised_again_before_it_is_paid_buys_what_is_wanted_then(self, first: Facts) -> None:
        facts = lived(first)
        for total in (1, 3, 2):
            facts = lived(replace(facts, instance=instance(facts.status, {"purchased_periods": total})))
        after = lived(replace(facts, seen=replace(facts.seen, account=account("1000.00"))))
        assert (after.status.periods, after.status.requested_periods, after.seen.orders) == (2, 2, ())

    def test_a_raise_that_is_cancelled_counts_as_acted_on(self) -> None:
        waiting = settled(running(sold=instance_class(price=DEAR), account=account("1.00"), spec={"purchased_periods": 2}))
        after = lived(replace(waiting, seen=replace(waiting.seen, orders=deleted(waiting), account=account("1000.00"))))
        assert (after.status.periods, after.status.requested_periods, after.seen.orders) == (1, 2, ())

    def test_a_first_order_that_is_cancelled_is_asked_for_again(self) -> None:
        waiting = settled(new(sold=instance_class(price=DEAR), account=account("1.00")))
        after = settled(replace(waiting, seen=replace(waiting.seen, orders=deleted(waiting))))
        assert [again.metadata.name for again in after.seen.orders] == ["web-1-0a1b2c3d-1"]


def deleted(facts: Facts) -> tuple[RenewalOrder, ...]:
    """The orders that wait, each deleted by somebody."""
    deletion = {"deletion_timestamp": facts.now}
    return tuple(one.model_copy(update={"metadata": one.metadata.model_copy(update=deletion)}) for one in facts.seen.orders)


def test_each_purchase_is_bought_once() -> None:
    facts = settled(running(spec={"purchased_periods": 3}))
    again = settled(at(MIDTERM + HOUR, facts))
    assert (again.status.periods, again.status.sequence) == (3, 2)


def test_orders_of_one_second_stand_in_the_ledger_as_they_were_bought() -> None:
    later = RenewalOrderStatus(phase=OrderPhase.SETTLED, sequence=2, settled_time=MIDTERM)
    earlier = later.model_copy(update={"sequence": 1})
    orders = [order("a-waits"), order("b-later", later), order("c-earlier", earlier)]
    assert [one.metadata.name for one in sorted(orders, key=place_in_ledger)] == ["c-earlier", "b-later", "a-waits"]


WAITS = Condition(type="Settled", status="False", reason="InsufficientFunds", message="It waits.", last_transition_time=MIDTERM)
TOLD = order(status=RenewalOrderStatus(conditions=(WAITS,)))


@pytest.mark.parametrize(
    ("facts", "is_so"),
    [
        pytest.param(running(account=account(), orders=(order(),)), True, id="one that nobody has looked at"),
        pytest.param(running(orders=(order(),)), False, id="there is no account to ask"),
        pytest.param(running(account=account()), False, id="none"),
        pytest.param(running(account=account(), orders=(TOLD,)), False, id="one that was told what it waits for"),
        pytest.param(running(account=account(), orders=(order(),), status={"intent": intent()}), False, id="the one in flight"),
        pytest.param(running(account=account(), orders=(order(), order("b")), status={"intent": intent()}), True, id="another"),
    ],
)
def test_who_has_not_heard_what_it_waits_for(facts: Facts, is_so: bool) -> None:
    assert are_untold(facts) is is_so
