"""Amounts: what is read, what is refused, what is written."""

from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from prepaid.api.money import Amount, Balance, Limit, UnitPrice

AMOUNT: TypeAdapter[Decimal] = TypeAdapter(Amount)
BALANCE: TypeAdapter[Decimal] = TypeAdapter(Balance)
PRICE: TypeAdapter[Decimal] = TypeAdapter(UnitPrice)
LIMIT: TypeAdapter[Decimal | None] = TypeAdapter(Limit)


@pytest.mark.parametrize("text", ["0", "0.00", "120.00", "0.000001", "999999999999999.999999"])
def test_an_amount_keeps_its_digits(text: str) -> None:
    assert AMOUNT.dump_python(AMOUNT.validate_python(text), mode="json") == text


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(120.0, id="a float"),
        pytest.param(120, id="an integer"),
        pytest.param(True, id="a truth"),
        pytest.param(None, id="nothing"),
        pytest.param("", id="an empty text"),
        pytest.param("1e3", id="an exponent"),
        pytest.param("NaN", id="not a number"),
        pytest.param("Infinity", id="infinity"),
        pytest.param("-1", id="less than nothing"),
        pytest.param("01.00", id="a leading zero"),
        pytest.param("1,000", id="a comma"),
        pytest.param("1_000", id="an underscore"),
        pytest.param("١٢", id="digits of another script"),
        pytest.param("1.00\n", id="a line end"),
        pytest.param("0.0000001", id="seven digits after the point"),
        pytest.param("1000000000000000", id="sixteen digits before it"),
        pytest.param(Decimal("NaN"), id="a decimal that is not a number"),
        pytest.param(Decimal("0.0000001"), id="a decimal that is too fine"),
    ],
)
def test_what_is_no_amount_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        AMOUNT.validate_python(value)


def test_a_computed_amount_is_written_without_an_exponent() -> None:
    assert AMOUNT.dump_python(AMOUNT.validate_python(Decimal("1E+3")), mode="json") == "1000"


def test_a_balance_may_be_below_zero() -> None:
    assert BALANCE.validate_python("-0.02") == Decimal("-0.02")


def test_the_highest_price_of_the_most_periods_is_an_amount() -> None:
    assert AMOUNT.validate_python(PRICE.validate_python("999999999.999999") * 100_000)


@pytest.mark.parametrize(("text", "limit"), [("", None), ("0", Decimal(0)), ("120.00", Decimal(120))])
def test_an_empty_limit_is_no_limit(text: str, limit: Decimal | None) -> None:
    assert LIMIT.validate_python(text) == limit


def test_no_limit_is_written_as_an_empty_text() -> None:
    assert LIMIT.dump_python(None, mode="json") == ""
