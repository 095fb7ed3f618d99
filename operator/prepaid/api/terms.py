"""The terms of a purchase: price, period, retention and what happens around them. A class offers them, an instance keeps a copy.

Only the API server fills in what a class leaves out: nothing here has a default of its own, because a copy that lost a field
must be unreadable, not guessed (product.md P15). Refuses to know calendars.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field

from prepaid.api.money import Currency, UnitPrice
from prepaid.api.resource import Model
from prepaid.api.schema import checked, server_default

TimeZone = Annotated[str, Field(min_length=1, max_length=64, pattern="^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$")]


class Unit(StrEnum):
    """The unit of a length of time."""

    MONTH = "Month"
    WEEK = "Week"
    DAY = "Day"
    HOUR = "Hour"
    MINUTE = "Minute"
    SECOND = "Second"


class DayType(StrEnum):
    """Which days a retention counts."""

    CALENDAR = "Calendar"
    WORKING = "Working"


class Rounding(StrEnum):
    """Where a retention ends: at the next local midnight, or to the second."""

    END_OF_DAY = "EndOfDay"
    EXACT = "Exact"


class RenewalAnchor(StrEnum):
    """Where a term bought in the bin starts: at the old expiration, or at the renewal."""

    ORIGINAL_EXPIRATION = "OriginalExpiration"
    RENEWAL_TIME = "RenewalTime"


class DetachPolicy(StrEnum):
    """What recycling does to attachments: forces them off, or keeps them."""

    FORCE = "Force"
    RETAIN = "Retain"


class Price(Model):
    """What one period costs."""

    amount: UnitPrice = Field(description='The price of one period as a decimal string such as "120.00"; "0" is free.')
    currency: Currency = Field(description="The currency as a three-letter code such as CNY.")


class Period(Model):
    """A length of time of at least one unit."""

    count: int = Field(ge=1, le=10_000, description="How many units; 1 if left out.", json_schema_extra=server_default(1))
    unit: Unit = Field(description="The unit: Month, Week, Day, Hour, Minute or Second.")


class Lead(Model):
    """How long before something; zero is allowed."""

    count: int = Field(ge=0, le=10_000, description="How many units; 0 means at the very moment.", json_schema_extra=server_default(0))
    unit: Unit = Field(description="The unit: Month, Week, Day, Hour, Minute or Second.", json_schema_extra=server_default(Unit.HOUR))


WORKING_DAYS = checked(
    "self.dayType != 'Working' || self.unit == 'Day'", "Working days are counted in days: set unit to Day, or dayType to Calendar."
)


class Retention(Model):
    """How long an expired instance is kept in the Recycle Bin."""

    model_config = ConfigDict(json_schema_extra=WORKING_DAYS)

    count: int = Field(ge=1, le=10_000, description="How many units it is kept; 7 if left out.", json_schema_extra=server_default(7))
    unit: Unit = Field(description="The unit: Month, Week, Day, Hour, Minute or Second.", json_schema_extra=server_default(Unit.DAY))
    day_type: DayType = Field(
        description="Calendar counts every day, Working counts Monday to Friday less the public holidays.",
        json_schema_extra=server_default(DayType.CALENDAR),
    )
    rounding: Rounding = Field(
        description="EndOfDay rounds the release up to local midnight, Exact releases to the second.",
        json_schema_extra=server_default(Rounding.END_OF_DAY),
    )
    holidays: str = Field(
        max_length=2,
        pattern="^([A-Z]{2})?$",
        description="The country whose public holidays are no working days, as a two-letter code such as CN; empty for none.",
        json_schema_extra=server_default(""),
    )


class Notices(Model):
    """When the owner is told what is coming."""

    before_expiration_days: tuple[Annotated[int, Field(ge=1, le=366)], ...] = Field(
        max_length=16,
        description="How many days before its expiration the instance is announced to expire.",
        json_schema_extra=server_default([7, 5, 3, 1]),
    )
    before_release_hours: tuple[Annotated[int, Field(ge=1, le=8784)], ...] = Field(
        max_length=16,
        description="How many hours before its release time the owner is told that the instance will be terminated.",
        json_schema_extra=server_default([24, 1]),
    )


class Terms(Model):
    """The terms of a purchase, as they were when it was made."""

    price: UnitPrice = Field(description='The price of one period as a decimal string such as "120.00"; "0" is free.')
    currency: Currency = Field(description="The currency of the price as a three-letter code such as CNY.")
    period: Period = Field(description="How long one period lasts.")
    time_zone: TimeZone = Field(description="The IANA time zone in which months, days and midnights are counted, such as Asia/Shanghai.")
    renewal_anchor: RenewalAnchor = Field(description="Where a term bought in the Recycle Bin starts: OriginalExpiration or RenewalTime.")
    retention: Retention = Field(description="How long the instance is kept in the Recycle Bin.")
    auto_renew_lead: Lead = Field(description="How long before the expiration auto-renewal happens.")
    detach_policy: DetachPolicy = Field(description="Whether recycling forces attachments off (Force) or keeps them (Retain).")
    auto_renew_in_recycle_bin: bool = Field(description="Whether auto-renewal also recovers an instance from the Recycle Bin.")
    notices: Notices = Field(description="When the owner is told what is coming.")
