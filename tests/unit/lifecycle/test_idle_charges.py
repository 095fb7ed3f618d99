"""Every idle unit is charged once (product.md P11, P14): to the right account, at the right price, whoever looks when and how often."""

from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

import pytest
from whenever import Instant, TimeDelta

from builders import HOUR, SECOND, START, account, resource, with_tariff
from prepaid.api.account import PrepaidAccount
from prepaid.api.elastic_resource import ElasticResource, Holder
from prepaid.api.resource import ObjectMeta
from prepaid.api.terms import Unit
from prepaid.lifecycle.idle_charges import charges_to_tell, next_charge_time, with_idle_charges, with_told_charges
from prepaid.lifecycle.idle_spans import started_units
from prepaid.lifecycle.idle_telling import told_of_charges
from prepaid.lifecycle.idling import ended_spans, held_by, idle_from, released_by, with_running_span, with_status

WEB = Holder(name="web-1", uid="web-1-uid")
PRICE = Decimal("0.50")


@dataclass(frozen=True)
class Ledger:
    """A resource and its account, as two who know nothing of each other write them."""

    resource: ElasticResource
    account: PrepaidAccount

    def charged_at(self, now: Instant) -> "Ledger":
        return replace(self, account=with_idle_charges(self.account, [self.resource], now))

    def told_at(self, now: Instant) -> "Ledger":
        told = told_of_charges(self.resource, {self.account.metadata.uid: self.account})
        return replace(self, resource=with_running_span(told, self.account, now))

    def attached_at(self, now: Instant) -> "Ledger":
        return replace(self, resource=held_by(self.resource, WEB, now))

    def detached_at(self, now: Instant) -> "Ledger":
        return replace(self, resource=released_by(self.resource, WEB.uid, self.account, now))

    @property
    def sums(self) -> tuple[Decimal | None, Decimal]:
        """What was charged, and what the entries and what is closed make together."""
        status = self.account.status
        return status.charged, sum((entry.amount for entry in status.idle.values()), status.closed_idle or Decimal(0))


def idle_since_start(unit: Unit = Unit.HOUR) -> Ledger:
    payer = with_tariff(account(), unit, str(PRICE))
    return Ledger(idle_from(resource(), payer, START), payer)


@pytest.mark.parametrize(
    ("after", "units"),
    [
        pytest.param(0 * SECOND, 0, id="at the moment at which it becomes idle nothing has begun"),
        pytest.param(SECOND, 1, id="a second later the first hour has"),
        pytest.param(HOUR, 1, id="at its end it was one"),
        pytest.param(HOUR + SECOND, 2, id="then the next begins"),
        pytest.param(1000 * HOUR, 1000, id="after a long downtime all of them are charged at once"),
    ],
)
def test_what_has_begun_is_charged(after: TimeDelta, units: int) -> None:
    ledger = idle_since_start().charged_at(START + after)
    assert ledger.sums == (PRICE * units, PRICE * units)


def test_charging_again_at_the_same_moment_changes_nothing() -> None:
    once = idle_since_start().charged_at(START + HOUR)
    assert once.charged_at(START + HOUR) == once


def test_a_clock_that_lags_takes_nothing_back() -> None:
    ledger = idle_since_start().charged_at(START + 5 * HOUR)
    assert ledger.charged_at(START + HOUR) == ledger


def test_the_next_charge_is_due_a_second_after_the_unit_that_has_begun() -> None:
    ledger = idle_since_start()
    moments = [
        next_charge_time(ledger.account, [ledger.resource], now) for now in (START, START + SECOND, START + HOUR, START + HOUR + SECOND)
    ]
    assert moments == [START + SECOND, START + HOUR + SECOND, START + HOUR + SECOND, START + 2 * HOUR + SECOND]


def test_what_is_held_costs_nothing() -> None:
    ledger = idle_since_start().attached_at(START + 90 * HOUR).charged_at(START + 500 * HOUR)
    assert ledger.sums == (PRICE * 90, PRICE * 90)
    assert next_charge_time(ledger.account, [ledger.resource], START + 500 * HOUR) is None


def test_what_is_attached_in_its_first_second_has_cost_nothing() -> None:
    ledger = idle_since_start().attached_at(START).charged_at(START + HOUR).told_at(START + HOUR).charged_at(START + HOUR)
    assert (ledger.resource.status.idle_spans, ledger.account.status.idle, ledger.sums) == ((), {}, (Decimal(0), Decimal(0)))


def test_idle_time_that_ended_while_nobody_looked_is_charged_all_the_same() -> None:
    """Idle for an hour and a half, held, idle for a second, held, idle again: 2 + 1 + 1 hours."""
    ledger = idle_since_start().attached_at(START + HOUR + 30 * SECOND).detached_at(START + 3 * HOUR)
    ledger = ledger.attached_at(START + 3 * HOUR + SECOND).detached_at(START + 4 * HOUR).charged_at(START + 4 * HOUR + SECOND)
    assert ledger.sums == (PRICE * 4, PRICE * 4)


def test_a_closed_span_is_forgotten_by_the_resource_first_and_by_the_account_then() -> None:
    ledger = idle_since_start().attached_at(START + HOUR).charged_at(START + HOUR)
    assert (len(ledger.resource.status.idle_spans), len(ledger.account.status.idle)) == (1, 1)
    told = ledger.told_at(START + HOUR)
    assert (told.resource.status.idle_spans, told.resource.status.idle_charged) == ((), PRICE)
    done = told.charged_at(START + HOUR)
    assert (done.account.status.idle, done.account.status.closed_idle, done.account.status.charged) == ({}, PRICE, PRICE)


def test_a_span_is_not_forgotten_before_all_of_it_is_charged() -> None:
    ledger = idle_since_start().charged_at(START + HOUR).attached_at(START + 3 * HOUR).told_at(START + 3 * HOUR)
    assert [span.units for span in ledger.resource.status.idle_spans] == [1]
    assert ledger.charged_at(START + 3 * HOUR).sums == (PRICE * 3, PRICE * 3)


def test_an_end_that_lies_before_what_was_charged_takes_the_rest_back() -> None:
    """The account looked at 3:00:01, the instance had decided to attach at 3:00:00 and wrote it later."""
    ledger = idle_since_start().charged_at(START + 3 * HOUR + SECOND).told_at(START + 3 * HOUR + SECOND)
    late = ledger.attached_at(START + 3 * HOUR)
    corrected = late.charged_at(START + 4 * HOUR)
    assert (ledger.sums, corrected.sums) == ((PRICE * 4, PRICE * 4), (PRICE * 3, PRICE * 3))
    told = corrected.told_at(START + 4 * HOUR).resource.status
    assert (told.idle_charged, told.idle_spans) == (PRICE * 3, ())


def test_an_account_that_was_read_before_the_end_was_seen_can_write_no_more() -> None:
    """A resource forgets a span only after an account's write that says that it is over: a look from before then would conflict."""
    ledger = idle_since_start().charged_at(START + HOUR)
    closed = ledger.attached_at(START + HOUR)
    assert closed.told_at(START + HOUR).resource.status.idle_spans != ()
    seen = closed.charged_at(START + HOUR)
    assert seen.account != closed.account
    assert seen.told_at(START + HOUR).resource.status.idle_spans == ()


def test_an_entry_that_was_forgotten_too_early_would_be_charged_twice() -> None:
    """The history that the order of forgetting prevents: this is what goes wrong without it."""
    ledger = idle_since_start().attached_at(START + HOUR).charged_at(START + HOUR)
    forgetful = replace(ledger, account=ledger.account.model_copy(update={"status": ledger.account.status.model_copy(update={"idle": {}})}))
    assert forgetful.charged_at(START + HOUR).account.status.charged == PRICE * 2
    assert ledger.charged_at(START + HOUR).account.status.charged == PRICE


def test_a_new_price_takes_over_with_the_next_unit() -> None:
    """Half an hour into the third one: three at the old price, then two at the new one."""
    ledger = idle_since_start().charged_at(START + 2 * HOUR)
    dearer = replace(ledger, account=with_tariff(ledger.account, Unit.HOUR, "2.00"))
    changed = dearer.told_at(START + 2 * HOUR + 1800 * SECOND)
    assert changed.charged_at(START + 3 * HOUR).account.status.charged == PRICE * 3
    assert changed.charged_at(START + 5 * HOUR).account.status.charged == PRICE * 3 + Decimal("4.00")


def test_a_price_that_was_not_there_costs_from_then_on_only() -> None:
    poor = account()
    ledger = Ledger(idle_from(resource(), poor, START), poor).charged_at(START + 10 * HOUR).told_at(START + 10 * HOUR)
    priced = replace(ledger, account=with_tariff(ledger.account)).told_at(START + 10 * HOUR)
    assert priced.charged_at(START + 12 * HOUR).account.status.charged == PRICE * 2


@pytest.mark.parametrize(
    ("payer", "names"),
    [
        pytest.param(with_tariff(account()), [], id="its account and its price are known to it"),
        pytest.param(with_tariff(account(), amount="2.00"), ["disk-1"], id="the tariff is new"),
        pytest.param(with_tariff(account(uid="new-uid")), ["disk-1"], id="the account is new"),
    ],
)
def test_a_resource_is_told_what_it_costs_from_now_on(payer: PrepaidAccount, names: list[str]) -> None:
    assert charges_to_tell(payer, [idle_since_start().resource]) == names


def test_another_account_takes_over_with_the_next_unit() -> None:
    ledger = idle_since_start().charged_at(START + SECOND).told_at(START + SECOND)
    other = with_tariff(account(uid="other-uid")).model_copy(
        update={"metadata": ObjectMeta(name="other", namespace="team-a", uid="other-uid")}
    )
    switched = with_running_span(ledger.resource, other, START + SECOND)
    first = with_idle_charges(ledger.account, [switched], START + 2 * HOUR)
    second = with_idle_charges(other, [switched], START + 2 * HOUR)
    assert (first.status.charged, second.status.charged, switched.status.idle_charged) == (PRICE, PRICE, None)


def test_time_without_an_account_is_nobodys() -> None:
    alone = idle_from(resource(), None, START)
    assert alone.status.idle_spans == ()
    found = with_running_span(alone, with_tariff(account()), START + 5 * HOUR)
    assert with_idle_charges(with_tariff(account()), [found], START + 6 * HOUR).status.charged == PRICE


def test_a_span_of_an_account_that_is_gone_ends_with_what_was_paid() -> None:
    """What it had not charged is owed to nobody; the next account pays from where its time ends."""
    ledger = idle_since_start().charged_at(START + SECOND).told_at(START + SECOND)
    left = told_of_charges(ledger.resource, {})
    assert [span.until_time for span in left.status.idle_spans] == [START + HOUR]
    heir = with_tariff(account(uid="new-uid"))
    assert with_running_span(left, heir, START + 2 * SECOND).status.idle_spans[-1].since_time == START + HOUR


def test_the_end_of_what_was_paid_is_not_forgotten_over_a_free_time_and_a_lost_account() -> None:
    """The tariff became free within the first hour, then the account was deleted and made again."""
    ledger = idle_since_start().charged_at(START + SECOND).told_at(START + SECOND)
    freed = replace(ledger, account=with_tariff(ledger.account, types=())).told_at(START + 2 * SECOND)
    alone = with_running_span(told_of_charges(freed.resource, {}), None, START + 3 * SECOND)
    heir = with_tariff(account(uid="new-uid"))
    assert with_running_span(alone, heir, START + 4 * SECOND).status.idle_spans[-1].since_time == START + HOUR


def forgotten(of: PrepaidAccount, uid: str) -> PrepaidAccount:
    """The account without its status, under the same uid or another."""
    empty = of.status.model_copy(update={"idle": {}, "closed_idle": None, "charged": Decimal(0), "balance": None})
    return of.model_copy(update={"metadata": of.metadata.model_copy(update={"uid": uid}), "status": empty})


def test_an_account_whose_status_was_emptied_goes_on_where_the_resource_tells() -> None:
    ledger = idle_since_start().charged_at(START + 3 * HOUR).told_at(START + 3 * HOUR)
    again = replace(ledger, account=with_told_charges(forgotten(ledger.account, "account-uid"), [ledger.resource]))
    assert again.sums == ledger.sums
    assert again.charged_at(START + 4 * HOUR).sums == (PRICE * 4, PRICE * 4)


def test_an_account_that_is_made_again_has_not_forgotten_idle_charges() -> None:
    ledger = idle_since_start().charged_at(START + 3 * HOUR).told_at(START + 3 * HOUR)
    again = replace(ledger, account=with_told_charges(forgotten(ledger.account, "new-uid"), [ledger.resource]))
    assert again.sums == (PRICE * 3, PRICE * 3)
    assert again.told_at(START + 3 * HOUR).charged_at(START + 5 * HOUR).sums == (PRICE * 5, PRICE * 5)


def test_a_resource_that_is_deleted_is_charged_up_to_then() -> None:
    ledger = idle_since_start()
    deleted = ledger.resource.model_copy(
        update={"metadata": ledger.resource.metadata.model_copy(update={"deletion_timestamp": START + HOUR})}
    )
    late = replace(ledger, resource=deleted).told_at(START + 9 * HOUR).charged_at(START + 9 * HOUR)
    assert late.sums == (PRICE, PRICE)


def test_more_than_five_hundred_wait_for_room() -> None:
    payer = with_tariff(account())
    many = [idle_from(resource(f"disk-{number}"), payer, START) for number in range(510)]
    first = with_idle_charges(payer, many, START + SECOND)
    assert (len(first.status.idle), first.status.charged) == (500, PRICE * 500)


@dataclass
class Witness:
    """Counts what is owed beside a ledger that is moved at random."""

    ledger: Ledger
    dice: Random
    now: Instant = START
    since: Instant = START
    owed: Decimal = Decimal(0)

    @property
    def is_idle(self) -> bool:
        return self.ledger.resource.status.attach_time is None

    def move(self) -> None:
        self.now = self.now.add(seconds=self.dice.choice((0, 1, 7, 59, 60, 61, 600)))
        moves = (self.ledger.charged_at, self.ledger.told_at, self.charge_on_a_lagging_clock, self.hand_over, self.hand_over_late)
        self.ledger = self.dice.choice(moves)(self.now)

    def charge_on_a_lagging_clock(self, now: Instant) -> Ledger:
        return self.ledger.charged_at(now.add(seconds=-30))

    def hand_over(self, now: Instant) -> Ledger:
        self.count()
        after = self.ledger.attached_at(now) if self.is_idle else self.ledger.detached_at(now)
        self.since = after.resource.status.idle_since_time or now
        return after

    def hand_over_late(self, now: Instant) -> Ledger:
        """Written after others have looked, as decided before."""
        self.ledger = self.ledger.charged_at(now.add(seconds=50)).told_at(now)
        return self.hand_over(now)

    def count(self) -> None:
        if self.is_idle:
            self.owed += PRICE * started_units(self.since, self.now, Unit.MINUTE)


@pytest.mark.parametrize("seed", range(60))
def test_whoever_looks_when_the_sum_is_every_started_unit(seed: int) -> None:
    """Random histories of one resource and its account; what is owed is counted beside them."""
    witness = Witness(idle_since_start(Unit.MINUTE), Random(seed))
    for _ in range(60):
        witness.move()
    witness.count()
    ledger = witness.ledger
    for _ in range(3):
        ledger = ledger.charged_at(witness.now).told_at(witness.now)
    assert ledger.sums == (witness.owed, witness.owed)
    assert (ledger.resource.status.idle_charged or Decimal(0)) == witness.owed


class TestClocksThatAreBehind:
    """Whoever attaches, or closes, may be some seconds behind who began the span."""

    def test_it_is_held_no_earlier_than_its_newest_time_has_begun(self) -> None:
        payer = with_tariff(account(), Unit.HOUR, "1.00")
        dear = with_running_span(idle_from(resource(), account(), START), payer, START + 4 * SECOND)
        held = held_by(dear, WEB, START + SECOND)
        assert held.status.attach_time == START + 4 * SECOND
        assert idle_from(held, payer, START + SECOND).status.idle_since_time == START + 5 * SECOND

    def test_no_two_spans_begin_alike(self) -> None:
        payer = with_tariff(account(), Unit.HOUR, "1.00")
        idle = idle_from(resource(), payer, START)
        closed = with_status(idle, idle_spans=ended_spans(idle, START))
        again = with_running_span(closed, payer, START)
        assert [span.since_time for span in again.status.idle_spans] == [START, START + SECOND]
