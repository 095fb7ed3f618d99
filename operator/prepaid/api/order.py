"""RenewalOrder: one purchase, asked for and then kept as the ledger. Refuses to know whether it will be paid."""

from enum import StrEnum
from typing import ClassVar, Final

from pydantic import ConfigDict, Field

from prepaid.api.money import Amount, Currency, Limit
from prepaid.api.reference import Count, InstanceName, Periods, Reference
from prepaid.api.resource import Condition, Model, Moment, PrinterColumn, Resource
from prepaid.api.schema import checked, immutable, keyed_by
from prepaid.api.terms import Terms


class OrderSource(StrEnum):
    """Who asked for the purchase: the owner, or the operator and why."""

    OWNER = "Owner"
    INITIAL = "Initial"
    PURCHASED_PERIODS = "PurchasedPeriods"
    AUTO_RENEW = "AutoRenew"
    RECOVER = "Recover"


class OrderPhase(StrEnum):
    """How the purchase ended, if it did."""

    PENDING = "Pending"
    SETTLED = "Settled"
    REJECTED = "Rejected"


SETTLED: Final = f"status.phase={OrderPhase.SETTLED.value}"
UNENDED: Final = f"status.phase!={OrderPhase.SETTLED.value},status.phase!={OrderPhase.REJECTED.value}"
"""Field selectors (api.md, RenewalOrder); an order that nobody has looked at yet has no phase, and has not ended."""
REQUESTED_RULE = checked(
    "has(self.requestedPeriods) == (self.source == 'PurchasedPeriods')",
    "spec.requestedPeriods goes with spec.source PurchasedPeriods and with no other: set both or neither.",
)


class OrderInstanceRef(Model):
    """The instance to renew; without a uid it is the one of that name."""

    name: InstanceName = Field(description="The name of a PrepaidInstance in the same namespace.")
    uid: str = Field(default="", max_length=64, description="The instance's uid; leave it out if it is not known yet.")


class RenewalOrderSpec(Model):
    """What to buy. Never changed once it is written."""

    model_config = ConfigDict(json_schema_extra=REQUESTED_RULE)

    instance_ref: OrderInstanceRef = Field(description="The instance to renew.")
    periods: Periods = Field(default=1, description="How many periods to buy.")
    max_amount: Limit = Field(default=None, description="Refuse to pay more than this; empty for no limit.")
    source: OrderSource = Field(default=OrderSource.OWNER, description="Who asked: Owner for people; the others are the operator's.")
    requested_periods: Periods | None = Field(
        default=None, description="The spec.purchasedPeriods that is bought up to; only with source PurchasedPeriods."
    )


class RenewalOrderStatus(Model):
    """How the purchase ended, and what was bought."""

    phase: OrderPhase | None = Field(default=None, description="Pending, then Settled or Rejected for good.")
    sequence: Count = Field(default=0, description="Which purchase of the instance this was.")
    amount: Amount | None = Field(default=None, description="What was paid.")
    currency: Currency | None = Field(default=None, description="The currency of the amount as a three-letter code such as CNY.")
    account: Reference | None = Field(default=None, description="The PrepaidAccount that paid.")
    terms: Terms | None = Field(default=None, description="The terms under which it was bought.")
    requested_periods: Periods | None = Field(default=None, description="The spec.purchasedPeriods that was bought up to.")
    from_time: Moment | None = Field(default=None, description="Where the bought time starts.")
    to_time: Moment | None = Field(default=None, description="Where the bought time ends.")
    settled_time: Moment | None = Field(default=None, description="When it was settled.")
    conditions: tuple[Condition, ...] = Field(
        default=(), max_length=16, description="What is so, one by one, with a reason and a sentence.", json_schema_extra=keyed_by("type")
    )


class RenewalOrder(Resource):
    """One purchase of periods for an instance: asked for, settled or rejected, and kept."""

    kind: ClassVar[str] = "RenewalOrder"
    plural: ClassVar[str] = "renewalorders"
    singular: ClassVar[str] = "renewalorder"
    short_name: ClassVar[str] = "rno"
    selectable: ClassVar[tuple[str, ...]] = (".status.phase", ".spec.instanceRef.name")
    columns: ClassVar[tuple[PrinterColumn, ...]] = (
        PrinterColumn(name="Phase", type="string", json_path=".status.phase", description="How the purchase ended, if it did."),
        PrinterColumn(name="Instance", type="string", json_path=".spec.instanceRef.name", description="The instance to renew."),
        PrinterColumn(name="Periods", type="integer", json_path=".spec.periods", description="How many periods are bought."),
        PrinterColumn(name="Amount", type="string", json_path=".status.amount", description="What was paid."),
        PrinterColumn(name="From", type="string", json_path=".status.fromTime", description="Where the bought time starts.", priority=1),
        PrinterColumn(name="To", type="string", json_path=".status.toTime", description="Where the bought time ends."),
        PrinterColumn(name="Source", type="string", json_path=".spec.source", description="Who asked for it.", priority=1),
    )

    spec: RenewalOrderSpec = Field(description="What to buy; it cannot be changed.", json_schema_extra=immutable("spec"))
    status: RenewalOrderStatus = Field(
        default_factory=RenewalOrderStatus, description="How it ended and what was bought; written by the operator alone."
    )
