"""Stretches of idle time and what they cost: whole started units at one price, counted from the span's beginning (product.md P11).

Everything is half open: at its `until` a span is over, and a unit that ends there was the last. Months are counted on the calendar of
UTC, never step by step. Knows no resource and no balance.
"""

from decimal import Decimal
from typing import Final

from whenever import Instant

from prepaid.api.elastic_resource import IdleSpan
from prepaid.api.terms import Unit
from prepaid.lifecycle.lengths import after

UTC: Final = "UTC"
SECONDS: Final = {Unit.SECOND: 1, Unit.MINUTE: 60, Unit.HOUR: 3600, Unit.DAY: 86_400, Unit.WEEK: 604_800}
MONTHS_OF_A_YEAR: Final = 12


def started_units(since: Instant, until: Instant, unit: Unit) -> int:
    """How many units of [since, until) have begun; 0 for an empty stretch."""
    if until <= since:
        return 0
    if unit is Unit.MONTH:
        return started_months(since, until)
    return -(-int((until - since).total("seconds")) // SECONDS[unit])


def started_months(since: Instant, until: Instant) -> int:
    first, last = since.to_tz(UTC), until.to_tz(UTC)
    count = (last.year - first.year) * MONTHS_OF_A_YEAR + last.month - first.month
    return count + (count == 0 or after(since, count, Unit.MONTH, UTC) < until)


def total_units(span: IdleSpan) -> int:
    """All units of a span that is over."""
    assert span.until_time is not None
    return started_units(span.since_time, span.until_time, span.price.unit)


def due_units(span: IdleSpan, now: Instant) -> int:
    """What is to be charged by now: of a span that is over everything, of one that runs what has begun."""
    return total_units(span) if span.until_time else started_units(span.since_time, now, span.price.unit)


def end_of_units(span: IdleSpan, units: int) -> Instant:
    """The first moment that so many units do not pay for any more."""
    return after(span.since_time, units, span.price.unit, UTC)


def cost(span: IdleSpan, units: int) -> Decimal:
    return span.price.amount * units


def is_free(span: IdleSpan) -> bool:
    return not span.price.amount


def closed_at(span: IdleSpan, moment: Instant) -> IdleSpan:
    """The span, over at this moment; never before it began."""
    return span.model_copy(update={"until_time": max(span.since_time, moment)})


def is_over(span: IdleSpan) -> bool:
    return span.until_time is not None
