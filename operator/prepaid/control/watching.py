"""Our own watch on what was made for instances: pods, claims and every workload kind that a class names become keys on the queue.

kopf cannot do this: which kinds there are is known only at run time.
"""

import asyncio

from prepaid.api.instance import PrepaidInstance
from prepaid.api.marks import INSTANCE
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.watch import follow
from prepaid.control.queue import KeyQueue

ALWAYS = (("v1", "Pod"), ("v1", "PersistentVolumeClaim"))


class Watching:
    """One task for each kind, from the moment that a class names it."""

    def __init__(self, cluster: Cluster, queue: KeyQueue) -> None:
        self._cluster = cluster
        self._queue = queue
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    def start(self) -> None:
        for api_version, kind in ALWAYS:
            self.watch(api_version, kind)

    def watch(self, api_version: str, kind: str) -> None:
        """Watches this kind too; asked again it changes nothing."""
        known = self._tasks.get((api_version, kind))
        if known is None or known.done():
            self._tasks[api_version, kind] = asyncio.create_task(self._follow(api_version, kind), name=f"watch {kind}")

    def stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()

    async def _follow(self, api_version: str, kind: str) -> None:
        async for live in follow(self._cluster, api_version, kind, INSTANCE):
            name = live.metadata.labels.get(INSTANCE)
            if name:
                self._queue.add(Key(PrepaidInstance, live.metadata.namespace, name))
