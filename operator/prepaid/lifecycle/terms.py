"""When a term ends and when the bin lets go: what the terms of a purchase mean on a calendar (api.md, "Term arithmetic" and "Bin").

Refuses to know instances, orders and prices. Every moment is in whole seconds.
"""

from bisect import bisect_left
from typing import Final

from whenever import Instant

from prepaid.api.terms import DayType, Period, Retention, Rounding, Terms, Unit
from prepaid.lifecycle.lengths import OutOfCalendar, UnreadableTerms, after, local, next_midnight
from prepaid.lifecycle.working_days import after_working_days, public_holidays

__all__ = ["MOST_PERIODS", "UnreadableTerms", "check_terms", "expiration", "fewest_periods", "longer_retention", "release_time"]

MOST_PERIODS: Final = 100_000
"""The most periods that are ever counted from one anchor (api.md, spec.purchasedPeriods)."""

ANY_YEAR: Final = 2026


def expiration(anchor: Instant, periods: int, period: Period, time_zone: str) -> Instant:
    """The first unpaid second: anchor + `periods` periods in one step. Raises UnreadableTerms, also for a result after the year 9999.

    Grows with every period, except over a whole day that a time zone skipped (Pacific/Apia, 30 December 2011).
    """
    return after(anchor, periods * period.count, period.unit, time_zone)


def fewest_periods(anchor: Instant, granted: int, period: Period, time_zone: str, reach: Instant) -> int | None:
    """How many periods more than the `granted` ones it takes to expire after `reach`: at least 1, because at the expiration it is unpaid.

    None where MOST_PERIODS from the anchor, or the year 9999, do not reach. Raises UnreadableTerms for an unknown time zone.
    """

    def reaches(more: int) -> bool:
        end = expiration_or_none(anchor, granted + more, period, time_zone)
        return end is None or end > reach

    candidates = range(1, MOST_PERIODS - granted + 1)
    found = bisect_left(candidates, True, key=reaches)
    if found == len(candidates) or expiration_or_none(anchor, granted + candidates[found], period, time_zone) is None:
        return None
    return candidates[found]


def expiration_or_none(anchor: Instant, periods: int, period: Period, time_zone: str) -> Instant | None:
    """The expiration, or None where it lies after the year 9999."""
    try:
        return expiration(anchor, periods, period, time_zone)
    except OutOfCalendar:
        return None


def release_time(expiration_time: Instant, recycle_time: Instant, retention: Retention, time_zone: str) -> Instant:
    """When the bin lets go: max(expiration, recycling) + retention, for EndOfDay rounded up to local midnight (product.md P3, P13).

    Raises UnreadableTerms for an unknown time zone or country, working days in another unit than Day, or a result after the year 9999.
    """
    start = max(expiration_time, recycle_time)
    if retention.day_type is DayType.WORKING:
        check_working_days(retention)
        end = after_working_days(start, retention.count, retention.holidays, time_zone)
    else:
        end = after(start, retention.count, retention.unit, time_zone)
    return next_midnight(end, time_zone) if retention.rounding is Rounding.END_OF_DAY else end


def longer_retention(old: Retention, new: Retention, start: Instant, time_zone: str) -> Retention:
    """The one that releases later from a stay that begins at `start`; of two alike the one to the end of the day, then the new one."""

    def length(retention: Retention) -> tuple[Instant, bool]:
        return release_time(start, start, retention, time_zone), retention.rounding is Rounding.END_OF_DAY

    return max(new, old, key=length)


def check_terms(terms: Terms) -> None:
    """Raises UnreadableTerms, with a sentence for the author of the class, where the terms could not be counted (product.md P15)."""
    local(Instant.from_utc(ANY_YEAR, 1, 1), terms.time_zone)
    check_working_days(terms.retention)
    public_holidays(terms.retention.holidays, ANY_YEAR)


def check_working_days(retention: Retention) -> None:
    if retention.day_type is DayType.WORKING and retention.unit is not Unit.DAY:
        raise UnreadableTerms("Working days are counted in days; set retention.unit to Day, or retention.dayType to Calendar.")
