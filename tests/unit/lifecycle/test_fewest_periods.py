"""How many periods it takes to reach a moment: the fewest whose end lies after it (api.md, "Term arithmetic")."""

from random import Random

import pytest
from whenever import Instant

from prepaid.api.terms import Period, Unit
from prepaid.lifecycle.terms import UnreadableTerms, expiration, fewest_periods

SECOND, DAY, MONTH = (Period(count=1, unit=unit) for unit in (Unit.SECOND, Unit.DAY, Unit.MONTH))
SHANGHAI = "Asia/Shanghai"
ANCHOR = Instant.parse_iso("2026-01-31T10:00+08:00")


@pytest.mark.parametrize(
    ("granted", "period", "reach", "fewest"),
    [
        pytest.param(0, MONTH, "2025-06-01T00:00+08:00", 1, id="at least one, even if the moment is long past"),
        pytest.param(0, MONTH, "2026-02-28T09:59:59+08:00", 1, id="one second before the first expiration one is enough"),
        pytest.param(0, MONTH, "2026-02-28T10:00:00+08:00", 2, id="at the first expiration it takes a second one"),
        pytest.param(0, MONTH, "2026-02-28T10:00:01+08:00", 2, id="one second after it as well"),
        pytest.param(1, MONTH, "2026-03-31T09:59:59+08:00", 1, id="with one granted, before the second expiration"),
        pytest.param(1, MONTH, "2026-03-31T10:00:00+08:00", 2, id="with one granted, at the second expiration"),
        pytest.param(1, MONTH, "2027-02-28T09:59:59+08:00", 12, id="a year of downtime, before the edge"),
        pytest.param(1, MONTH, "2027-02-28T10:00:00+08:00", 13, id="a year of downtime, at the edge"),
        pytest.param(0, SECOND, "2026-01-31T10:00:14+08:00", 15, id="seconds"),
        pytest.param(5, Period(count=7, unit=Unit.SECOND), "2026-01-31T10:00:49+08:00", 3, id="at the end of the seventh of seven seconds"),
        pytest.param(0, SECOND, "2026-02-01T13:46:39+08:00", 100_000, id="the moment before the last of 100000 seconds"),
        pytest.param(0, SECOND, "2026-02-01T13:46:40+08:00", None, id="the end of the last of 100000 seconds"),
        pytest.param(0, SECOND, "2027-01-31T10:00:00+08:00", None, id="a year of seconds is out of reach"),
        pytest.param(99_999, SECOND, "2026-01-31T10:00:00+08:00", 1, id="one period is left"),
        pytest.param(100_000, SECOND, "2026-01-31T10:00:00+08:00", None, id="no period is left"),
        pytest.param(100_001, SECOND, "2026-01-31T10:00:00+08:00", None, id="more were granted than there are"),
        pytest.param(
            0, Period(count=10_000, unit=Unit.MONTH), "9999-06-01T00:00+08:00", None, id="a period so long that the last one is too long"
        ),
        pytest.param(95_686, MONTH, "2026-01-31T10:00+08:00", 1, id="the last month that ends in the year 9999"),
        pytest.param(95_687, MONTH, "2026-01-31T10:00+08:00", None, id="the next month would end after the year 9999"),
    ],
)
def test_the_fewest_periods_expire_after_the_moment(granted: int, period: Period, reach: str, fewest: int | None) -> None:
    assert fewest_periods(ANCHOR, granted, period, SHANGHAI, Instant.parse_iso(reach)) == fewest


def test_an_unknown_time_zone_is_unreadable_and_not_out_of_reach() -> None:
    with pytest.raises(UnreadableTerms, match="IANA"):
        fewest_periods(ANCHOR, 0, SECOND, "Mars/Olympus", ANCHOR)


def test_over_a_day_that_a_zone_skipped_two_days_are_needed() -> None:
    anchor = Instant.parse_iso("2011-12-29T10:00-10:00")
    assert fewest_periods(anchor, 1, DAY, "Pacific/Apia", Instant.parse_iso("2011-12-31T10:00+14:00")) == 2


def test_they_are_enough_and_one_less_is_not() -> None:
    dice = Random(20260131)
    for _ in range(1000):
        period = Period(count=dice.randint(1, 40), unit=dice.choice(list(Unit)))
        zone = dice.choice([SHANGHAI, "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
        anchor = Instant.from_timestamp(dice.randint(1_600_000_000, 1_900_000_000))
        granted, reach = dice.randint(0, 50), anchor.add(seconds=dice.randint(-100_000, 60_000_000))
        more = fewest_periods(anchor, granted, period, zone, reach)
        case = (anchor, granted, period, zone, reach, more)
        if more is None:
            assert expiration(anchor, 100_000, period, zone) <= reach, case
        else:
            assert expiration(anchor, granted + more, period, zone) > reach, case
            assert more == 1 or expiration(anchor, granted + more - 1, period, zone) <= reach, case


def test_every_period_lengthens_the_term() -> None:
    dice = Random(20280229)
    for _ in range(1000):
        period = Period(count=dice.randint(1, 40), unit=dice.choice(list(Unit)))
        zone = dice.choice([SHANGHAI, "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana"])
        anchor = Instant.from_timestamp(dice.randint(1_600_000_000, 1_900_000_000))
        periods = dice.randint(0, 200)
        ends = [expiration(anchor, periods + more, period, zone) for more in range(3)]
        assert ends == sorted(set(ends)), (anchor, periods, period, zone)
