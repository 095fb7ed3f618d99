"""Whose look a change asks for, as its metadata tell: what we wrote ourselves, or have read by now, is no news."""

from dataclasses import dataclass

from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.api.marks import INSTANCE
from prepaid.api.order import RenewalOrder
from prepaid.api.resource import Resource
from prepaid.cluster.author import Author
from prepaid.cluster.client import Key, endpoint_of
from prepaid.cluster.walk import Walks
from prepaid.cluster.watch import Change
from prepaid.control.memory import Memory, face
from prepaid.lifecycle.objects import Manifest

NUMEROUS: tuple[type[Resource], ...] = (PrepaidInstance, RecycleBinItem, RenewalOrder, ElasticResource)
"""Kinds of ours that may have very many objects."""


@dataclass(frozen=True)
class Hearing:
    """Decides by what the operator has written and read; what a walk has seen before a change is forgotten."""

    author: Author
    memory: Memory
    walks: Walks

    def of_ours(self, kind: type[Resource], change: Change) -> Key | None:
        """The key to look at after a change of one of the numerous. An instance and its item are read by each look at the instance."""
        metadata = change.metadata
        key = Key(kind, metadata["namespace"], metadata["name"])
        self.walks.touch(endpoint_of(kind).path(key.namespace, key.name))
        if kind is ElasticResource:
            return key
        if self.is_own(metadata):
            return None
        if kind is RenewalOrder:
            return key
        is_news = self.memory.is_news(key, metadata["resourceVersion"])
        return Key(PrepaidInstance, key.namespace, key.name) if is_news else None

    def of_made(self, kind: str, change: Change) -> Key | None:
        """The instance that something was made for, if it matters to that one."""
        metadata = change.metadata
        name = metadata.get("labels", {}).get(INSTANCE)
        if not name or self.is_own(metadata):
            return None
        key = Key(PrepaidInstance, metadata.get("namespace", ""), name)
        return None if self.is_foreseen(key, kind, change) else key

    def is_foreseen(self, key: Key, kind: str, change: Change) -> bool:
        """In the bin pods go, of which those that have gone are news, and nobody asks for the status of what was stopped, or is kept."""
        last = self.memory.last(key)
        if last is None or not last.is_in_bin or change.has_gone:
            return False
        is_going_pod = kind == "Pod" and "deletionTimestamp" in change.metadata
        return is_going_pod or face(kind, change.metadata) in last.faces

    def is_own(self, metadata: Manifest) -> bool:
        """Whether this version was written by us. Who wrote has asked for a look where one is needed."""
        return self.author.has_written(metadata["uid"], metadata["resourceVersion"])
