"""Working days: Monday to Friday less the public holidays of a country (api.md, "retention").

The holidays are those that the `holidays` library knows; working weekends that make up for a long holiday, as in China, stay
days off. Knows no retention.
"""

from functools import lru_cache
from typing import Final

import holidays
from whenever import SATURDAY, SUNDAY, Date, Instant, Time

from prepaid.lifecycle.lengths import OutOfCalendar, UnreadableTerms, local

WEEKEND: Final = (SATURDAY, SUNDAY)


def after_working_days(start: Instant, count: int, country: str, time_zone: str) -> Instant:
    """When `count` whole working days (at least 1) have gone by since `start`.

    From a working day: the same local time `count` working days later. From a day off: the end of the `count`-th working day
    that follows. Raises UnreadableTerms for an unknown country or time zone, or a result after the year 9999.
    """
    here = local(start, time_zone)
    try:
        last = nth_working_day(here.date(), count, country)
        end = last.at(here.time()) if is_working(here.date(), country) else last.next_day().at(Time.MIDNIGHT)
        return end.assume_tz(time_zone, disambiguation="later").to_instant().round("second", mode="ceil")
    except ValueError:
        raise OutOfCalendar from None


def nth_working_day(day: Date, count: int, country: str) -> Date:
    """The `count`-th working day after `day`. Raises ValueError after the year 9999."""
    while count:
        day = day.next_day()
        count -= is_working(day, country)
    return day


def is_working(day: Date, country: str) -> bool:
    return day.day_of_week() not in WEEKEND and day not in public_holidays(country, day.year)


@lru_cache(maxsize=1024)
def public_holidays(country: str, year: int) -> frozenset[Date]:
    """The public holidays of a country given as ISO 3166-1 alpha-2 (empty: none). Raises UnreadableTerms for an unknown one."""
    if not country:
        return frozenset()
    try:
        days = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        unknown = (
            f'the public holidays of "{country}" are not known; set retention.holidays to a country code such as CN, or leave it empty.'
        )
        raise UnreadableTerms(unknown) from None
    return frozenset(Date(day.year, day.month, day.day) for day in days)
