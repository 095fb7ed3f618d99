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
from prepaid.control.memory import Memory
from prepaid.lifecycle.objects import Manifest

NUMEROUS: tuple[type[Resource], ...] = (PrepaidInstance, RecycleBinItem, RenewalOrder, ElasticResource)
"""Kinds of ours that may have very many objects."""


@dataclass(frozen=True)
class Hearing:
    """Decides by what the operator has written and read; what a walk has seen before a change is forgotten."""

    author: Author
    memory: Memory
    walks: Walks

    def of_ours(self, kind: type[Resource], metadata: Manifest) -> Key | None:
        """The key to look at after a change of one of the numerous. An instance and its item are read by each look at the instance."""
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

    def of_made(self, metadata: Manifest) -> Key | None:
        """The instance that something was made for."""
        name = metadata.get("labels", {}).get(INSTANCE)
        return Key(PrepaidInstance, metadata.get("namespace", ""), name) if name and not self.is_own(metadata) else None

    def is_own(self, metadata: Manifest) -> bool:
        """Whether this version was written by us. Who wrote has asked for a look where one is needed."""
        return self.author.has_written(metadata["uid"], metadata["resourceVersion"])
