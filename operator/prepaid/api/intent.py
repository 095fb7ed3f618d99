"""The one purchase of an instance that is in flight, as its status keeps it. Refuses to know the steps of a purchase."""

from enum import StrEnum

from pydantic import Field

from prepaid.api.money import Amount
from prepaid.api.order import OrderSource
from prepaid.api.reference import Count, Periods, Reference
from prepaid.api.resource import Model, Moment
from prepaid.api.terms import Terms


class IntentState(StrEnum):
    """How far a purchase has come."""

    OPEN = "Open"
    GRANTED = "Granted"
    REFUSED = "Refused"


class Intent(Model):
    """A purchase in flight: whole, or not there at all."""

    sequence: Count = Field(description="Which purchase of the instance this is.")
    order: Reference = Field(description="The RenewalOrder that asks for it.")
    account: Reference | None = Field(default=None, description="The PrepaidAccount that pays; none for a free purchase.")
    periods: Periods = Field(description="How many periods are bought.")
    amount: Amount = Field(description="What they cost together.")
    terms: Terms = Field(description="The terms under which they are bought.")
    state: IntentState = Field(description="Open until it is decided, then Granted or Refused.")
    source: OrderSource = Field(description="Who asked for the purchase.")
    requested_periods: Periods | None = Field(
        default=None, description="The spec.purchasedPeriods that counts as acted on with it; none if it does not concern that."
    )
    reason: str = Field(default="", max_length=64, description="With Refused: one word for why.")
    message: str = Field(default="", max_length=1024, description="With Refused: one sentence for why.")
    from_time: Moment | None = Field(default=None, description="Where the bought time starts.")
    to_time: Moment | None = Field(default=None, description="Where the bought time ends.")
