"""What the operator knows of an instance: its term, its stays in the bin, what backs it, what is attached, what comes next.

Every field may be missing, because a status may have been emptied; refuses to say what that means.
"""

from enum import StrEnum
from typing import Any

from pydantic import Field

from prepaid.api.elastic_resource import ElasticType
from prepaid.api.intent import Intent
from prepaid.api.reference import ApiVersion, Count, Kind, Label, ObjectName, Reference, Uid
from prepaid.api.resource import Condition, Model, Moment
from prepaid.api.schema import OPEN, keyed_by
from prepaid.api.terms import Terms


class Phase(StrEnum):
    """Where in its life an instance is."""

    PENDING = "Pending"
    RUNNING = "Running"
    STOPPED = "Stopped"
    RECYCLED = "Recycled"
    TERMINATING = "Terminating"
    TERMINATED = "Terminated"


class DataState(StrEnum):
    """What has become of a piece of data."""

    PRESENT = "Present"
    ERASED = "Erased"
    RETAINED = "Retained"


class AttachmentState(StrEnum):
    """How far an attachment has come."""

    ATTACHED = "Attached"
    RECORDED = "Recorded"
    PENDING = "Pending"


class NextActionType(StrEnum):
    """What happens next by itself."""

    AUTO_RENEW = "AutoRenew"
    RECYCLE = "Recycle"
    TERMINATE = "Terminate"
    NONE = "None"


class WorkloadRecord(Model):
    """What to stop and how, even if the class is gone."""

    api_version: ApiVersion = Field(description="The workload's API group and version.")
    kind: Kind = Field(description="The workload's kind.")
    name: ObjectName = Field(description="The workload's name.")
    uid: str = Field(default="", max_length=64, description="The workload's uid; empty until it was first seen.")
    stopped: dict[str, Any] = Field(
        default_factory=dict, max_length=32, description="The merge patch that stops it.", json_schema_extra=OPEN
    )
    class_version: str = Field(default="", max_length=64, description="The version of the class that the last purchase copied.")


class VolumeRecord(Reference):
    """The PersistentVolume behind a piece of data."""


class DataRecord(Model):
    """One object that holds the instance's data."""

    api_version: ApiVersion = Field(description="Its API group and version.")
    kind: Kind = Field(description="Its kind.")
    name: ObjectName = Field(description="Its name.")
    uid: Uid = Field(description="Its uid; another object of the same name is not this data.")
    volume: VolumeRecord | None = Field(default=None, description="The PersistentVolume behind it, once there is one.")
    state: DataState = Field(description="Present, Erased (seen to be gone), or Retained by its volume's reclaim policy.")


class DetachmentRecord(Model):
    """An elastic resource that recycling takes off."""

    name: Label = Field(description="The name of the ElasticResource.")
    type: ElasticType | None = Field(default=None, description="What it is; empty while there is no such ElasticResource.")


class AttachmentRecord(DetachmentRecord):
    """An elastic resource that the owner wants attached, and how far that has come."""

    state: AttachmentState = Field(description="Attached, Recorded (nothing to render it into), or Pending.")
    attach_time: Moment | None = Field(default=None, description="When it was attached.")
    message: str = Field(default="", max_length=1024, description="What it waits for, and what to do; empty once it is attached.")


class DetachedRecord(DetachmentRecord):
    """An elastic resource that the last recycling took off."""

    detach_time: Moment | None = Field(default=None, description="When it was taken off.")


class NextAction(Model):
    """What happens next by itself, and when."""

    type: NextActionType = Field(description="AutoRenew, Recycle, Terminate, or None.")
    time: Moment | None = Field(default=None, description="When it happens.")


class InstanceStatus(Model):
    """What is so. Output only: the phase alone never decides anything."""

    phase: Phase | None = Field(default=None, description="Where in its life the instance is; computed, for people to read.")
    observed_generation: Count = Field(default=0, description="The generation of the spec that this status speaks of.")
    start_time: Moment | None = Field(default=None, description="Where the present term starts.")
    expiration_time: Moment | None = Field(default=None, description="The first moment that is not paid for.")
    anchor_time: Moment | None = Field(default=None, description="Where the periods are counted from.")
    anchor_periods: Count = Field(default=0, description="How many periods are counted from the anchor.")
    periods: Count = Field(default=0, description="How many periods were granted so far, from all orders.")
    requested_periods: Count = Field(default=0, description="The highest spec.purchasedPeriods that was ever acted on.")
    sequence: Count = Field(default=0, description="How many purchases have ended so far; what intent tells is not counted.")
    stay: Count = Field(default=0, description="How many times the instance has entered the Recycle Bin.")
    recycle_time: Moment | None = Field(default=None, description="When it entered the Recycle Bin, while it is in there.")
    release_time: Moment | None = Field(default=None, description="When it will be terminated unless it is renewed before.")
    termination_time: Moment | None = Field(default=None, description="When it was terminated.")
    intent: Intent | None = Field(default=None, description="The one purchase in flight; when it is over, the next write takes it off.")
    terms: Terms | None = Field(default=None, description="The terms of the present term, copied when it was bought.")
    workload: WorkloadRecord | None = Field(default=None, description="What to stop and how, even if the class is gone.")
    data: tuple[DataRecord, ...] = Field(
        default=(), max_length=32, description="The objects that hold its data; only these are erased at termination."
    )
    attachments: tuple[AttachmentRecord, ...] = Field(default=(), max_length=32, description="What is attached, or waits to be.")
    pending_detachments: tuple[DetachmentRecord, ...] = Field(
        default=(), max_length=64, description="What recycling still has to take off."
    )
    detached_attachments: tuple[DetachedRecord, ...] = Field(
        default=(), max_length=32, description="What the last recycling took off, so that the owner can set it again."
    )
    next_action: NextAction | None = Field(default=None, description="What happens next by itself, and when.")
    conditions: tuple[Condition, ...] = Field(
        default=(), max_length=16, description="What is so, one by one, with a reason and a sentence.", json_schema_extra=keyed_by("type")
    )
