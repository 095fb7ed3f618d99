"""Money as people write it: decimal strings ("120.00"), never floats, never exponents, always finite.

Knows how an amount is read, written and bounded; refuses to know currencies, prices and arithmetic.
"""

import re
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema

FRACTION: Final = r"(\.[0-9]{1,6})?"
AMOUNT_PATTERN: Final = rf"^(0|[1-9][0-9]{{0,14}}){FRACTION}$"
BALANCE_PATTERN: Final = rf"^-?(0|[1-9][0-9]{{0,14}}){FRACTION}$"
PRICE_PATTERN: Final = rf"^(0|[1-9][0-9]{{0,8}}){FRACTION}$"
LIMIT_PATTERN: Final = rf"^((0|[1-9][0-9]{{0,14}}){FRACTION})?$"
CURRENCY_PATTERN: Final = "^[A-Z]{3}$"


def write_amount(amount: Decimal | None) -> str:
    """All digits that it was read with ("120.00" stays "120.00"); no limit is the empty string."""
    return "" if amount is None else format(amount, "f")


def parse_decimal(value: object, pattern: str) -> Decimal:
    """A decimal from its string, or one that was computed, if it fits the pattern; raises ValueError for all else, floats included."""
    text = write_amount(value) if isinstance(value, Decimal) else value
    if not isinstance(text, str) or not re.fullmatch(pattern, text):
        raise ValueError(
            'an amount is a decimal string such as "120.00", without sign or exponent and with at most six digits after the point'
        )
    return Decimal(text)


def parse_amount(value: object) -> Decimal:
    return parse_decimal(value, AMOUNT_PATTERN)


def parse_balance(value: object) -> Decimal:
    return parse_decimal(value, BALANCE_PATTERN)


def parse_price(value: object) -> Decimal:
    return parse_decimal(value, PRICE_PATTERN)


def parse_limit(value: object) -> Decimal | None:
    return None if value in (None, "") else parse_amount(value)


WRITTEN = PlainSerializer(write_amount, return_type=str, when_used="json")

Amount = Annotated[
    Decimal, PlainValidator(parse_amount), WRITTEN, WithJsonSchema({"type": "string", "maxLength": 22, "pattern": AMOUNT_PATTERN})
]
"""Zero or more: at most 15 digits before the point and 6 after it."""

Balance = Annotated[
    Decimal, PlainValidator(parse_balance), WRITTEN, WithJsonSchema({"type": "string", "maxLength": 23, "pattern": BALANCE_PATTERN})
]
"""An amount that may be below zero."""

UnitPrice = Annotated[
    Decimal, PlainValidator(parse_price), WRITTEN, WithJsonSchema({"type": "string", "maxLength": 16, "pattern": PRICE_PATTERN})
]
"""The price of one period or unit: at most 9 digits before the point, so that 100,000 of them still are an Amount."""

Limit = Annotated[
    Decimal | None, PlainValidator(parse_limit), WRITTEN, WithJsonSchema({"type": "string", "maxLength": 22, "pattern": LIMIT_PATTERN})
]
"""The most that somebody is ready to pay; None, written as the empty string, is no limit."""

Currency = Annotated[str, Field(min_length=3, max_length=3, pattern=CURRENCY_PATTERN)]
