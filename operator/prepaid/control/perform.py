"""Carries out what was decided, one action after the other. What the server refuses comes back as a Problem for the report."""

from collections.abc import Sequence
from typing import assert_never

from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Cluster
from prepaid.cluster.errors import Gone, Refused
from prepaid.control.log import log_action
from prepaid.lifecycle.actions import (
    Action,
    ApplyWorkload,
    CreateWorkload,
    DeleteObject,
    DropItem,
    FileInBin,
    MarkInstance,
    PatchObject,
    WriteItemStatus,
)
from prepaid.lifecycle.reasons import Problem, Reason


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
        case CreateWorkload(ref, manifest):
            await cluster.create_object(manifest, ref)
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
        case _:
            assert_never(action)


def problem_of(action: Action, error: Refused) -> Problem:
    """A change that the server calls invalid leaves the old workload running; everything else holds what it concerns."""
    if isinstance(action, ApplyWorkload) and error.reason == "Invalid":
        sentence = f"The workload runs on as it is, because the server refuses the change: {error}"
        return Problem(Reason.IMMUTABLE, sentence)
    return Problem(Reason.REFUSED_BY_SERVER, f"The server refuses it: {error}")
