"""Which instances wait for which elastic resource: they are looked at when it changes.

Nothing is lost with this memory: who still waits looks again.
"""

from collections.abc import Iterable

from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Key
from prepaid.control.queue import KeyQueue


class WaitingRoom:
    """Turns a change of a resource into keys of the instances that wait for it."""

    def __init__(self, queue: KeyQueue) -> None:
        self._queue = queue
        self._waiting: dict[Key, set[Key]] = {}

    def wait(self, instance: Key, names: Iterable[str]) -> None:
        for name in names:
            self._waiting.setdefault(Key(ElasticResource, instance.namespace, name), set()).add(instance)

    def call(self, resource: Key, holders: Iterable[str]) -> None:
        """Whoever waits for it, and whoever holds it, gets a look."""
        for key in self._waiting.pop(resource, set()):
            self._queue.add(key)
        for name in holders:
            self._queue.add(Key(PrepaidInstance, resource.namespace, name))

    def ask(self, namespace: str, resources: Iterable[ElasticResource]) -> None:
        """Resources get a look."""
        for resource in resources:
            self._queue.add(Key(ElasticResource, namespace, resource.metadata.name))
