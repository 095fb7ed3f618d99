"""How many units of idle time have begun: before, at and after each edge."""

import pytest
from whenever import Instant

from prepaid.api.terms import Unit
from prepaid.lifecycle.idle_spans import started_units

SINCE = Instant.parse_iso("2026-01-31T10:00:00Z")


@pytest.mark.parametrize(
    ("until", "unit", "units"),
    [
        pytest.param("2026-01-31T10:00:00Z", Unit.HOUR, 0, id="no time at all costs nothing"),
        pytest.param("2026-01-31T09:00:00Z", Unit.HOUR, 0, id="nor does time that runs backwards"),
        pytest.param("2026-01-31T10:00:01Z", Unit.HOUR, 1, id="its first second is a whole hour"),
        pytest.param("2026-01-31T11:00:00Z", Unit.HOUR, 1, id="an hour to the second is one hour"),
        pytest.param("2026-01-31T11:00:01Z", Unit.HOUR, 2, id="a second more begins the next"),
        pytest.param("2026-01-31T10:00:07Z", Unit.SECOND, 7, id="seconds"),
        pytest.param("2026-01-31T10:02:01Z", Unit.MINUTE, 3, id="minutes"),
        pytest.param("2026-02-02T10:00:01Z", Unit.DAY, 3, id="days"),
        pytest.param("2026-02-14T10:00:00Z", Unit.WEEK, 2, id="weeks"),
        pytest.param("2026-01-31T10:00:01Z", Unit.MONTH, 1, id="the first second of a month"),
        pytest.param("2026-02-28T10:00:00Z", Unit.MONTH, 1, id="the 31st plus a month is the last of February"),
        pytest.param("2026-02-28T10:00:01Z", Unit.MONTH, 2, id="a second later the next month has begun"),
        pytest.param("2026-03-31T10:00:00Z", Unit.MONTH, 2, id="two months end on the 31st again, not step by step"),
        pytest.param("2026-03-31T10:00:01Z", Unit.MONTH, 3, id="and a second later there are three"),
        pytest.param("2027-01-31T10:00:00Z", Unit.MONTH, 12, id="a year"),
    ],
)
def test_every_started_unit_counts(until: str, unit: Unit, units: int) -> None:
    assert started_units(SINCE, Instant.parse_iso(until), unit) == units
