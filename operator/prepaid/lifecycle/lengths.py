"""Lengths of time on a local calendar: what a month, a day or a midnight is in a time zone. Knows no terms and no working days.

Months, weeks and days move the local clock; hours, minutes and seconds are exact. Where the clock then shows a time that does
not exist (a DST gap), the moment is moved forward by the gap; where it shows one twice (a fold), the later one counts, because a
moment at which something ends may be late but never early (product.md P12).
"""

from typing import Final

from whenever import Instant, Time, TimeZoneNotFoundError, ZonedDateTime

from prepaid.api.terms import Unit

MONTHS_AND_DAYS: Final = {Unit.MONTH: (1, 0), Unit.WEEK: (0, 7), Unit.DAY: (0, 1)}
SECONDS: Final = {Unit.HOUR: 3600, Unit.MINUTE: 60, Unit.SECOND: 1}
FOREIGN_ZONES: Final = frozenset({"localtime", "posixrules", "factory"})
"""Names that a machine's zone files hold, but that mean something else on each machine, or nothing."""


class UnreadableTerms(Exception):
    """Terms that cannot be counted (product.md P15); its text is one sentence that says what to do."""


class OutOfCalendar(UnreadableTerms):
    """A moment after the year 9999."""

    def __init__(self) -> None:
        super().__init__("the moment lies after the year 9999; choose a shorter period or retention, or buy fewer periods.")


def local(moment: Instant, time_zone: str) -> ZonedDateTime:
    """The moment on the clocks of a time zone. Raises UnreadableTerms for one that does not exist."""
    try:
        if time_zone.lower() in FOREIGN_ZONES:
            raise TimeZoneNotFoundError
        return moment.to_tz(time_zone)
    except TimeZoneNotFoundError:
        unknown = f'there is no time zone "{time_zone}"; set timeZone to a name of the IANA database, such as Asia/Shanghai.'
        raise UnreadableTerms(unknown) from None
    except ValueError:
        raise OutOfCalendar from None


def after(start: Instant, count: int, unit: Unit, time_zone: str) -> Instant:
    """The moment `count` units after `start`, in whole seconds; calendar units in one step, so 31 January + 2 Months is 31 March.

    Raises UnreadableTerms for an unknown time zone or a result after the year 9999.
    """
    here = local(start, time_zone)
    try:
        if unit in SECONDS:
            end = start.add(seconds=count * SECONDS[unit])
        else:
            months, days = MONTHS_AND_DAYS[unit]
            plain = here.to_plain().add(months=count * months, days=count * days)
            end = plain.assume_tz(time_zone, disambiguation="later").to_instant()
        return end.round("second", mode="ceil")
    except ValueError:
        raise OutOfCalendar from None


def next_midnight(moment: Instant, time_zone: str) -> Instant:
    """The first local midnight at or after the moment; where midnight does not exist, the first moment of the day."""
    here = local(moment, time_zone)
    if here.time() == Time.MIDNIGHT:
        return moment
    try:
        return here.round("day", mode="ceil").to_instant()
    except ValueError:
        raise OutOfCalendar from None
