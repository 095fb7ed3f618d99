"""When a term ends: months and days on the local calendar, hours and seconds on the exact one (api.md, "Term arithmetic")."""

import pytest
from whenever import Instant, ZonedDateTime

from prepaid.api.terms import Period, Unit
from prepaid.lifecycle.terms import UnreadableTerms, expiration

MONTH, WEEK, DAY = (Period(count=1, unit=unit) for unit in (Unit.MONTH, Unit.WEEK, Unit.DAY))
HOUR, MINUTE, SECOND = (Period(count=1, unit=unit) for unit in (Unit.HOUR, Unit.MINUTE, Unit.SECOND))
QUARTER = Period(count=3, unit=Unit.MONTH)
UTC, SHANGHAI, BERLIN, NEW_YORK = "UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York"
LORD_HOWE, APIA, SAO_PAULO = "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"


@pytest.mark.parametrize(
    ("anchor", "periods", "period", "time_zone", "end"),
    [
        pytest.param("2026-01-31T10:00+08:00", 1, MONTH, SHANGHAI, "2026-02-28T10:00+08:00", id="31 January + 1 month is 28 February"),
        pytest.param("2028-01-31T10:00+08:00", 1, MONTH, SHANGHAI, "2028-02-29T10:00+08:00", id="in a leap year it is 29 February"),
        pytest.param("2026-01-31T10:00+08:00", 2, MONTH, SHANGHAI, "2026-03-31T10:00+08:00", id="31 January + 2 months is 31 March"),
        pytest.param("2026-01-31T10:00+08:00", 3, MONTH, SHANGHAI, "2026-04-30T10:00+08:00", id="31 January + 3 months is 30 April"),
        pytest.param("2026-01-30T10:00+08:00", 1, MONTH, SHANGHAI, "2026-02-28T10:00+08:00", id="30 January + 1 month is 28 February"),
        pytest.param("2026-01-28T10:00+08:00", 1, MONTH, SHANGHAI, "2026-02-28T10:00+08:00", id="28 January + 1 month is 28 February"),
        pytest.param("2026-01-27T10:00+08:00", 1, MONTH, SHANGHAI, "2026-02-27T10:00+08:00", id="27 January + 1 month is 27 February"),
        pytest.param("2026-01-31T10:00+08:00", 1, QUARTER, SHANGHAI, "2026-04-30T10:00+08:00", id="a quarter from 31 January: 30 April"),
        pytest.param("2026-01-31T10:00+08:00", 2, QUARTER, SHANGHAI, "2026-07-31T10:00+08:00", id="two quarters from 31 January: 31 July"),
        pytest.param("2028-02-29T10:00+08:00", 12, MONTH, SHANGHAI, "2029-02-28T10:00+08:00", id="29 February + 12 months: 28 February"),
        pytest.param("2028-02-29T10:00+08:00", 48, MONTH, SHANGHAI, "2032-02-29T10:00+08:00", id="29 February + 48 months: 29 February"),
        pytest.param("2026-12-31T23:59:59+08:00", 1, MONTH, SHANGHAI, "2027-01-31T23:59:59+08:00", id="December runs into the next year"),
        pytest.param(
            "2026-01-31T23:59:59+08:00", 1, MONTH, SHANGHAI, "2026-02-28T23:59:59+08:00", id="the month is the local one, before…"
        ),
        pytest.param("2026-02-01T00:00:00+08:00", 1, MONTH, SHANGHAI, "2026-03-01T00:00:00+08:00", id="…and at local midnight (17:00 UTC)"),
        pytest.param("2026-01-31T16:00+00:00", 1, MONTH, UTC, "2026-02-28T16:00+00:00", id="the same moment in UTC is still January"),
        pytest.param("2026-12-28T10:00+08:00", 1, WEEK, SHANGHAI, "2027-01-04T10:00+08:00", id="a week is seven days"),
        pytest.param("2028-02-28T10:00+08:00", 1, DAY, SHANGHAI, "2028-02-29T10:00+08:00", id="28 February + 1 day in a leap year"),
        pytest.param("2026-02-28T10:00+08:00", 1, DAY, SHANGHAI, "2026-03-01T10:00+08:00", id="28 February + 1 day in another"),
        pytest.param("2026-01-01T00:00+08:00", 36, HOUR, SHANGHAI, "2026-01-02T12:00+08:00", id="hours are counted"),
        pytest.param("2026-01-01T00:00+08:00", 90, MINUTE, SHANGHAI, "2026-01-01T01:30+08:00", id="minutes are counted"),
        pytest.param("2026-01-01T00:00+08:00", 15, SECOND, SHANGHAI, "2026-01-01T00:00:15+08:00", id="seconds are counted"),
    ],
)
def test_a_term_ends_on_the_local_calendar(anchor: str, periods: int, period: Period, time_zone: str, end: str) -> None:
    assert expiration(Instant.parse_iso(anchor), periods, period, time_zone) == Instant.parse_iso(end)


@pytest.mark.parametrize(
    ("anchor", "periods", "period", "time_zone", "end"),
    [
        pytest.param("2026-03-28T01:59:59+01:00", 1, DAY, BERLIN, "2026-03-29T01:59:59+01:00", id="before the gap nothing moves"),
        pytest.param("2026-03-28T02:00:00+01:00", 1, DAY, BERLIN, "2026-03-29T03:00:00+02:00", id="the gap's first second moves on by it"),
        pytest.param("2026-03-28T02:30:00+01:00", 1, DAY, BERLIN, "2026-03-29T03:30:00+02:00", id="inside the gap it moves on by the gap"),
        pytest.param("2026-03-28T03:00:00+01:00", 1, DAY, BERLIN, "2026-03-29T03:00:00+02:00", id="after the gap the clock is kept"),
        pytest.param(
            "2026-03-28T02:30:00+01:00", 2, DAY, BERLIN, "2026-03-30T02:30:00+02:00", id="the day after a gap has its own time again"
        ),
        pytest.param("2026-03-28T02:30:00+01:00", 24, HOUR, BERLIN, "2026-03-29T03:30:00+02:00", id="24 hours over a gap are 24 hours"),
        pytest.param("2026-03-28T12:00:00+01:00", 24, HOUR, BERLIN, "2026-03-29T13:00:00+02:00", id="24 hours are not always a day"),
        pytest.param("2026-03-28T12:00:00+01:00", 1, DAY, BERLIN, "2026-03-29T12:00:00+02:00", id="a day may have 23 hours"),
        pytest.param("2026-02-08T02:30:00-05:00", 1, MONTH, NEW_YORK, "2026-03-08T03:30:00-04:00", id="a month may end in a gap"),
        pytest.param("2026-10-03T02:15:00+10:30", 1, DAY, LORD_HOWE, "2026-10-04T02:45:00+11:00", id="a gap may have half an hour"),
        pytest.param("2026-10-03T02:30:00+10:30", 1, DAY, LORD_HOWE, "2026-10-04T02:30:00+11:00", id="at the end of half an hour's gap"),
        pytest.param("2018-11-03T00:00:00-03:00", 1, DAY, SAO_PAULO, "2018-11-04T01:00:00-02:00", id="midnight may not exist"),
        pytest.param("2011-12-29T10:00:00-10:00", 1, DAY, APIA, "2011-12-31T10:00:00+14:00", id="a day may not exist"),
        pytest.param(
            "2011-11-30T10:00:00-10:00", 1, MONTH, APIA, "2011-12-31T10:00:00+14:00", id="a month may end on the day that did not"
        ),
        pytest.param("2011-12-29T10:00:00-10:00", 24, HOUR, APIA, "2011-12-31T10:00:00+14:00", id="24 hours later it is the day after"),
    ],
)
def test_where_the_clock_skips_a_term_ends_after_the_gap(anchor: str, periods: int, period: Period, time_zone: str, end: str) -> None:
    assert expiration(Instant.parse_iso(anchor), periods, period, time_zone) == Instant.parse_iso(end)


@pytest.mark.parametrize(
    ("anchor", "periods", "period", "time_zone", "end"),
    [
        pytest.param("2026-10-24T01:59:59+02:00", 1, DAY, BERLIN, "2026-10-25T01:59:59+02:00", id="before the fold there is one time"),
        pytest.param("2026-10-24T02:00:00+02:00", 1, DAY, BERLIN, "2026-10-25T02:00:00+01:00", id="the fold's first second: the later one"),
        pytest.param("2026-10-24T02:30:00+02:00", 1, DAY, BERLIN, "2026-10-25T02:30:00+01:00", id="inside the fold: the later one"),
        pytest.param("2026-10-24T03:00:00+02:00", 1, DAY, BERLIN, "2026-10-25T03:00:00+01:00", id="after the fold there is one time"),
        pytest.param("2026-10-25T02:30:00+02:00", 1, DAY, BERLIN, "2026-10-26T02:30:00+01:00", id="from the fold's first pass"),
        pytest.param("2026-10-25T02:30:00+01:00", 1, DAY, BERLIN, "2026-10-26T02:30:00+01:00", id="from the fold's second pass"),
        pytest.param("2026-10-24T02:30:00+02:00", 24, HOUR, BERLIN, "2026-10-25T02:30:00+02:00", id="24 hours into a fold are 24 hours"),
        pytest.param("2026-10-24T12:00:00+02:00", 1, DAY, BERLIN, "2026-10-25T12:00:00+01:00", id="a day may have 25 hours"),
        pytest.param("2026-10-01T01:30:00-04:00", 1, MONTH, NEW_YORK, "2026-11-01T01:30:00-05:00", id="a month may end in a fold"),
        pytest.param("2026-04-04T01:45:00+11:00", 1, DAY, LORD_HOWE, "2026-04-05T01:45:00+10:30", id="a fold may have half an hour"),
        pytest.param("2026-04-04T01:29:59+11:00", 1, DAY, LORD_HOWE, "2026-04-05T01:29:59+11:00", id="just before half an hour's fold"),
    ],
)
def test_where_the_clock_repeats_a_term_ends_the_second_time(anchor: str, periods: int, period: Period, time_zone: str, end: str) -> None:
    assert expiration(Instant.parse_iso(anchor), periods, period, time_zone) == Instant.parse_iso(end)


def test_a_fraction_of_a_second_is_rounded_up_so_that_no_term_ends_early() -> None:
    anchor = Instant.parse_iso("2026-01-01T00:00:00.1Z")
    assert expiration(anchor, 1, MONTH, UTC) == Instant.parse_iso("2026-02-01T00:00:01Z")


@pytest.mark.parametrize("period", [MONTH, WEEK, DAY, HOUR, MINUTE, SECOND], ids=lambda period: f"in {period.unit}s")
@pytest.mark.parametrize("time_zone", ["Mars/Olympus", "", "../etc/passwd", "localtime", "posixrules", "Factory", "Asia"])
def test_a_time_zone_that_does_not_exist_is_unreadable(time_zone: str, period: Period) -> None:
    with pytest.raises(UnreadableTerms, match="set timeZone to a name of the IANA database"):
        expiration(Instant.from_utc(2026, 1, 1), 1, period, time_zone)


@pytest.mark.parametrize(
    ("anchor", "periods", "period"),
    [
        pytest.param("9999-12-01T00:00Z", 1, MONTH, id="one month too far"),
        pytest.param("9999-12-31T00:00Z", 1, DAY, id="one day too far"),
        pytest.param("9999-12-31T23:59:59Z", 1, SECOND, id="one second too far"),
        pytest.param("2026-01-01T00:00Z", 100_000, Period(count=10_000, unit=Unit.MONTH), id="the most months"),
        pytest.param("2026-01-01T00:00Z", 100_000, Period(count=10_000, unit=Unit.WEEK), id="the most weeks"),
        pytest.param("2026-01-01T00:00Z", 100_000, Period(count=10_000, unit=Unit.HOUR), id="the most hours"),
    ],
)
def test_a_term_beyond_the_year_9999_is_unreadable(anchor: str, periods: int, period: Period) -> None:
    with pytest.raises(UnreadableTerms, match="after the year 9999"):
        expiration(Instant.parse_iso(anchor), periods, period, UTC)


def test_the_last_second_of_9999_can_be_reached() -> None:
    assert expiration(Instant.parse_iso("9999-12-31T23:59:58Z"), 1, SECOND, UTC) == Instant.parse_iso("9999-12-31T23:59:59Z")


def test_a_term_is_counted_from_its_anchor_and_never_step_by_step() -> None:
    anchor = ZonedDateTime(2026, 1, 31, 10, tz=SHANGHAI).to_instant()
    days = [expiration(anchor, periods, MONTH, SHANGHAI).to_tz(SHANGHAI).day for periods in range(1, 13)]
    assert days == [28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31]
