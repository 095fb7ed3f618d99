"""A status that was emptied is rebuilt from its settled orders: what was paid is never bought again (api.md, "Held")."""

from dataclasses import replace
from decimal import Decimal

import pytest
from whenever import Instant

from builders import (
    A_WEEK,
    DAY,
    EXPIRATION,
    MIDTERM,
    NONE,
    OTHER_UID,
    SECOND_EXPIRATION,
    START,
    Changes,
    account,
    changed,
    instance,
    instance_class,
    item,
    live,
    order,
    running,
    running_workload,
    seen,
    terms,
    workload_record,
)
from living import lived, settled
from prepaid.api.account import PurchaseOutcome, PurchaseRecord
from prepaid.api.instance import InstanceStatus, Phase
from prepaid.api.marks import INSTANCE_ID, STAY
from prepaid.api.order import OrderInstanceRef, OrderPhase, OrderSource, RenewalOrder, RenewalOrderStatus
from prepaid.api.terms import Price
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.holding import has_lost_its_purchase
from prepaid.lifecycle.objects import LiveObject
from prepaid.lifecycle.reasons import Reason
from prepaid.lifecycle.rebuilding import can_be_rebuilt, settled_history
from prepaid.lifecycle.rules import decide

SOLD = instance_class(price=Price(amount=Decimal("10.00"), currency="CNY"))


def bought(sequence: int, start: Instant, end: Instant, status: Changes = NONE, spec: Changes = NONE) -> RenewalOrder:
    """A settled order in the ledger."""
    told = RenewalOrderStatus(
        phase=OrderPhase.SETTLED, sequence=sequence, amount=Decimal("10.00"), terms=terms(), from_time=start, to_time=end
    )
    return order(f"web-1-{sequence}", told.model_copy(update=dict(status)), spec)


FIRST = bought(0, START, EXPIRATION, {"requested_periods": 1}, {"source": OrderSource.INITIAL})
RAISE = bought(
    1, EXPIRATION, SECOND_EXPIRATION, {"requested_periods": 2}, {"source": OrderSource.PURCHASED_PERIODS, "requested_periods": 2}
)


def emptied(*history: RenewalOrder, now: Instant = MIDTERM, spec: Changes = NONE, **changes: object) -> Facts:
    """An instance of which nothing but its orders tells."""
    who = instance(spec={"purchased_periods": 2, **spec})
    return Facts(who, seen(who, SOLD, history=history, account=account("1000.00"), **changes), now)


def test_the_term_is_that_of_its_orders() -> None:
    status = decide(emptied(RAISE, FIRST)).status
    assert (status.start_time, status.expiration_time, status.periods, status.requested_periods, status.sequence, status.terms) == (
        START,
        SECOND_EXPIRATION,
        2,
        2,
        2,
        terms(),
    )


def test_nothing_is_bought_again() -> None:
    after = lived(emptied(FIRST, RAISE))
    assert after.seen.account is not None
    assert (after.status.phase, after.status.periods, after.seen.account.status.charged) == (Phase.RUNNING, 2, Decimal(0))


def test_a_raise_that_was_not_bought_yet_still_is() -> None:
    after = lived(emptied(FIRST))
    assert after.seen.account is not None
    assert (after.status.periods, after.status.expiration_time, after.seen.account.status.charged) == (
        2,
        SECOND_EXPIRATION,
        Decimal("10.00"),
    )


@pytest.mark.parametrize(
    ("name", "source", "sequence"),
    [
        pytest.param("web-1-0a1b2c3d-4", OrderSource.PURCHASED_PERIODS, 4, id="ours is for the purchase that its name tells"),
        pytest.param("web-1-0a1b2c3d-0", OrderSource.PURCHASED_PERIODS, 1, id="ours is for a purchase that the ledger knows"),
        pytest.param("web-1-76543210-4", OrderSource.PURCHASED_PERIODS, 1, id="ours is a predecessor's"),
        pytest.param("web-1-0a1b2c3d-4", OrderSource.OWNER, 1, id="an owner's is for any"),
        pytest.param("web-1-0a1b2c3d-four", OrderSource.PURCHASED_PERIODS, 1, id="its name tells nothing"),
    ],
)
def test_no_number_is_given_twice_to_orders_of_ours(name: str, source: OrderSource, sequence: int) -> None:
    """A purchase that was released left no trace in the ledger; turned down after the rebuilding, the order blocks its own name."""
    waiting = order(name, spec={"source": source, "requested_periods": 2})
    assert decide(emptied(FIRST, waiting, orders=(waiting,))).status.sequence == sequence


@pytest.mark.parametrize(
    ("charged", "sequence"),
    [
        pytest.param(0, 2, id="the ledger knows what was charged last"),
        pytest.param(1, 1, id="an order that was paid is gone: the number is not passed over, so that it is held"),
    ],
)
def test_a_purchase_that_the_ledger_has_lost_stays_in_sight(charged: int, sequence: int) -> None:
    waiting = order("web-1-0a1b2c3d-2", spec={"source": OrderSource.PURCHASED_PERIODS, "requested_periods": 2})
    entry = PurchaseRecord(sequence=charged, outcome=PurchaseOutcome.APPLIED, amount=Decimal("10.00"))
    facts = emptied(FIRST, waiting, orders=(waiting,))
    seen_too = replace(facts.seen, account=account("1000.00", purchases={facts.instance.metadata.uid: entry}))
    rebuilt = decide(replace(facts, seen=seen_too)).status
    assert rebuilt.sequence == sequence
    after = replace(facts, instance=instance(rebuilt, {"purchased_periods": 2}), seen=seen_too)
    assert has_lost_its_purchase(after) is (charged == sequence)


def test_the_next_renewal_goes_on_from_the_old_end() -> None:
    rebuilt = settled(emptied(FIRST, RAISE))
    again = lived(replace(rebuilt, instance=instance(rebuilt.status, {"purchased_periods": 3})))
    assert again.status.expiration_time == Instant.parse_iso("2026-08-01T10:00:00Z")


MONTHS = [Instant.parse_iso(f"2026-{day}T10:00:00Z") for day in ("01-31", "02-28", "03-31", "04-30")]


@pytest.mark.parametrize(
    ("second", "anchor", "counted"),
    [
        pytest.param(bought(1, MONTHS[1], MONTHS[2]), MONTHS[0], 2, id="from the first of those that continue each other"),
        pytest.param(
            bought(1, MONTHS[1], MONTHS[2], {"terms": terms(time_zone="Asia/Shanghai")}),
            MONTHS[1],
            1,
            id="from where another period, zone or anchor began",
        ),
        pytest.param(bought(1, MONTHS[1] + DAY, MONTHS[2]), MONTHS[1] + DAY, 1, id="from a recovery"),
    ],
)
def test_periods_are_counted(second: RenewalOrder, anchor: Instant, counted: int) -> None:
    rebuilt = decide(emptied(bought(0, MONTHS[0], MONTHS[1]), second, now=MONTHS[1] + DAY)).status
    assert (rebuilt.anchor_time, rebuilt.anchor_periods, rebuilt.expiration_time) == (anchor, counted, MONTHS[2])


@pytest.mark.parametrize(("old", "young", "kept"), [(30, 7, 30), (7, 30, 30), (7, 7, 7)], ids=["the old one", "the new one", "either"])
def test_the_longer_retention_is_kept(old: int, young: int, kept: int) -> None:
    days = [terms(retention=A_WEEK.model_copy(update={"count": count})) for count in (old, young)]
    rebuilt = decide(
        emptied(bought(0, START, EXPIRATION, {"terms": days[0]}), bought(1, EXPIRATION, SECOND_EXPIRATION, {"terms": days[1]}))
    )
    assert rebuilt.status.terms == terms(retention=A_WEEK.model_copy(update={"count": kept}))


def test_a_renewal_of_a_rebuilt_term_ends_where_it_would_have() -> None:
    rebuilt = settled(emptied(bought(0, MONTHS[0], MONTHS[1], {"requested_periods": 2}), bought(1, MONTHS[1], MONTHS[2]), now=MONTHS[1]))
    again = lived(replace(rebuilt, instance=instance(rebuilt.status, {"purchased_periods": 3})))
    assert again.status.expiration_time == MONTHS[3]


def test_an_order_that_was_rejected_counts_for_the_sequence_alone() -> None:
    rejected = order("web-1-7", RenewalOrderStatus(phase=OrderPhase.REJECTED, sequence=7))
    status = decide(emptied(FIRST, RAISE, rejected)).status
    assert (status.periods, status.sequence) == (2, 8)


@pytest.mark.parametrize("late", [SECOND_EXPIRATION, SECOND_EXPIRATION + 400 * DAY], ids=["at its end", "long after it"])
def test_one_that_has_expired_since_has_its_full_days_in_the_bin(late: Instant) -> None:
    after = settled(emptied(FIRST, RAISE, now=late))
    assert (after.status.phase, after.status.recycle_time, after.status.release_time) == (Phase.RECYCLED, late, late + 7 * DAY)


STAMPED = changed(running_workload(instance()), {"metadata": {"annotations": {STAY: "3-stopped"}}})


@pytest.mark.parametrize(
    ("evidence", "stay"),
    [
        pytest.param({}, 0, id="nobody tells of a stay"),
        pytest.param({"item": item(stay=2)}, 2, id="its item tells"),
        pytest.param({"workload": STAMPED}, 3, id="the stamp of its workload tells"),
        pytest.param({"item": item(stay=4), "workload": STAMPED}, 4, id="the later of both counts"),
        pytest.param({"item": item(stay=2, uid=OTHER_UID)}, 0, id="an item of another instance does not"),
        pytest.param({"workload": STAMPED, "workload_is_ours": False}, 0, id="nor does another's workload"),
        pytest.param({"workload": changed(STAMPED, {"metadata": {"annotations": {STAY: "x"}}})}, 0, id="nor does an unreadable stamp"),
    ],
)
def test_no_word_of_an_earlier_stay_is_obeyed(evidence: Changes, stay: int) -> None:
    assert decide(emptied(FIRST, RAISE, **evidence)).status.stay == stay


def test_its_workload_is_on_record_again() -> None:
    alive: LiveObject = running_workload(instance())
    assert decide(emptied(FIRST, workload=alive)).status.workload == workload_record()


@pytest.mark.parametrize(
    ("history", "is_rebuilt"),
    [
        pytest.param((FIRST,), True, id="a settled order"),
        pytest.param((), False, id="no order"),
        pytest.param((order(),), False, id="an order that waits"),
        pytest.param((order(status=RenewalOrderStatus(phase=OrderPhase.REJECTED)),), False, id="a rejected order"),
        pytest.param((bought(0, START, EXPIRATION, {"terms": None}),), False, id="an order that does not tell its terms"),
        pytest.param((bought(0, START, EXPIRATION, {"to_time": None}),), False, id="an order that does not tell its end"),
        pytest.param((bought(0, EXPIRATION, START),), False, id="an order that ends before it starts"),
        pytest.param(
            (bought(0, START, EXPIRATION, NONE, {"instance_ref": OrderInstanceRef(name="web-1", uid=OTHER_UID)}),),
            False,
            id="an order of a predecessor of this name",
        ),
    ],
)
def test_it_is_rebuilt_from(history: tuple[RenewalOrder, ...], is_rebuilt: bool) -> None:
    assert can_be_rebuilt(emptied(*history)) is is_rebuilt


def test_what_is_not_empty_is_not_rebuilt() -> None:
    facts = running()
    assert not can_be_rebuilt(replace(facts, seen=replace(facts.seen, history=(FIRST, RAISE))))


def test_what_is_half_empty_is_held() -> None:
    facts = running(status={"expiration_time": None})
    assert decide(replace(facts, seen=replace(facts.seen, history=(FIRST, RAISE)))).reason is Reason.TERM_UNREADABLE


def test_a_copy_is_not_rebuilt() -> None:
    copy = instance(InstanceStatus(), metadata={"annotations": {INSTANCE_ID: OTHER_UID}})
    of_the_original = bought(0, START, EXPIRATION, spec={"instance_ref": OrderInstanceRef(name="web-1", uid=OTHER_UID)})
    decision = decide(Facts(copy, seen(copy, SOLD, history=(of_the_original,)), MIDTERM))
    assert (decision.reason, decision.status.periods) == (Reason.RESTORED_COPY, 0)


def test_a_new_one_with_somebody_elses_workload_is_not_rebuilt_from_nothing() -> None:
    facts = emptied(workload=live("StatefulSet", "web-1", "x", "apps/v1"), workload_is_ours=False)
    assert decide(facts).reason is Reason.NOT_OURS


def test_history_is_told_in_the_order_of_the_purchases() -> None:
    assert [told.status.sequence for told in settled_history(emptied(RAISE, FIRST))] == [0, 1]


NAMELESS = {"instance_ref": OrderInstanceRef(name="web-1")}


@pytest.mark.parametrize(
    ("history", "names"),
    [
        pytest.param((bought(1, START, EXPIRATION, spec=NAMELESS),), [], id="not alone: it may have been a predecessor's"),
        pytest.param(
            (FIRST, bought(1, EXPIRATION, SECOND_EXPIRATION, spec=NAMELESS)), ["web-1-0", "web-1-1"], id="after the first term of this one"
        ),
        pytest.param((RAISE, bought(0, START, EXPIRATION, spec=NAMELESS)), ["web-1-1"], id="not from before the first term of this one"),
    ],
)
def test_an_order_that_names_no_uid_counts(history: tuple[RenewalOrder, ...], names: list[str]) -> None:
    assert [order.metadata.name for order in settled_history(emptied(*history))] == names
