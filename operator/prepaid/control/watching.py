"""Our own watch on what was made for instances: pods, claims and every workload kind that a class names become keys on the queue.

kopf cannot do this: which kinds there are is known only at run time.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from prepaid.api.instance import PrepaidInstance
from prepaid.api.marks import INSTANCE
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.watch import follow
from prepaid.control.queue import KeyQueue

POD: Final = ("v1", "Pod")
ALWAYS: Final = (POD, ("v1", "PersistentVolumeClaim"))
GATHERING_SECONDS: Final = 0.05
"""One change of a workload comes as several events, and those of many workloads together: they are one look, and looks together."""


class Watching:
    """One task for each kind, from the moment that a class names it. What is not foreign is no news."""

    def __init__(self, cluster: Cluster, queue: KeyQueue, is_foreign: Callable[[str, str], bool]) -> None:
        self._cluster = cluster
        self._queue = queue
        self._is_foreign = is_foreign
        self._soon: dict[Key, None] = {}
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
            if name and self._is_foreign(live.metadata.uid, live.metadata.resource_version):
                self._add_soon(Key(PrepaidInstance, live.metadata.namespace, name))

    def _add_soon(self, key: Key) -> None:
        if not self._soon:
            asyncio.get_running_loop().call_later(GATHERING_SECONDS, self._add_all)
        self._soon[key] = None

    def _add_all(self) -> None:
        for key in self._soon:
            self._queue.add(key)
        self._soon.clear()
