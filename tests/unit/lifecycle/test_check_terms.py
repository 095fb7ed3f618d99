"""Terms that cannot be counted are found when they are read, with a sentence that says what to do (product.md P15)."""

from decimal import Decimal

import pytest

from prepaid.api.terms import DayType, DetachPolicy, Lead, Notices, Period, RenewalAnchor, Retention, Rounding, Terms, Unit
from prepaid.lifecycle.terms import UnreadableTerms, check_terms


def retention(**fields: object) -> Retention:
    usual = {"count": 7, "unit": Unit.DAY, "day_type": DayType.CALENDAR, "rounding": Rounding.END_OF_DAY, "holidays": ""}
    return Retention.model_validate(usual | fields)


def terms(time_zone: str = "Asia/Shanghai", kept: Retention | None = None) -> Terms:
    return Terms(
        price=Decimal(0),
        currency="CNY",
        period=Period(count=1, unit=Unit.MONTH),
        time_zone=time_zone,
        renewal_anchor=RenewalAnchor.ORIGINAL_EXPIRATION,
        retention=kept or retention(),
        auto_renew_lead=Lead(count=0, unit=Unit.HOUR),
        detach_policy=DetachPolicy.FORCE,
        auto_renew_in_recycle_bin=False,
        notices=Notices(before_expiration_days=(), before_release_hours=()),
    )


@pytest.mark.parametrize(
    "readable",
    [
        pytest.param(terms(), id="Shanghai, seven calendar days"),
        pytest.param(terms("UTC"), id="UTC"),
        pytest.param(terms("Etc/GMT+8"), id="an offset by name"),
        pytest.param(terms("America/Argentina/Buenos_Aires"), id="a name of three parts"),
        pytest.param(terms(kept=retention(day_type=DayType.WORKING, holidays="CN")), id="working days in China"),
        pytest.param(terms(kept=retention(day_type=DayType.WORKING)), id="working days in no country"),
        pytest.param(terms(kept=retention(unit=Unit.SECOND, rounding=Rounding.EXACT)), id="seconds"),
    ],
)
def test_terms_that_can_be_counted_are_readable(readable: Terms) -> None:
    check_terms(readable)


@pytest.mark.parametrize(
    ("unreadable", "sentence"),
    [
        pytest.param(terms("Asia/Shangai"), '"Asia/Shangai"; set timeZone to', id="a misspelt time zone"),
        pytest.param(terms("localtime"), '"localtime"; set timeZone to', id="a time zone that is another on every machine"),
        pytest.param(terms(kept=retention(day_type=DayType.WORKING, holidays="XX")), '"XX" are not known; set', id="an unknown country"),
        pytest.param(terms(kept=retention(holidays="XX")), '"XX" are not known; set', id="even while calendar days are counted"),
        pytest.param(terms(kept=retention(day_type=DayType.WORKING, unit=Unit.MONTH)), "set retention.unit to Day", id="working months"),
    ],
)
def test_terms_that_cannot_be_counted_say_what_to_set(unreadable: Terms, sentence: str) -> None:
    with pytest.raises(UnreadableTerms) as error:
        check_terms(unreadable)
    assert sentence in str(error.value)
