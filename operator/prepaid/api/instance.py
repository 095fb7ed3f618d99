"""PrepaidInstance: something paid for a term, and what its owner wants of it. Refuses to know when and how it changes."""

from typing import Annotated, ClassVar

from pydantic import Field

from prepaid.api.instance_status import (
    AttachmentRecord,
    AttachmentState,
    DataRecord,
    DataState,
    DetachedRecord,
    DetachmentRecord,
    InstanceStatus,
    NextAction,
    NextActionType,
    Phase,
    VolumeRecord,
    WorkloadRecord,
)
from prepaid.api.intent import Intent, IntentState
from prepaid.api.reference import PARAMETER_NAME, Label, ObjectName, Periods
from prepaid.api.resource import Model, PrinterColumn, Resource
from prepaid.api.schema import checked, immutable, keyed_by, together

__all__ = [
    "AttachmentRecord",
    "AttachmentReference",
    "AttachmentState",
    "DataRecord",
    "DataState",
    "DetachedRecord",
    "DetachmentRecord",
    "InstanceSpec",
    "InstanceStatus",
    "Intent",
    "IntentState",
    "NextAction",
    "NextActionType",
    "Phase",
    "PrepaidInstance",
    "VolumeRecord",
    "WorkloadRecord",
]

PLAIN_VALUES = together(
    checked("self.all(name, !self[name].contains('$('))", "A parameter is a plain value: take the $( out of it."),
    checked(
        f"self.all(name, name.matches('{PARAMETER_NAME}') && name.size() <= 63)",
        "The name of a parameter is a letter, then letters, digits, '_' or '-', at most 63 in all: take the names from the class.",
    ),
)


class AttachmentReference(Model):
    """An elastic resource that the owner wants attached."""

    name: Label = Field(description="The name of an ElasticResource in the same namespace.")


class InstanceSpec(Model):
    """What the owner has bought and wants."""

    instance_class: Label = Field(
        description="The InstanceClass that this instance is of; it cannot be changed.", json_schema_extra=immutable("spec.instanceClass")
    )
    account: ObjectName = Field(default="default", description="The PrepaidAccount in the same namespace that pays.")
    purchased_periods: Periods = Field(
        default=1, description="How many periods the owner has bought in all; raise it to renew, lowering it changes nothing."
    )
    auto_renew: bool = Field(default=False, description="Whether the instance renews by itself at its expiration if the balance is enough.")
    running: bool = Field(default=True, description="Whether it should run while its term lasts; a stopped instance still expires.")
    parameters: dict[str, Annotated[str, Field(max_length=4096)]] = Field(
        default_factory=dict,
        max_length=32,
        description="Values for the parameters of the class, by name.",
        json_schema_extra=PLAIN_VALUES,
    )
    attachments: tuple[AttachmentReference, ...] = Field(
        default=(),
        max_length=32,
        description="The elastic resources to attach; recycling takes them off and out of this list.",
        json_schema_extra=keyed_by("name"),
    )


class PrepaidInstance(Resource):
    """Something paid for a term; it expires into the Recycle Bin, where it is renewed or terminated."""

    kind: ClassVar[str] = "PrepaidInstance"
    plural: ClassVar[str] = "prepaidinstances"
    singular: ClassVar[str] = "prepaidinstance"
    short_name: ClassVar[str] = "ppi"
    selectable: ClassVar[tuple[str, ...]] = (".spec.instanceClass",)
    rules: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "self.metadata.name.size() <= 52 && !self.metadata.name.contains('.')",
            "metadata.name must be a DNS label: at most 52 lower case letters, digits and '-', without dots; pods need the rest.",
        ),
    )
    columns: ClassVar[tuple[PrinterColumn, ...]] = (
        PrinterColumn(name="Phase", type="string", json_path=".status.phase", description="Where in its life the instance is."),
        PrinterColumn(name="Class", type="string", json_path=".spec.instanceClass", description="What it is an instance of.", priority=1),
        PrinterColumn(name="Expires", type="string", json_path=".status.expirationTime", description="The end of the term."),
        PrinterColumn(name="Next", type="string", json_path=".status.nextAction.type", description="What happens next by itself."),
        PrinterColumn(name="At", type="string", json_path=".status.nextAction.time", description="When that happens.", priority=1),
        PrinterColumn(name="Auto", type="boolean", json_path=".spec.autoRenew", description="Whether it renews by itself."),
        PrinterColumn(
            name="Why",
            type="string",
            json_path='.status.conditions[?(@.type=="Ready")].reason',
            description="Why it is ready or not.",
            priority=1,
        ),
    )

    spec: InstanceSpec = Field(description="What the owner has bought and wants.")
    status: InstanceStatus = Field(default_factory=InstanceStatus, description="What is so; written by the operator alone.")
