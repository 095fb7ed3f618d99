"""When the bin lets go: max(expiration, recycling) + retention, exact or rounded up to local midnight (product.md P3, P13)."""

from random import Random

import pytest
from whenever import Instant

from prepaid.api.terms import DayType, Retention, Rounding, Unit
from prepaid.lifecycle.terms import UnreadableTerms, longer_retention, release_time
from prepaid.lifecycle.working_days import is_working

SHANGHAI, BERLIN, BEIRUT, SAO_PAULO = "Asia/Shanghai", "Europe/Berlin", "Asia/Beirut", "America/Sao_Paulo"
HAVANA, APIA, LORD_HOWE, ST_JOHNS = "America/Havana", "Pacific/Apia", "Australia/Lord_Howe", "America/St_Johns"


def kept(count: int, unit: Unit = Unit.DAY, rounding: Rounding = Rounding.END_OF_DAY) -> Retention:
    return Retention(count=count, unit=unit, day_type=DayType.CALENDAR, rounding=rounding, holidays="")


def exactly(count: int, unit: Unit = Unit.DAY) -> Retention:
    return kept(count, unit, Rounding.EXACT)


def working(count: int, holidays: str = "", rounding: Rounding = Rounding.EXACT, unit: Unit = Unit.DAY) -> Retention:
    return Retention(count=count, unit=unit, day_type=DayType.WORKING, rounding=rounding, holidays=holidays)


def release(start: str, retention: Retention, time_zone: str = SHANGHAI) -> Instant:
    moment = Instant.parse_iso(start)
    return release_time(moment, moment, retention, time_zone)


@pytest.mark.parametrize(
    ("expiration_time", "recycle_time", "released"),
    [
        pytest.param("2026-05-01T10:00Z", "2026-05-01T10:00Z", "2026-05-08T10:00Z", id="recycled at its expiration"),
        pytest.param(
            "2026-05-01T10:00Z", "2026-05-01T10:00:01Z", "2026-05-08T10:00:01Z", id="recycled a second late it gets its full days"
        ),
        pytest.param("2026-05-01T10:00Z", "2027-05-01T10:00Z", "2027-05-08T10:00Z", id="recycled after a year of downtime as well"),
        pytest.param("2026-05-01T10:00Z", "2026-05-01T09:59:59Z", "2026-05-08T10:00Z", id="a clock that was behind takes nothing away"),
    ],
)
def test_the_days_count_from_expiration_or_recycling_whichever_is_later(expiration_time: str, recycle_time: str, released: str) -> None:
    moments = Instant.parse_iso(expiration_time), Instant.parse_iso(recycle_time)
    assert release_time(*moments, exactly(7), "UTC") == Instant.parse_iso(released)


@pytest.mark.parametrize(
    ("start", "retention", "released"),
    [
        pytest.param("2026-05-01T10:00+08:00", kept(7), "2026-05-09T00:00+08:00", id="seven days and the rest of the last"),
        pytest.param("2026-05-01T10:00+08:00", exactly(7), "2026-05-08T10:00+08:00", id="seven days to the second"),
        pytest.param("2026-04-30T23:59:59+08:00", kept(7), "2026-05-08T00:00+08:00", id="one second before midnight"),
        pytest.param("2026-05-01T00:00:00+08:00", kept(7), "2026-05-08T00:00+08:00", id="midnight already: it stays"),
        pytest.param("2026-05-01T00:00:01+08:00", kept(7), "2026-05-09T00:00+08:00", id="one second after midnight"),
        pytest.param("2026-05-01T07:59:59+08:00", kept(7), "2026-05-09T00:00+08:00", id="midnight is the local one, not that of UTC"),
        pytest.param("2026-05-01T10:00+08:00", kept(36, Unit.HOUR), "2026-05-03T00:00+08:00", id="hours are rounded as well"),
        pytest.param("2026-05-01T10:00+08:00", exactly(20, Unit.SECOND), "2026-05-01T10:00:20+08:00", id="seconds"),
        pytest.param("2026-05-01T10:00+08:00", exactly(20, Unit.MINUTE), "2026-05-01T10:20+08:00", id="minutes"),
        pytest.param("2026-05-01T10:00+08:00", exactly(20, Unit.HOUR), "2026-05-02T06:00+08:00", id="hours"),
        pytest.param("2026-05-01T10:00+08:00", exactly(2, Unit.WEEK), "2026-05-15T10:00+08:00", id="weeks"),
        pytest.param("2026-01-31T10:00+08:00", exactly(1, Unit.MONTH), "2026-02-28T10:00+08:00", id="a month from 31 January"),
        pytest.param("2028-02-22T10:00+08:00", kept(7), "2028-03-01T00:00+08:00", id="over 29 February"),
        pytest.param("2026-12-28T10:00+08:00", kept(7), "2027-01-05T00:00+08:00", id="over the year's end"),
    ],
)
def test_a_retention_ends_to_the_second_or_at_local_midnight(start: str, retention: Retention, released: str) -> None:
    assert release(start, retention) == Instant.parse_iso(released)


@pytest.mark.parametrize(
    ("start", "retention", "time_zone", "released"),
    [
        pytest.param("2026-03-28T10:00+01:00", kept(1), BERLIN, "2026-03-30T00:00+02:00", id="a day of 23 hours is a day"),
        pytest.param("2026-10-24T10:00+02:00", kept(1), BERLIN, "2026-10-26T00:00+01:00", id="a day of 25 hours is a day"),
        pytest.param("2026-03-27T22:00+02:00", kept(1), BEIRUT, "2026-03-29T01:00+03:00", id="where midnight is skipped, the day's start"),
        pytest.param(
            "2026-03-28T00:00+02:00", kept(1), BEIRUT, "2026-03-29T01:00+03:00", id="a midnight that is skipped stays a day's start"
        ),
        pytest.param(
            "2026-03-28T01:00+02:00", kept(1), BEIRUT, "2026-03-29T01:00+03:00", id="the moment of the day's start is not rounded on"
        ),
        pytest.param("2026-03-28T01:00:01+02:00", kept(1), BEIRUT, "2026-03-30T00:00+03:00", id="one second later it is"),
        pytest.param("2018-11-02T10:00-03:00", kept(1), SAO_PAULO, "2018-11-04T01:00-02:00", id="the same in Brazil, in the past"),
        pytest.param("2026-10-30T10:00-04:00", kept(1), HAVANA, "2026-11-01T00:00-04:00", id="of two midnights the day's first one"),
        pytest.param("2026-10-31T00:00-04:00", kept(1), HAVANA, "2026-11-01T00:00-05:00", id="midnight kept twice: it stays at the later"),
        pytest.param("2026-10-23T23:30+03:00", kept(1), BEIRUT, "2026-10-25T00:00+02:00", id="an evening that comes twice ends once"),
        pytest.param("2010-11-05T23:30-02:30", kept(1), ST_JOHNS, "2010-11-08T00:00-03:30", id="back over midnight: late, never early"),
        pytest.param("2011-12-28T10:00-10:00", kept(1), APIA, "2011-12-31T00:00+14:00", id="a day that was skipped has no midnight"),
        pytest.param(
            "2011-12-29T00:00-10:00", kept(1), APIA, "2011-12-31T00:00+14:00", id="midnight to midnight over a day that was skipped"
        ),
        pytest.param("2026-04-04T01:45+11:00", kept(1), LORD_HOWE, "2026-04-06T00:00+10:30", id="half an hour of summer time"),
    ],
)
def test_midnight_is_where_the_local_day_begins(start: str, retention: Retention, time_zone: str, released: str) -> None:
    assert release(start, retention, time_zone) == Instant.parse_iso(released)


@pytest.mark.parametrize(
    ("start", "count", "exact", "end_of_day"),
    [
        pytest.param("2026-05-11T10:00", 1, "2026-05-12T10:00", "2026-05-13T00:00", id="Monday + 1 is Tuesday"),
        pytest.param("2026-05-11T00:00", 1, "2026-05-12T00:00", "2026-05-12T00:00", id="Monday midnight + 1 is Tuesday midnight"),
        pytest.param("2026-05-14T10:00", 1, "2026-05-15T10:00", "2026-05-16T00:00", id="Thursday + 1 is Friday"),
        pytest.param("2026-05-15T10:00", 1, "2026-05-18T10:00", "2026-05-19T00:00", id="Friday + 1 is Monday"),
        pytest.param("2026-05-15T23:59:59", 1, "2026-05-18T23:59:59", "2026-05-19T00:00", id="the last second of Friday + 1 is Monday's"),
        pytest.param("2026-05-16T00:00", 1, "2026-05-19T00:00", "2026-05-19T00:00", id="Saturday's first second + 1 is the end of Monday"),
        pytest.param("2026-05-16T10:00", 1, "2026-05-19T00:00", "2026-05-19T00:00", id="Saturday + 1 is the end of Monday"),
        pytest.param("2026-05-17T23:59:59", 1, "2026-05-19T00:00", "2026-05-19T00:00", id="Sunday's last second + 1 as well"),
        pytest.param("2026-05-18T00:00", 1, "2026-05-19T00:00", "2026-05-19T00:00", id="Monday's first second + 1 as well"),
        pytest.param("2026-05-16T10:00", 5, "2026-05-23T00:00", "2026-05-23T00:00", id="Saturday + 5 is the end of Friday"),
        pytest.param("2026-05-13T10:00", 7, "2026-05-22T10:00", "2026-05-23T00:00", id="Wednesday + 7 is Friday of the next week"),
    ],
)
def test_working_days_are_monday_to_friday(start: str, count: int, exact: str, end_of_day: str) -> None:
    assert release(f"{start}+08:00", working(count)) == Instant.parse_iso(f"{exact}+08:00")
    assert release(f"{start}+08:00", working(count, rounding=Rounding.END_OF_DAY)) == Instant.parse_iso(f"{end_of_day}+08:00")


@pytest.mark.parametrize(
    ("start", "count", "country", "released"),
    [
        pytest.param("2026-02-12T10:00", 1, "CN", "2026-02-13T10:00", id="the last working day before the Spring Festival"),
        pytest.param("2026-02-13T10:00", 1, "CN", "2026-02-24T10:00", id="over the Spring Festival, Monday off included"),
        pytest.param("2026-02-13T10:00", 1, "", "2026-02-16T10:00", id="without a country there is no Spring Festival"),
        pytest.param("2026-02-13T10:00", 7, "CN", "2026-03-04T10:00", id="seven working days over the Spring Festival"),
        pytest.param("2026-02-14T10:00", 1, "CN", "2026-02-25T00:00", id="a make-up Saturday is no working day"),
        pytest.param("2026-02-17T10:00", 1, "CN", "2026-02-25T00:00", id="from New Year's Day: the end of the first working day"),
        pytest.param("2026-02-23T23:59:59", 1, "CN", "2026-02-25T00:00", id="from the last second of the holidays"),
        pytest.param("2026-02-24T00:00", 1, "CN", "2026-02-25T00:00", id="from the first second of work"),
        pytest.param("2026-09-30T10:00", 1, "CN", "2026-10-08T10:00", id="over the golden week of October"),
        pytest.param("2026-12-31T10:00", 1, "CN", "2027-01-04T10:00", id="over the year's end"),
        pytest.param("2026-12-24T10:00", 1, "DE", "2026-12-28T10:00", id="another country, other holidays"),
    ],
)
def test_public_holidays_are_no_working_days(start: str, count: int, country: str, released: str) -> None:
    assert release(f"{start}+08:00", working(count, country)) == Instant.parse_iso(f"{released}+08:00")


@pytest.mark.parametrize(
    ("retention", "time_zone", "sentence"),
    [
        pytest.param(kept(7), "Mars/Olympus", "set timeZone", id="a time zone that does not exist"),
        pytest.param(working(7), "Mars/Olympus", "set timeZone", id="the same for working days"),
        pytest.param(working(7, "XX"), SHANGHAI, "set retention.holidays", id="a country that does not exist"),
        pytest.param(working(7, unit=Unit.WEEK), SHANGHAI, "set retention.unit to Day", id="working weeks"),
        pytest.param(working(7, unit=Unit.HOUR), SHANGHAI, "set retention.unit to Day", id="working hours"),
    ],
)
def test_a_retention_that_cannot_be_counted_is_unreadable(retention: Retention, time_zone: str, sentence: str) -> None:
    with pytest.raises(UnreadableTerms, match=sentence):
        release("2026-05-01T10:00Z", retention, time_zone)


@pytest.mark.parametrize(
    "retention",
    [
        pytest.param(exactly(1, Unit.MONTH), id="a month"),
        pytest.param(exactly(1), id="a day"),
        pytest.param(working(1), id="a working day"),
        pytest.param(kept(1, Unit.SECOND), id="midnight"),
    ],
)
def test_a_release_beyond_the_year_9999_is_unreadable(retention: Retention) -> None:
    with pytest.raises(UnreadableTerms, match="after the year 9999"):
        release("9999-12-31T10:00Z", retention, "UTC")


@pytest.mark.parametrize(
    ("old", "new", "longer"),
    [
        pytest.param(kept(7), kept(8), kept(8), id="the new one is longer"),
        pytest.param(kept(8), kept(7), kept(8), id="the old one is longer"),
        pytest.param(exactly(7), kept(7), kept(7), id="the end of the day is longer than the second"),
        pytest.param(kept(7), exactly(7), kept(7), id="also if it was the old one"),
        pytest.param(exactly(7), working(7), working(7), id="working days are longer than calendar days"),
        pytest.param(exactly(1, Unit.MONTH), exactly(30), exactly(1, Unit.MONTH), id="a month of 31 days is longer than 30"),
        pytest.param(exactly(31), exactly(1, Unit.MONTH), exactly(1, Unit.MONTH), id="of two alike the new one"),
        pytest.param(exactly(24, Unit.HOUR), exactly(20, Unit.SECOND), exactly(24, Unit.HOUR), id="units are compared as time"),
    ],
)
@pytest.mark.parametrize("start", ["2026-05-15T10:00+08:00", "2026-05-15T00:00+08:00"], ids=["by day", "at midnight"])
def test_what_runs_keeps_the_longer_of_two_retentions(start: str, old: Retention, new: Retention, longer: Retention) -> None:
    assert longer_retention(old, new, Instant.parse_iso(start), SHANGHAI) == longer


def test_no_release_is_early_and_the_end_of_the_day_is_never_earlier_than_exact() -> None:
    dice = Random(20260217)
    for _ in range(1000):
        zone = dice.choice([SHANGHAI, BERLIN, BEIRUT, SAO_PAULO, HAVANA, LORD_HOWE])
        expiration_time = Instant.from_timestamp(dice.randint(1_500_000_000, 1_900_000_000))
        recycle_time = expiration_time.add(seconds=dice.randint(-1000, 1_000_000))
        start, count = max(expiration_time, recycle_time), dice.randint(1, 40)
        exact, rounded = (
            release_time(expiration_time, recycle_time, kept(count, rounding=r), zone) for r in (Rounding.EXACT, Rounding.END_OF_DAY)
        )
        case = (expiration_time, recycle_time, count, zone, exact, rounded)
        assert exact.to_tz(zone).to_plain() >= start.to_tz(zone).to_plain().add(days=count), case
        assert exact <= rounded <= exact.add(hours=25), case
        assert rounded == rounded.to_tz(zone).start_of("day").to_instant() or rounded.to_tz(zone).hour == 0, case


def test_a_working_retention_contains_all_its_working_days() -> None:
    dice = Random(20261001)
    for _ in range(500):
        start = Instant.from_timestamp(dice.randint(1_700_000_000, 1_900_000_000)).to_tz(SHANGHAI)
        count, country = dice.randint(1, 30), dice.choice(["", "CN", "DE", "US"])
        end = release_time(start.to_instant(), start.to_instant(), working(count, country, Rounding.END_OF_DAY), SHANGHAI).to_tz(SHANGHAI)
        day, whole_days = start.date() if start.start_of("day") == start else start.date().next_day(), 0
        while day < end.date():
            whole_days, day = whole_days + is_working(day, country), day.next_day()
        assert whole_days == count, (start, count, country, end)
