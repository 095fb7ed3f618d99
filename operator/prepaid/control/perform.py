"""Carries out what was decided, one action after the other. What the server refuses comes back as a Problem for the report."""

from collections.abc import Sequence
from typing import assert_never

from prepaid.api.instance import PrepaidInstance
from prepaid.api.order import RenewalOrder
from prepaid.cluster.client import Cluster
from prepaid.cluster.errors import Conflict, Gone, Refused
from prepaid.control.log import log_action
from prepaid.lifecycle.actions import (
    Action,
    ApplyWorkload,
    CreateWorkload,
    DeleteObject,
    DropItem,
    DropReferences,
    FileInBin,
    FileOrder,
    MarkInstance,
    MarkInUse,
    PatchObject,
    TakeOrder,
    WriteItemStatus,
    WriteOrderStatus,
    WriteResourceStatus,
)
from prepaid.lifecycle.ordering import has_ended, taking
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.usage import in_use


async def perform(actions: Sequence[Action], instance: PrepaidInstance, cluster: Cluster) -> Problem | None:
    """All of them, or the first that is refused. Raises Conflict and Unavailable: then everything is looked at again."""
    for action in actions:
        try:
            await perform_one(action, instance, cluster)
        except Gone:
            continue
        except Refused as error:
            return problem_of(action, error)
        log_action(action, instance)
    return None


async def perform_one(action: Action, instance: PrepaidInstance, cluster: Cluster) -> None:
    match action:
        case MarkInstance(metadata):
            await cluster.patch(instance, {"metadata": metadata})
        case MarkInUse(instance_class):
            await cluster.write_status(in_use(instance_class, True, cluster.now()))
        case CreateWorkload(ref, manifest, is_stopped):
            await (cluster.create_alone(manifest, ref) if is_stopped else cluster.create_object(manifest, ref))
        case ApplyWorkload(live, manifest):
            await cluster.apply_object(manifest, live)
        case PatchObject(live, patch):
            await cluster.patch_object(live, patch)
        case DeleteObject(live):
            await cluster.delete_object(live)
        case FileInBin(item):
            await cluster.create(item)
        case DropItem(item):
            await cluster.delete(item)
        case WriteItemStatus(item):
            await cluster.write_status(item)
        case FileOrder(order):
            await file_order(order, cluster)
        case TakeOrder(order):
            await cluster.patch(order, taking(order))
        case WriteOrderStatus(order):
            await cluster.write_status(order)
        case WriteResourceStatus(resource):
            await cluster.write_status(resource)
        case DropReferences(names):
            left = [reference for reference in instance.spec.attachments if reference.name not in names]
            await cluster.patch(instance, {"spec": {"attachments": [reference.to_manifest() for reference in left]}})
        case _:
            assert_never(action)


async def file_order(order: RenewalOrder, cluster: Cluster) -> None:
    """One of the same name is as good if it asks for the same for the same instance and has not ended; else it is held (api.md)."""
    try:
        await cluster.create(order)
    except Conflict:
        found = await cluster.read(RenewalOrder, order.metadata.namespace, order.metadata.name)
        if found is not None and (found.spec != order.spec or has_ended(found)):
            said = f"the order {order.metadata.name} exists and asks for something else, or has ended; an administrator must look into it"
            raise Refused(said, "NotOurs") from None


def problem_of(action: Action, error: Refused) -> Problem:
    """A change that the server calls invalid leaves the old workload running; everything else holds what it concerns."""
    if isinstance(action, ApplyWorkload) and error.reason == "Invalid":
        sentence = f"The workload runs on as it is, because the server refuses the change: {error}"
        return Problem(Reason.IMMUTABLE, sentence)
    return Problem(Reason.REFUSED_BY_SERVER, f"The server refuses it: {error}")
