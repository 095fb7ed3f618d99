"""What a purchase makes of a term (api.md, "Term arithmetic"; product.md P4, P8)."""

from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

import pytest
from whenever import Instant

from builders import (
    A_WEEK,
    DAY,
    EXPIRATION,
    IN_BIN,
    MIDTERM,
    RELEASE,
    SECOND,
    SECOND_EXPIRATION,
    START,
    instance,
    instance_class,
    item,
    new,
    recycled,
    recycled_status,
    running,
    running_status,
    terms,
)
from living import at, settled
from prepaid.api.bin_item import Disposition, RecycleBinItem
from prepaid.api.instance import InstanceStatus, Phase
from prepaid.api.terms import Period, RenewalAnchor, Retention, Rounding, Terms, Unit
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.granting import Anchor, anchor_for, grant
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.rules import decide
from prepaid.lifecycle.term import Term, read_term

JUNE, JULY, AUGUST, SEPTEMBER = "2026-06-01T10:00:00Z", "2026-07-01T10:00:00Z", "2026-08-01T10:00:00Z", "2026-09-01T10:00:00Z"
DAYS_OF_TEN = Period(count=10, unit=Unit.DAY)
LONG = A_WEEK.model_copy(update={"count": 60})
RENEWAL_TIME = RenewalAnchor.RENEWAL_TIME


def status_after(facts: Facts, sold: Terms, periods: int) -> InstanceStatus:
    """The status of a grant that must succeed."""
    outcome = grant(facts, sold, periods)
    assert isinstance(outcome, InstanceStatus)
    return outcome


def rejection(facts: Facts, sold: Terms, periods: int) -> Problem:
    outcome = grant(facts, sold, periods)
    assert isinstance(outcome, Problem)
    return outcome


def term_of(status: InstanceStatus) -> Term:
    term = read_term(status)
    assert isinstance(term, Term)
    return term


@pytest.mark.parametrize(
    ("start", "periods", "end"),
    [
        pytest.param("2026-05-01T10:00:00Z", 1, "2026-06-01T10:00:00Z", id="a month"),
        pytest.param("2026-01-31T10:00:00Z", 1, "2026-02-28T10:00:00Z", id="a month from 31 January"),
        pytest.param("2026-01-31T10:00:00Z", 2, "2026-03-31T10:00:00Z", id="two months from 31 January, never step by step"),
        pytest.param("2028-02-29T10:00:00Z", 12, "2029-02-28T10:00:00Z", id="a year from 29 February"),
    ],
)
def test_the_first_term_starts_when_it_is_bought(start: str, periods: int, end: str) -> None:
    status = status_after(new(Instant.parse_iso(start)), terms(), periods)
    assert (status.start_time, status.anchor_time, status.anchor_periods, status.expiration_time) == (
        Instant.parse_iso(start),
        Instant.parse_iso(start),
        periods,
        Instant.parse_iso(end),
    )


def test_month_by_month_it_still_ends_where_all_at_once_would() -> None:
    facts = settled(new(Instant.parse_iso("2026-01-31T10:00:00Z")))
    ends = []
    for total in (2, 3):
        facts = settled(replace(facts, instance=instance(facts.status, {"purchased_periods": total})))
        ends.append(facts.status.expiration_time)
    assert ends == [Instant.parse_iso("2026-03-31T10:00:00Z"), Instant.parse_iso("2026-04-30T10:00:00Z")]


@pytest.mark.parametrize(
    ("facts", "sold", "anchor"),
    [
        pytest.param(running(), terms(), Anchor(START, START, 1), id="before the end: from the old anchor"),
        pytest.param(running(EXPIRATION + DAY), terms(), Anchor(START, START, 1), id="after the end, not yet recycled: as well"),
        pytest.param(running(), terms(renewal_anchor=RENEWAL_TIME), Anchor(START, EXPIRATION, 0), id="another anchor: from the old end"),
        pytest.param(running(), terms(period=DAYS_OF_TEN), Anchor(START, EXPIRATION, 0), id="another period: from the old end"),
        pytest.param(running(), terms(time_zone="Asia/Shanghai"), Anchor(START, EXPIRATION, 0), id="another zone: from the old end"),
        pytest.param(running(), terms(price=Decimal(9)), Anchor(START, START, 1), id="another price: from the old anchor"),
        pytest.param(recycled(), terms(), Anchor(START, START, 1), id="in the bin, OriginalExpiration: from the old anchor"),
        pytest.param(
            recycled(), terms(period=DAYS_OF_TEN), Anchor(START, EXPIRATION, 0), id="in the bin, another period: from the old end"
        ),
        pytest.param(recycled(), terms(renewal_anchor=RENEWAL_TIME), Anchor(IN_BIN, IN_BIN, 0), id="in the bin, RenewalTime: from now"),
        pytest.param(
            recycled(EXPIRATION - SECOND),
            terms(renewal_anchor=RENEWAL_TIME),
            Anchor(EXPIRATION, EXPIRATION, 0),
            id="in the bin, RenewalTime, by a clock that is behind: from the entry",
        ),
    ],
)
def test_a_purchase_is_counted_from(facts: Facts, sold: Terms, anchor: Anchor) -> None:
    assert anchor_for(facts.term, sold, facts.now) == anchor


def test_a_second_renewal_of_a_term_that_restarted_is_counted_from_the_restart() -> None:
    status = recycled_status(terms=terms(renewal_anchor=RENEWAL_TIME))
    first = status_after(replace(recycled(), instance=instance(status)), terms(renewal_anchor=RENEWAL_TIME), 1)
    second = status_after(replace(running(), instance=instance(first)), terms(renewal_anchor=RENEWAL_TIME), 1)
    assert (first.start_time, second.start_time, second.anchor_periods) == (IN_BIN, IN_BIN, 2)


@pytest.mark.parametrize(
    ("facts", "sold", "periods", "end"),
    [
        pytest.param(running(), terms(), 1, JULY, id="before its expiration"),
        pytest.param(running(EXPIRATION - SECOND), terms(), 1, JULY, id="one second before its expiration"),
        pytest.param(running(EXPIRATION), terms(), 1, JULY, id="at its expiration"),
        pytest.param(running(EXPIRATION + SECOND), terms(), 2, AUGUST, id="one second after it"),
        pytest.param(recycled(), terms(), 1, JULY, id="in the bin it starts at the old expiration"),
        pytest.param(recycled(), terms(renewal_anchor=RENEWAL_TIME), 1, "2026-07-03T10:00:00Z", id="in the bin it starts at the renewal"),
        pytest.param(running(), terms(period=DAYS_OF_TEN), 3, JULY, id="three times ten days after the old end"),
        pytest.param(
            running(),
            terms(time_zone="Asia/Shanghai", period=Period(count=1, unit=Unit.DAY)),
            1,
            "2026-06-02T10:00:00Z",
            id="a day in another zone",
        ),
    ],
)
def test_a_renewal_ends(facts: Facts, sold: Terms, periods: int, end: str) -> None:
    assert status_after(facts, sold, periods).expiration_time == Instant.parse_iso(end)


def test_a_renewal_keeps_the_books() -> None:
    status = status_after(recycled(), terms(), 2)
    assert (status.periods, status.sequence, status.anchor_periods, status.stay) == (3, 1, 3, 1)


def test_a_recovery_clears_the_stay_and_the_next_one_has_another_number() -> None:
    recovered = settled(recycled(spec={"purchased_periods": 2}))
    again = settled(at(SECOND_EXPIRATION, recovered))
    assert ((recovered.status.recycle_time, recovered.status.release_time), again.status.stay) == ((None, None), 2)


def advice(turned_down: Facts) -> str:
    """What the instance says to do, after why nothing was bought."""
    (paid,) = [condition for condition in turned_down.status.conditions if condition.type == "Paid"]
    assert paid.reason == "RenewalRejected"
    return paid.message.partition("; ")[2]


class TestTooShortInTheBin:
    """A renewal made in the bin must reach now; the rejection names what would."""

    @pytest.mark.parametrize(
        ("now", "is_enough"),
        [
            pytest.param(SECOND_EXPIRATION - SECOND, True, id="it ends one second from now"),
            pytest.param(SECOND_EXPIRATION, False, id="it ends now, and now would be unpaid"),
            pytest.param(SECOND_EXPIRATION + SECOND, False, id="it ended a second ago"),
        ],
    )
    def test_it_has_to_end_after_now(self, now: Instant, is_enough: bool) -> None:
        assert isinstance(grant(recycled(now), terms(), 1), InstanceStatus) is is_enough

    LONG_AGO = Instant.parse_iso("2026-08-15T10:00:00Z")

    LONG_FILED: ClassVar = {"creation_timestamp": LONG_AGO}

    @pytest.mark.parametrize(
        ("purchased", "requested", "total"),
        [
            pytest.param(2, 1, 5, id="a raise by one needs three more"),
            pytest.param(3, 1, 6, id="a raise by two needs three more"),
            pytest.param(7, 5, 10, id="a raise by two, after what was acted on before"),
        ],
    )
    def test_the_total_it_names_works(self, purchased: int, requested: int, total: int) -> None:
        status, filed = {"requested_periods": requested}, item(metadata=self.LONG_FILED)
        turned_down = settled(recycled(self.LONG_AGO, spec={"purchased_periods": purchased}, status=status, item=filed))
        assert advice(turned_down) == f"it takes 3 periods: set spec.purchasedPeriods to {total}."
        obeyed = settled(replace(turned_down, instance=instance(turned_down.status, {"purchased_periods": total})))
        assert (obeyed.status.phase, obeyed.status.expiration_time) == (Phase.RUNNING, Instant.parse_iso(SEPTEMBER))

    @pytest.mark.parametrize("periods", [1, 2])
    def test_a_recover_is_told_the_number_for_its_item(self, periods: int) -> None:
        turned_down = settled(recycled(self.LONG_AGO, item=self.asking(periods)))
        assert advice(turned_down) == "it takes 3 periods: set spec.periods to 3 on the bin item."
        obeyed = settled(recycled(self.LONG_AGO, item=self.asking(3)))
        assert (obeyed.status.phase, obeyed.status.expiration_time) == (Phase.RUNNING, Instant.parse_iso(SEPTEMBER))

    def asking(self, periods: int) -> RecycleBinItem:
        """A Recover on an item that was filed long ago."""
        return item({"disposition": Disposition.RECOVER, "periods": periods}, metadata=self.LONG_FILED)

    def test_one_less_than_it_names_does_not_work(self) -> None:
        facts = settled(recycled(self.LONG_AGO, spec={"purchased_periods": 2}, item=item(metadata={"creation_timestamp": self.LONG_AGO})))
        tried = settled(replace(facts, instance=instance(facts.status, {"purchased_periods": 4})))
        assert tried.status.phase is Phase.RECYCLED

    def test_a_rejected_raise_counts_as_acted_on_and_grants_nothing(self) -> None:
        before = recycled(self.LONG_AGO, spec={"purchased_periods": 2}, item=item(metadata={"creation_timestamp": self.LONG_AGO}))
        after = settled(before).status
        assert (after.requested_periods, after.sequence, after.periods, after.expiration_time) == (2, 2, 1, EXPIRATION)


class TestClassEditedBetweenPurchases:
    """What is bought follows the class; what runs keeps its terms until then."""

    def test_a_running_term_keeps_its_own_terms(self) -> None:
        edited = instance_class(period=DAYS_OF_TEN, time_zone="Asia/Shanghai", retention=retained(30))
        assert decide(running(sold=edited)).status.terms == terms()

    def test_the_renewal_copies_the_new_terms(self) -> None:
        edited = instance_class(period=DAYS_OF_TEN, time_zone="Asia/Shanghai")
        after = settled(running(sold=edited, spec={"purchased_periods": 2}))
        assert after.status.terms == terms(period=DAYS_OF_TEN, time_zone="Asia/Shanghai")

    @pytest.mark.parametrize(
        ("old", "new_one", "kept"),
        [
            pytest.param(7, 3, 7, id="a shorter one takes nothing away"),
            pytest.param(7, 7, 7, id="the same one"),
            pytest.param(7, 30, 30, id="a longer one is given"),
        ],
    )
    def test_the_longer_retention_is_kept(self, old: int, new_one: int, kept: int) -> None:
        facts = replace(running(), instance=instance(running_status(terms=terms(retention=retained(old)))))
        granted = status_after(facts, terms(retention=retained(new_one)), 1)
        assert term_of(granted).terms.retention.count == kept

    def test_to_the_end_of_the_day_is_longer_than_to_the_second(self) -> None:
        rounded = A_WEEK.model_copy(update={"rounding": Rounding.END_OF_DAY})
        facts = replace(running(), instance=instance(running_status(terms=terms(retention=rounded))))
        assert term_of(status_after(facts, terms(), 1)).terms.retention == rounded


def retained(days: int) -> Retention:
    return A_WEEK.model_copy(update={"count": days})


@pytest.mark.parametrize(
    ("facts", "sold", "periods"),
    [
        pytest.param(running(), terms(), 99_999, id="a term that ends after the year 9999"),
        pytest.param(running(), terms(retention=LONG), 95_682, id="a term whose days in the bin would end after the year 9999"),
    ],
)
def test_what_no_calendar_holds_is_rejected_and_the_term_runs_on(facts: Facts, sold: Terms, periods: int) -> None:
    assert rejection(facts, sold, periods).reason is Reason.RENEWAL_REJECTED


def test_a_total_that_no_calendar_holds_is_no_way_to_run_for_free() -> None:
    facts = settled(running(MIDTERM, spec={"purchased_periods": 95_683}, sold=instance_class(retention=LONG)))
    assert settled(at(EXPIRATION, facts)).status.phase is Phase.RECYCLED


@pytest.mark.parametrize("present", [SECOND_EXPIRATION, RELEASE + 365 * DAY], ids=["to the same second", "to an earlier one"])
def test_a_grant_never_shortens_and_never_stands_still(present: Instant) -> None:
    contradictory = running_status(expiration_time=present)
    facts = replace(running(), instance=instance(contradictory))
    assert rejection(facts, terms(), 1).reason is Reason.RENEWAL_REJECTED
