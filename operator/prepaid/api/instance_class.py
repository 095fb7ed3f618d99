"""InstanceClass: what is sold, and how it lives. Data, not code: refuses to know how a template is rendered or a term is counted."""

from typing import ClassVar

from pydantic import Field

from prepaid.api.reference import PARAMETER_NAME, Count
from prepaid.api.resource import Condition, Model, PrinterColumn, Resource
from prepaid.api.schema import keyed_by
from prepaid.api.terms import DayType, DetachPolicy, Lead, Notices, Period, Price, RenewalAnchor, Retention, Rounding, TimeZone, Unit
from prepaid.api.workload import DataTemplate, Ready, Workload

__all__ = ["DataTemplate", "InstanceClass", "InstanceClassSpec", "InstanceClassStatus", "Parameter", "Ready", "Workload"]

A_WEEK = Retention(count=7, unit=Unit.DAY, day_type=DayType.CALENDAR, rounding=Rounding.END_OF_DAY, holidays="")
AT_THE_END = Lead(count=0, unit=Unit.HOUR)
USUAL_NOTICES = Notices(before_expiration_days=(7, 5, 3, 1), before_release_hours=(24, 1))


class Parameter(Model):
    """A value that the owner of an instance may choose."""

    name: str = Field(
        min_length=1,
        max_length=63,
        pattern=PARAMETER_NAME,
        description="The parameter's name; the template uses it as $(params.<name>).",
    )
    default: str | None = Field(
        default=None, max_length=4096, description="The value where the owner gives none; without it the owner must give one."
    )
    pattern: str = Field(
        default="", max_length=1024, description="A regular expression (RE2) that a whole value must match; empty allows everything."
    )
    max_length: int = Field(default=200, ge=1, le=4096, description="The most characters that a value may have.")


class InstanceClassSpec(Model):
    """The price, the term, and what happens around it."""

    price: Price = Field(description="What one period costs.")
    period: Period = Field(description="How long one period lasts.")
    time_zone: TimeZone = Field(description="The IANA time zone in which months, days and midnights are counted, such as Asia/Shanghai.")
    renewal_anchor: RenewalAnchor = Field(
        default=RenewalAnchor.ORIGINAL_EXPIRATION,
        description="Where a term bought in the Recycle Bin starts: OriginalExpiration (the old end) or RenewalTime.",
    )
    auto_renew_lead: Lead = Field(default=AT_THE_END, description="How long before the expiration auto-renewal happens.")
    auto_renew_in_recycle_bin: bool = Field(
        default=False, description="Whether auto-renewal also recovers an instance from the Recycle Bin once the balance is enough."
    )
    retention: Retention = Field(default=A_WEEK, description="How long an expired instance is kept in the Recycle Bin.")
    detach_policy: DetachPolicy = Field(
        default=DetachPolicy.FORCE, description="Whether recycling forces attachments off (Force) or keeps them (Retain)."
    )
    notices: Notices = Field(default=USUAL_NOTICES, description="When the owner is told what is coming.")
    parameters: tuple[Parameter, ...] = Field(
        default=(), max_length=32, description="The values that the owner of an instance may choose.", json_schema_extra=keyed_by("name")
    )
    workload: Workload | None = Field(
        default=None, description="What backs an instance; a class without one sells a term and runs nothing."
    )


class InstanceClassStatus(Model):
    """Whether the class can be sold."""

    observed_generation: Count = Field(default=0, description="The generation of the spec that this status speaks of.")
    conditions: tuple[Condition, ...] = Field(
        default=(), max_length=16, description="Whether the class is Ready to be sold, and why not.", json_schema_extra=keyed_by("type")
    )


class InstanceClass(Resource):
    """What is sold, at which price and for how long, what backs it, and how it lives and ends."""

    kind: ClassVar[str] = "InstanceClass"
    plural: ClassVar[str] = "instanceclasses"
    singular: ClassVar[str] = "instanceclass"
    short_name: ClassVar[str] = "icl"
    namespaced: ClassVar[bool] = False
    rules: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "self.metadata.name.size() <= 63 && !self.metadata.name.contains('.')",
            "metadata.name must be a DNS label: at most 63 lower case letters, digits and '-', without dots.",
        ),
    )
    columns: ClassVar[tuple[PrinterColumn, ...]] = (
        PrinterColumn(name="Price", type="string", json_path=".spec.price.amount", description="The price of one period."),
        PrinterColumn(name="Currency", type="string", json_path=".spec.price.currency", description="The currency of the price."),
        PrinterColumn(name="Period", type="integer", json_path=".spec.period.count", description="How many units one period lasts."),
        PrinterColumn(name="Unit", type="string", json_path=".spec.period.unit", description="The unit of the period."),
        PrinterColumn(
            name="Ready",
            type="string",
            json_path='.status.conditions[?(@.type=="Ready")].status',
            description="Whether the class can be sold.",
        ),
    )

    spec: InstanceClassSpec = Field(description="What is sold; edits reach an instance at its next purchase or recovery.")
    status: InstanceClassStatus = Field(default_factory=InstanceClassStatus, description="What the operator found; written by it alone.")
