"""Whatever is written and seen, a decision is made, and it keeps the promises (product.md P12, P13, P15). Seeded: a failure comes again."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from whenever import Instant, TimeDelta

from builders import (
    A_WEEK,
    EXPIRATION,
    HOUR,
    OTHER_UID,
    RELEASE,
    START,
    account,
    changed,
    claim,
    data_record,
    instance,
    instance_class,
    intent,
    item,
    live,
    order,
    running_status,
    running_workload,
    seen,
    stopped_workload,
    terms,
    volume,
    without_class,
    workload_record,
)
from living import carried_out, observed, pay
from prepaid.api.account import PrepaidAccount, PurchaseOutcome, PurchaseRecord
from prepaid.api.bin_item import BinItemPhase, Disposition, RecycleBinItem
from prepaid.api.instance import DataState, InstanceStatus, Phase, PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.intent import Intent, IntentState
from prepaid.api.marks import INSTANCE_ID, LIFECYCLE_FINALIZER
from prepaid.api.order import OrderPhase, OrderSource, RenewalOrder
from prepaid.api.reference import Reference
from prepaid.api.resource import Condition
from prepaid.api.terms import Lead, Period, Price, RenewalAnchor, Terms, Unit
from prepaid.lifecycle.actions import CreateWorkload, DeleteObject, WriteOrderStatus
from prepaid.lifecycle.bin_items import effective_release_time, is_confirmed
from prepaid.lifecycle.conditions import status_to_report
from prepaid.lifecycle.decision import Decision
from prepaid.lifecycle.facts import Facts, SeenData
from prepaid.lifecycle.leaving import is_terminated
from prepaid.lifecycle.objects import LiveObject
from prepaid.lifecycle.purchasing import cleared
from prepaid.lifecycle.rules import decide, to_be_paid
from prepaid.lifecycle.term import Term, read_term
from prepaid.lifecycle.terms import release_time

SEEDS = range(20)
LOOKS = 80

ORDERS = ("renewal-1", "renewal-2", "renewal-3")
LATER = Instant.parse_iso("2026-09-01T10:00:00Z")
MOMENTS = (START, EXPIRATION, RELEASE, LATER)
LAST = Instant.parse_iso("9999-12-31T23:59:59Z")
ZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin", "Mars/Base")
PERIODS = (Period(count=1, unit=Unit.MONTH), Period(count=10, unit=Unit.DAY), Period(count=15, unit=Unit.SECOND))
RETENTIONS = (A_WEEK, A_WEEK.model_copy(update={"count": 1}), A_WEEK.model_copy(update={"count": 10_000, "unit": Unit.MONTH}))
ERASED = Condition(type="DataErased", status="True", reason="Erased", message="Erased.", last_transition_time=RELEASE)


def moment(dice: Random) -> Instant:
    """Near an edge, mostly on it or a second off."""
    return dice.choice(MOMENTS) + TimeDelta(seconds=dice.choice((0, 0, -1, 1, dice.randint(-(10**7), 10**7))))


def stored_moment(dice: Random) -> Instant:
    return moment(dice) if dice.random() < 0.95 else LAST


def sometimes(dice: Random, value: object, chance: float = 0.5) -> Any:  # noqa: ANN401
    return value if dice.random() < chance else None


def random_terms(dice: Random) -> dict[str, Any]:
    return {
        "period": dice.choice(PERIODS),
        "time_zone": dice.choice(ZONES[:3]) if dice.random() < 0.95 else ZONES[3],
        "renewal_anchor": dice.choice(list(RenewalAnchor)),
        "retention": dice.choice(RETENTIONS[:2]) if dice.random() < 0.95 else RETENTIONS[2],
        "auto_renew_lead": Lead(count=dice.choice((0, 0, 3)), unit=Unit.HOUR),
    }


def random_status(dice: Random) -> InstanceStatus:
    """A sensible one of any stage, into which a few fields of nonsense may have been written."""
    stage = dice.randrange(5)
    fields: dict[str, Any] = {"terms": terms(**random_terms(dice)), "stay": dice.randrange(3)}
    if stage >= 1:
        fields |= {"stay": dice.randint(1, 3), "recycle_time": EXPIRATION, "release_time": RELEASE}
    if stage >= 2:
        fields["termination_time"] = dice.choice((EXPIRATION, RELEASE))
    if stage >= 3:
        fields |= {"conditions": (ERASED,), "data": (data_record(state=DataState.ERASED),)}
    status = InstanceStatus() if stage == 4 else running_status(**fields)
    if dice.random() < 0.4:
        status = status.model_copy(update={"intent": random_intent(dice, status)})
    return status.model_copy(update=nonsense(dice)) if dice.random() < 0.5 else status


def random_intent(dice: Random, status: InstanceStatus) -> Intent:
    """A purchase in any state, of an order that may be there."""
    name = dice.choice(ORDERS)
    return intent(
        sequence=status.sequence,
        order=Reference(name=name, uid=f"{name}-uid"),
        state=dice.choice((IntentState.OPEN, *IntentState)),
        periods=dice.choice((1, 3)),
        terms=terms(**random_terms(dice)),
        reason="MaxAmount",
        from_time=START,
        to_time=EXPIRATION,
        requested_periods=dice.choice((None, 2)),
    )


def random_orders(dice: Random) -> tuple[RenewalOrder, ...]:
    """Some that wait: of the owner's and of ours, taken or not, deleted or not."""
    return tuple(random_order(dice, name) for name in ORDERS if dice.random() < 0.3)


def random_order(dice: Random, name: str) -> RenewalOrder:
    source = OrderSource.OWNER if dice.random() < 0.8 else dice.choice(list(OrderSource))
    spec = {
        "source": source,
        "periods": dice.choice((1, 1, 2, 9, 100_000)),
        "max_amount": dice.choice((None, None, None, None, Decimal(1))),
    }
    deleted = START if dice.random() < 0.1 else None
    taken = (LIFECYCLE_FINALIZER,) if dice.random() < 0.8 else ()
    made = START + TimeDelta(hours=dice.randrange(9))
    return order(name, spec=spec, finalizers=taken, creation_timestamp=made, deletion_timestamp=deleted)


def random_account(dice: Random, status: InstanceStatus) -> PrepaidAccount | None:
    """Rich or poor, of the right currency or another, with or without a word on the purchase in flight."""
    entry = PurchaseRecord(
        sequence=max((status.intent or status).sequence - dice.choice((0, 0, 0, 1)), 0),
        outcome=dice.choice(list(PurchaseOutcome)),
        amount=Decimal("10.00"),
    )
    purchases = {instance().metadata.uid: entry} if status.intent and dice.random() < 0.9 else {}
    money = account(dice.choice(("0", "10.00", "1000.00")), currency=dice.choice(("CNY", "CNY", "CNY", "USD")), purchases=purchases)
    return sometimes(dice, money, 0.8)  # type: ignore[no-any-return]


def nonsense(dice: Random) -> dict[str, Any]:
    """One to three fields, lost or at random."""
    choices: dict[str, Any] = {
        **{
            name: sometimes(dice, stored_moment(dice))
            for name in ("start_time", "expiration_time", "anchor_time", "recycle_time", "release_time")
        },
        "termination_time": sometimes(dice, stored_moment(dice)),
        **{name: dice.randrange(4) for name in ("anchor_periods", "periods", "requested_periods", "sequence", "stay")},
        "terms": sometimes(dice, terms(**random_terms(dice))),
        "workload": sometimes(dice, workload_record(stopped=dice.choice(({}, {"spec": {"replicas": 0}})))),
        "data": dice.choice(((), (data_record(),), (data_record(state=dice.choice(list(DataState))), data_record(uid="second")))),
        "phase": sometimes(dice, dice.choice(list(Phase))),
        "conditions": (),
    }
    return {name: choices[name] for name in dice.sample(sorted(choices), dice.randint(1, 3))}


def random_instance(dice: Random) -> PrepaidInstance:
    spec: dict[str, Any] = {
        "purchased_periods": dice.choice((1, 1, 2, 5, 100_000)),
        "auto_renew": dice.random() < 0.3,
        "running": dice.random() < 0.8,
    }
    if dice.random() < 0.1:
        spec["parameters"] = {"image": "NO"}
    metadata: dict[str, Any] = {"generation": dice.randint(1, 9)}
    if dice.random() < 0.1:
        metadata["deletion_timestamp"] = moment(dice)
    if dice.random() < 0.1:
        metadata["annotations"] = {INSTANCE_ID: OTHER_UID}
    if dice.random() < 0.1:
        metadata["finalizers"] = ()
    return instance(random_status(dice), spec, metadata)


def random_item(dice: Random, stay: int) -> RecycleBinItem | None:
    if dice.random() < 0.3:
        return None
    word = dice.choice(list(Disposition))
    spec = {"disposition": word, "periods": dice.choice((1, 2, 7)), "confirm": dice.choice(("web-1", ""))}
    status = {"phase": dice.choice(list(BinItemPhase)), "observed_generation": dice.randrange(3)}
    metadata = {"creation_timestamp": dice.choice((EXPIRATION, EXPIRATION + HOUR, LATER)), "generation": dice.randint(1, 3)}
    return item(
        spec,
        status,
        metadata,
        stay=dice.choice((stay, stay, stay, stay + 1)),
        uid=dice.choice((instance().metadata.uid,) * 4 + (OTHER_UID,)),
    )


def random_workload(dice: Random, who: PrepaidInstance) -> tuple[LiveObject | None, bool]:
    plain = instance(running_status(stay=who.status.stay))
    what = dice.randrange(5)
    if what == 0:
        return None, False
    if what == 1:
        return live("StatefulSet", "web-1", "foreign", "apps/v1"), False
    alive = running_workload(plain) if what == 2 else stopped_workload(plain)
    return (changed(alive, {"metadata": {"deletionTimestamp": "2026-06-08T10:00:00Z"}}) if what == 4 else alive), True


def random_class(dice: Random) -> InstanceClass:
    price = Price(amount=dice.choice((Decimal(0), Decimal("10.00"))), currency="CNY")
    return instance_class(**random_terms(dice), price=price, **({"workload": None} if dice.random() < 0.1 else {}))


def random_facts(dice: Random) -> Facts:
    who = random_instance(dice)
    alive, is_ours = random_workload(dice, who)
    orders, money = random_orders(dice), random_account(dice, who.status)
    claims = dice.sample([claim(), claim("second"), claim("third")], dice.randrange(3))
    data = tuple(SeenData(None, one, sometimes(dice, volume(dice.choice(("Delete", "Retain")))), is_ours=True) for one in claims)
    look = seen(
        who,
        random_class(dice),
        workload=alive,
        workload_is_ours=is_ours,
        data=data,
        pods=dice.randrange(2),
        item=random_item(dice, who.status.stay),
        orders=orders,
        account=money,
    )
    facts = observed(Facts(who, look, moment(dice), dice.random() < 0.9))
    return without_class(facts) if dice.random() < 0.1 else facts


def lives(seed: int) -> Iterator[Facts]:
    dice = Random(seed)
    for _ in range(LOOKS):
        yield random_facts(dice)


def broken_promises(facts: Facts, decision: Decision) -> list[str]:
    """The names of the promises that this decision breaks."""
    before, after = facts.status, decision.status
    promises = {
        "data is deleted only behind the door": before.termination_time is not None or not deletes_data(decision),
        "the door is one-way": before.termination_time is None or after.termination_time == before.termination_time,
        "the door opens by right": before.termination_time == after.termination_time or may_terminate(facts),
        "the door opens by a commit": before.termination_time == after.termination_time or decision.commits,
        "the bin is entered at the expiration": after.stay == before.stay or has_expired(facts),
        "a release is never early": not is_recycling(before, after) or is_release_in_time(after),
        "a term never gets shorter": not (before.expiration_time and after.expiration_time)
        or after.expiration_time >= before.expiration_time,
        "no record of data is lost": {record.uid for record in before.data} <= {record.uid for record in after.data},
        "counts only grow": all(
            getattr(after, name) >= getattr(before, name) for name in ("sequence", "stay", "periods", "requested_periods")
        ),
        "at most one stay at a time": after.stay - before.stay in (0, 1),
        "what was erased stays erased": all(record.state is DataState.ERASED for record in after.data if record.uid in erased(before)),
        "terminated is final": not is_terminated(facts) or (after == cleared(facts).status and decision.phase is Phase.TERMINATED),
        "a workload is made only for a paid term": not makes_workload(decision) or is_paid(facts, after),
        "one of Ready, Reconciling, Stalled": stands(facts, decision) == ["False", "False", "True"],
        "it is the same again": decide(facts) == decision,
        "what was never paid is never granted": after.periods == before.periods or is_bought(facts),
        "a grant is whole": after.periods == before.periods or is_granted(after),
        "a purchase in flight is not forgotten": not is_open(before) or after.intent == before.intent or is_decided(facts),
        "no door with a purchase in flight": before.termination_time == after.termination_time or after.intent is None,
        "a purchase ends one at a time": after.sequence - before.sequence in (0, 1),
        "an order is settled only as granted": not settles(decision) or is_granted(before),
        "an order is rejected only as refused": not rejects(decision) or is_refused(before),
        "nobody is paid for who is held or ends": not to_be_paid(facts) or (before.termination_time is None and not is_open(before)),
    }
    return [name for name, is_kept in promises.items() if not is_kept]


def is_bought(facts: Facts) -> bool:
    """By money that has moved for the purchase in flight, for nothing, or told by its settled orders."""
    purchase, money = facts.status.intent, facts.seen.intent_account
    entry = money.status.purchases.get(facts.instance.metadata.uid) if money else None
    if is_open(facts.status):
        return purchase is not None and entry == PurchaseRecord(
            sequence=purchase.sequence, outcome=PurchaseOutcome.APPLIED, amount=Decimal("10.00")
        )
    return isinstance(facts.seen.terms_on_offer, Terms) and facts.seen.terms_on_offer.price == 0 and bool(facts.seen.orders)


def is_open(status: InstanceStatus) -> bool:
    return status.intent is not None and status.intent.state is IntentState.OPEN


def is_granted(status: InstanceStatus) -> bool:
    return status.intent is not None and status.intent.state is IntentState.GRANTED and status.intent.to_time is not None


def is_refused(status: InstanceStatus) -> bool:
    return status.intent is not None and status.intent.state is IntentState.REFUSED


def is_decided(facts: Facts) -> bool:
    """Whether the account has said what became of the purchase in flight, or is gone."""
    money, purchase = facts.seen.intent_account, facts.status.intent
    entry = money.status.purchases.get(facts.instance.metadata.uid) if money else None
    return money is None or (entry is not None and purchase is not None and entry.sequence == purchase.sequence)


def settles(decision: Decision) -> bool:
    return OrderPhase.SETTLED in phases_written(decision)


def rejects(decision: Decision) -> bool:
    return OrderPhase.REJECTED in phases_written(decision)


def phases_written(decision: Decision) -> list[OrderPhase | None]:
    return [action.order.status.phase for action in decision.actions if isinstance(action, WriteOrderStatus)]


def deletes_data(decision: Decision) -> bool:
    return any(isinstance(action, DeleteObject) and action.live.ref.kind != "StatefulSet" for action in decision.actions)


def makes_workload(decision: Decision) -> bool:
    return any(isinstance(action, CreateWorkload) for action in decision.actions)


def is_paid(facts: Facts, status: InstanceStatus) -> bool:
    return status.expiration_time is not None and facts.now < status.expiration_time


def erased(status: InstanceStatus) -> set[str]:
    return {record.uid for record in status.data if record.state is DataState.ERASED}


def may_terminate(facts: Facts) -> bool:
    """By the full days of a stay and an item that are this one's own, or by its owner's confirmed word."""
    own = facts.own_item
    if own is None or facts.term.stay is None or not facts.clocks_agree:
        return False
    return is_confirmed(own) or facts.now >= effective_release_time(facts) >= facts.stay.release_time


def has_expired(facts: Facts) -> bool:
    return facts.status.expiration_time is not None and facts.now >= facts.status.expiration_time and facts.clocks_agree


def is_recycling(before: InstanceStatus, after: InstanceStatus) -> bool:
    return after.stay != before.stay


def is_release_in_time(status: InstanceStatus) -> bool:
    assert status.expiration_time is not None
    assert status.recycle_time is not None
    assert status.release_time is not None
    assert status.terms is not None
    kept = status.terms
    return status.release_time >= max(
        release_time(moment, moment, kept.retention, kept.time_zone) for moment in (status.expiration_time, status.recycle_time)
    )


def stands(facts: Facts, decision: Decision) -> list[str]:
    status = status_to_report(decision, facts)
    return sorted(one.status for one in status.conditions if one.type in ("Ready", "Reconciling", "Stalled"))


@pytest.mark.parametrize("seed", SEEDS)
def test_any_facts_are_decided_and_no_promise_is_broken(seed: int) -> None:
    broken = [(names, facts) for facts in lives(seed) if (names := broken_promises(facts, decide(facts)))]
    assert broken == []


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_done_and_looked_at_again_no_promise_is_broken(seed: int) -> None:
    dice, broken = Random(seed), []
    facts = random_facts(dice)
    for _ in range(LOOKS):
        decision = decide(facts)
        broken += broken_promises(facts, decision)
        facts = stirred(dice, pay(facts) if decision.asks_cashier and dice.random() < 0.7 else carried_out(decision, facts))
    assert broken == []


def stirred(dice: Random, facts: Facts) -> Facts:
    """Time goes by, and sometimes its owner says something."""
    facts = replace(facts, now=facts.now + TimeDelta(hours=dice.choice((0, 0, 0, 1, 30, 200))))
    if dice.random() < 0.9:
        return facts
    if dice.random() < 0.3:
        name = dice.choice(ORDERS)
        others = tuple(known for known in facts.seen.orders if known.metadata.name != name)
        facts = replace(facts, seen=replace(facts.seen, orders=(*others, random_order(dice, name))))
    spec = facts.instance.spec.model_copy(update={"purchased_periods": dice.randint(1, 12), "auto_renew": dice.random() < 0.2})
    spoken = facts.seen.item and facts.seen.item.model_copy(
        update={"spec": facts.seen.item.spec.model_copy(update={"disposition": dice.choice(list(Disposition)), "confirm": "web-1"})}
    )
    return replace(facts, instance=facts.instance.model_copy(update={"spec": spec}), seen=replace(facts.seen, item=spoken))


def test_the_dice_reach_every_stage() -> None:
    phases = {decide(facts).phase for seed in SEEDS[:5] for facts in lives(seed)}
    readable = sum(isinstance(read_term(facts.status), Term) for seed in SEEDS[:5] for facts in lives(seed))
    assert phases == set(Phase)
    assert readable > len(SEEDS[:5]) * LOOKS / 4


def test_the_dice_reach_every_step_of_a_purchase() -> None:
    decisions = [(facts, decide(facts)) for seed in SEEDS[:10] for facts in lives(seed)]
    steps = {
        "granted": any(after.status.periods > facts.status.periods and is_open(facts.status) for facts, after in decisions),
        "free": any(after.status.periods > facts.status.periods and not facts.status.intent for facts, after in decisions),
        "settled": any(settles(after) for _, after in decisions),
        "refused": any(is_refused(after.status) and not facts.status.intent for facts, after in decisions),
        "rejected": any(rejects(after) for _, after in decisions),
        "released": any(facts.status.intent and not after.status.intent and after.commits for facts, after in decisions),
        "asked for": any(after.asks_cashier and not facts.status.intent for facts, after in decisions),
    }
    assert [step for step, is_reached in steps.items() if not is_reached] == []
