"""RecycleBinItem: one stay of an instance in the Recycle Bin, and the owner's word about it. Refuses to know when a stay ends."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from prepaid.api.instance_status import DetachedRecord
from prepaid.api.money import Limit
from prepaid.api.reference import Count, InstanceName, Periods, Reference, Uid
from prepaid.api.resource import Condition, Model, Moment, PrinterColumn, Resource
from prepaid.api.schema import immutable, keyed_by, server_default


class Disposition(StrEnum):
    """The owner's word: keep it, renew it, or end it for good."""

    RETAIN = "Retain"
    RECOVER = "Recover"
    TERMINATE = "Terminate"


class BinItemPhase(StrEnum):
    """What is happening to the item."""

    RECYCLED = "Recycled"
    RECOVERING = "Recovering"
    TERMINATING = "Terminating"
    TERMINATED = "Terminated"


class InstanceRef(Model):
    """Exactly one stay of exactly one instance."""

    name: InstanceName = Field(description="The instance's name, which is also the item's.")
    uid: Uid = Field(description="The instance's uid.")
    stay: Count = Field(description="Which of the instance's stays in the Recycle Bin this is.")


class BinItemSpec(Model):
    """What the operator filed, and what the owner says."""

    instance_ref: InstanceRef = Field(
        description="The instance and the stay; it cannot be changed.", json_schema_extra=immutable("spec.instanceRef")
    )
    recycle_time: Moment = Field(
        description="When the instance entered the Recycle Bin; it cannot be changed.", json_schema_extra=immutable("spec.recycleTime")
    )
    release_time: Moment = Field(
        description="When it will be terminated unless it is renewed before; it cannot be changed.",
        json_schema_extra=immutable("spec.releaseTime"),
    )
    reason: str = Field(
        min_length=1,
        max_length=64,
        pattern="^[A-Za-z]+$",
        description="One word for why it is in the bin; it cannot be changed.",
        json_schema_extra=immutable("spec.reason"),
    )
    detached_attachments: tuple[DetachedRecord, ...] = Field(
        default=(),
        max_length=32,
        description="The elastic resources that were taken off; it cannot be changed.",
        json_schema_extra=server_default([]) | immutable("spec.detachedAttachments"),
    )
    disposition: Disposition = Field(
        default=Disposition.RETAIN, description="Retain waits, Recover buys periods and runs it again, Terminate erases it for good."
    )
    periods: Periods = Field(default=1, description="With Recover: how many periods to buy.")
    max_amount: Limit = Field(default=None, description="With Recover: refuse to pay more than this; empty for no limit.")
    confirm: str = Field(default="", max_length=63, description="With Terminate: the instance's name, typed to confirm that its data goes.")


class BinItemStatus(Model):
    """What is happening to the item."""

    phase: BinItemPhase = Field(default=BinItemPhase.RECYCLED, description="Recycled, Recovering, Terminating, or Terminated.")
    observed_generation: Count = Field(default=0, description="The generation of the spec that was acted on last.")
    order: Reference | None = Field(default=None, description="The RenewalOrder that recovers the instance.")
    conditions: tuple[Condition, ...] = Field(
        default=(), max_length=16, description="What is so, one by one, with a reason and a sentence.", json_schema_extra=keyed_by("type")
    )


FROZEN_PHASES = "['Terminating', 'Terminated']"


class RecycleBinItem(Resource):
    """One expired instance in the Recycle Bin: recover it, terminate it, or leave it until its release time."""

    kind: ClassVar[str] = "RecycleBinItem"
    plural: ClassVar[str] = "recyclebinitems"
    singular: ClassVar[str] = "recyclebinitem"
    short_name: ClassVar[str] = "rbi"
    status_default: ClassVar[dict[str, str]] = {"phase": "Recycled"}
    rules: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "self.metadata.name == self.spec.instanceRef.name",
            "metadata.name must be spec.instanceRef.name: an item is named as its instance.",
        ),
        (
            "self.spec.disposition != 'Terminate' || (has(self.spec.confirm) && self.spec.confirm == self.metadata.name)",
            "spec.confirm must be the instance's name to terminate it: its data will be erased for good.",
        ),
        (
            f"!has(oldSelf.status) || !has(oldSelf.status.phase) || !(oldSelf.status.phase in {FROZEN_PHASES}) "
            "|| self.spec.disposition == oldSelf.spec.disposition",
            "spec.disposition cannot be changed any more: the instance is being terminated.",
        ),
    )
    columns: ClassVar[tuple[PrinterColumn, ...]] = (
        PrinterColumn(name="Phase", type="string", json_path=".status.phase", description="What is happening to it."),
        PrinterColumn(name="Disposition", type="string", json_path=".spec.disposition", description="The owner's word."),
        PrinterColumn(name="Release", type="string", json_path=".spec.releaseTime", description="When it will be terminated."),
    )

    spec: BinItemSpec = Field(description="What the operator filed, and what the owner says.")
    status: BinItemStatus = Field(default_factory=BinItemStatus, description="What is happening to it; written by the operator alone.")
