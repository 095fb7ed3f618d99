"""What may be done to a cluster for an instance, as values: decided here, performed by control/."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance_class import InstanceClass
from prepaid.api.order import RenewalOrder
from prepaid.lifecycle.objects import LiveObject, Manifest, ObjectRef


@dataclass(frozen=True)
class MarkInstance:
    """Merge these metadata changes into the instance: finalizers, annotations."""

    metadata: Mapping[str, Any]


@dataclass(frozen=True)
class CreateWorkload:
    """Make the workload, taking nothing from anybody; `is_stopped` for one that is started by a step of its own."""

    ref: ObjectRef
    manifest: Manifest
    is_stopped: bool = False


@dataclass(frozen=True)
class ApplyWorkload:
    """Bring the workload back to what it should be."""

    live: LiveObject
    manifest: Manifest


@dataclass(frozen=True)
class PatchObject:
    """Merge a patch into exactly this object: a stop, a label."""

    live: LiveObject
    patch: Manifest


@dataclass(frozen=True)
class DeleteObject:
    """Delete exactly this object: a workload, or data after the door."""

    live: LiveObject


@dataclass(frozen=True)
class FileInBin:
    """Make the bin item."""

    item: RecycleBinItem


@dataclass(frozen=True)
class DropItem:
    """Take exactly this item out of the bin."""

    item: RecycleBinItem


@dataclass(frozen=True)
class WriteItemStatus:
    """Write the item's status on the version that was read: its lock at the door, its receipt."""

    item: RecycleBinItem


@dataclass(frozen=True)
class FileOrder:
    """Make the order; one of the same name and content is as good."""

    order: RenewalOrder


@dataclass(frozen=True)
class TakeOrder:
    """Put our finalizer on the order, so that it cannot vanish while it is in flight."""

    order: RenewalOrder


@dataclass(frozen=True)
class WriteOrderStatus:
    """Write the order's status on the version that was read: settled, rejected, waiting."""

    order: RenewalOrder


@dataclass(frozen=True)
class MarkInUse:
    """Say in the class's status that living instances depend on it, on the version that was read."""

    instance_class: InstanceClass


@dataclass(frozen=True)
class WriteResourceStatus:
    """Write the status of an elastic resource on the version that was read: held, or released."""

    resource: ElasticResource


@dataclass(frozen=True)
class DropReferences:
    """Take these names out of the instance's own list of attachments."""

    names: tuple[str, ...]


AttachmentAction = WriteResourceStatus | DropReferences
OrderAction = FileOrder | TakeOrder | WriteOrderStatus
ItemAction = FileInBin | DropItem | WriteItemStatus
WorkloadAction = CreateWorkload | ApplyWorkload | PatchObject | DeleteObject
Action = MarkInstance | MarkInUse | OrderAction | ItemAction | WorkloadAction | AttachmentAction


def is_preparation(action: Action) -> bool:
    """Whether it writes neither the instance nor what it consists of: what was seen of them is as good as before.

    A sight in which the instance is newer than the rest would buy an order again that has been settled in between.
    """
    if isinstance(action, PatchObject):
        return action.live.ref.kind == "Namespace"
    return isinstance(action, MarkInUse | OrderAction | FileInBin)
