"""Our own watches, on what there may be very many of, and on what was made for instances: changes become keys on the queue.

kopf cannot do this: it takes in whole objects, all at once when it starts (17 KB each), and which workload kinds there are is known only
at run time.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

from prepaid.api.marks import INSTANCE
from prepaid.api.resource import API_VERSION
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.watch import Change, Watch
from prepaid.control.hearing import NUMEROUS, Hearing
from prepaid.control.queue import KeyQueue

POD: Final = ("v1", "Pod")
ALWAYS: Final = (POD, ("v1", "PersistentVolumeClaim"))
GATHERING_SECONDS: Final = 0.05
"""So long at least a change waits, and twice as long at most: one of a workload comes as several events, and ours before their answers."""

Judge = Callable[[Change], Key | None]


class Watching:
    """One task for each kind; a workload kind is watched from the moment that a class names it."""

    def __init__(self, cluster: Cluster, queue: KeyQueue, hearing: Hearing) -> None:
        self._cluster = cluster
        self._queue = queue
        self._hearing = hearing
        self._heard: list[tuple[Judge, Change]] = []
        self._ripe: list[tuple[Judge, Change]] = []
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    def start(self) -> None:
        for kind in NUMEROUS:
            self._follow(Watch(self._cluster, API_VERSION, kind.kind), partial(self._hearing.of_ours, kind))
        for api_version, name in ALWAYS:
            self.watch(api_version, name)

    def watch(self, api_version: str, kind: str) -> None:
        """Watches what is made of this kind too; asked again it changes nothing."""
        self._follow(Watch(self._cluster, api_version, kind, INSTANCE), partial(self._hearing.of_made, kind))

    def stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()

    def _follow(self, watch: Watch, judge: Judge) -> None:
        known = self._tasks.get((watch.api_version, watch.kind))
        if known is None or known.done():
            task = asyncio.create_task(self._listen(watch, judge), name=f"watch {watch.kind}")
            self._tasks[watch.api_version, watch.kind] = task

    async def _listen(self, watch: Watch, judge: Judge) -> None:
        async for change in watch.follow():
            if not self._heard and not self._ripe:
                asyncio.get_running_loop().call_later(GATHERING_SECONDS, self._judge_the_ripe)
            self._heard.append((judge, change))

    def _judge_the_ripe(self) -> None:
        """What asks for the same look is one."""
        ripe, self._ripe, self._heard = self._ripe, self._heard, []
        if self._ripe:
            asyncio.get_running_loop().call_later(GATHERING_SECONDS, self._judge_the_ripe)
        for key in dict.fromkeys(judge(change) for judge, change in ripe):
            if key is not None:
                self._queue.add(key)
