"""The safety net under the watches: once in a while everything of a class is listed and compared with what the last looks saw.

What changed, is overdue, or was never looked at gets a look; workloads of instances that are no more are removed, never data.
"""

import logging
from dataclasses import dataclass

from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.marks import CLASS, INSTANCE, INSTANCE_UID
from prepaid.cluster.client import Cluster, Key, endpoint_of
from prepaid.cluster.errors import Conflict, Gone, Refused
from prepaid.cluster.walk import Walks
from prepaid.control.due import DueQueue
from prepaid.control.memory import Look, Memory, face
from prepaid.control.queue import KeyQueue
from prepaid.lifecycle.objects import LiveObject, Manifest

log = logging.getLogger("prepaid.sweep")


@dataclass(frozen=True)
class Sweep:
    """Compares what is there with what was seen."""

    cluster: Cluster
    queue: KeyQueue
    due: DueQueue
    memory: Memory
    walks: Walks

    async def of_class(self, instance_class: InstanceClass) -> None:
        """All instances of one class, their workloads and their bin items."""
        name = instance_class.metadata.name
        workloads = await self.workloads_of(instance_class)
        in_bin = await self.items_of(name)
        async for metadata in self.cluster.pages_of_metadata(PrepaidInstance, fields=f"spec.instanceClass={name}"):
            self.compare(metadata, workloads.pop(metadata["uid"], None), in_bin)
        for live in workloads.values():
            await self.remove_if_orphan(live)

    async def of_missing_classes(self, known: frozenset[str]) -> None:
        """All instances whose class is not there."""
        others = ",".join(f"spec.instanceClass!={name}" for name in sorted(known))
        async for metadata in self.cluster.pages_of_metadata(PrepaidInstance, fields=others):
            self.compare(metadata, None, None)

    async def of_everything_in(self, instance_class: str) -> None:
        """A look at every instance of a class that was edited."""
        async for metadata in self.cluster.pages_of_metadata(PrepaidInstance, fields=f"spec.instanceClass={instance_class}"):
            self.queue.add(key_of(metadata))

    async def of_resources(self) -> None:
        """A look at every elastic resource that was never looked at, is deleted, or is held by an instance that no look has seen."""
        async for body in self.cluster.pages(ElasticResource):
            metadata, status = body["metadata"], body.get("status", {})
            are_living = all(self.is_living(metadata["namespace"], holder) for holder in status.get("attachedTo", []))
            if not status.get("phase") or "deletionTimestamp" in metadata or not are_living:
                self.queue.add(Key(ElasticResource, metadata["namespace"], metadata["name"]))

    def is_living(self, namespace: str, holder: Manifest) -> bool:
        last = self.memory.last(Key(PrepaidInstance, namespace, holder["name"]))
        return last is not None and last.uid == holder["uid"]

    def compare(self, metadata: Manifest, workload: LiveObject | None, in_bin: frozenset[str] | None) -> None:
        """Asks for a look unless the last one saw exactly this. Without a list of items, and of workloads, only the instance counts."""
        last = self.memory.last(key_of(metadata))
        is_seen = last is not None and (last.uid, last.instance_version) == (metadata["uid"], metadata["resourceVersion"])
        if not is_seen:
            self.walks.touch(endpoint_of(PrepaidInstance).path(metadata["namespace"], metadata["name"]))
        if last is None or not is_seen or (in_bin is not None and misses(last, workload, in_bin)):
            self.queue.add(key_of(metadata))

    async def workloads_of(self, instance_class: InstanceClass) -> dict[str, LiveObject]:
        """By the uid of their instance."""
        workload = instance_class.spec.workload
        template = workload.template if workload else {}
        api_version, kind = template.get("apiVersion"), template.get("kind")
        if not api_version or not kind:
            return {}
        try:
            found = await self.cluster.list_objects(str(api_version), str(kind), "", f"{CLASS}={instance_class.metadata.name}")
        except (Gone, Refused):
            return {}
        return {live.metadata.labels.get(INSTANCE_UID, ""): live for live in found}

    async def items_of(self, name: str) -> frozenset[str]:
        """The uids of the instances that have an item."""
        items = self.cluster.pages_of_metadata(RecycleBinItem, labels=f"{CLASS}={name}")
        return frozenset([metadata["labels"].get(INSTANCE_UID, "") async for metadata in items])

    async def remove_if_orphan(self, live: LiveObject) -> None:
        """Deletes a workload whose instance is no more, after a fresh look at that instance."""
        name, uid = live.metadata.labels.get(INSTANCE, ""), live.metadata.labels.get(INSTANCE_UID, "")
        if not name or not uid or live.metadata.deletion_timestamp:
            return
        instance = await self.cluster.read(PrepaidInstance, live.metadata.namespace, name)
        if instance is not None and instance.metadata.uid == uid:
            return
        try:
            await self.cluster.delete_object(live)
        except (Gone, Conflict):
            return
        log.info("removed %s in %s: its instance is no more", live.ref, live.metadata.namespace)


def key_of(metadata: Manifest) -> Key:
    return Key(PrepaidInstance, metadata["namespace"], metadata["name"])


def misses(last: Look, workload: LiveObject | None, in_bin: frozenset[str]) -> bool:
    """Whether its workload is another than it was, or its item is not there."""
    return is_another(last, workload) or (last.is_in_bin and last.uid not in in_bin)


def is_another(last: Look, workload: LiveObject | None) -> bool:
    """In the bin its status is nobody's business."""
    if last.is_in_bin and workload:
        return face(workload.ref.kind, workload.body["metadata"]) not in last.faces
    return last.workload_version != (workload.metadata.resource_version if workload else "")
