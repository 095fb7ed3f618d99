"""Our own events: deterministic names, so that each is told once; a bucket of tokens, so that a storm of them delays no other write.

An event is told as well as can be: one that cannot be written is logged and passed over.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from prepaid.api.resource import API_VERSION, Resource
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import monotonic
from prepaid.cluster.errors import Conflict
from prepaid.lifecycle.notices import Event

PER_SECOND = 50.0
BURST = 200.0
BUSY_PER_SECOND = 2.0
"""While there is much to do: telling of it takes the server as long as doing it."""
MOST_WAITING = 10_000
MOST_REMEMBERED = 20_000

log = logging.getLogger("prepaid.events")


class Recorder:
    """Takes events without waiting and writes them one after the other."""

    def __init__(self, cluster: Cluster, is_busy: Callable[[], bool] = lambda: False) -> None:
        self._cluster = cluster
        self._is_busy = is_busy
        self._waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MOST_WAITING)
        self._told: OrderedDict[str, None] = OrderedDict()
        self._tokens = BURST
        self._filled_at = monotonic()

    def tell(self, about: Resource, event: Event) -> None:
        """Asks for an event; one of the same name is told only once."""
        manifest = event_manifest(about, event, self._cluster.clock.now().format_iso())
        name = f"{manifest['metadata']['namespace']}/{manifest['metadata']['name']}"
        if name in self._told:
            return
        try:
            self._waiting.put_nowait(manifest)
        except asyncio.QueueFull:
            log.warning("too many events are waiting: %s is not told", name)
            return
        self._told[name] = None
        if len(self._told) > MOST_REMEMBERED:
            self._told.popitem(last=False)

    async def run(self) -> None:
        """Writes events for ever."""
        while True:
            manifest = await self._waiting.get()
            try:
                await self._take_token()
                await self._write(manifest)
            finally:
                self._waiting.task_done()

    async def drain(self) -> None:
        """Waits until all that was asked for is told."""
        await self._waiting.join()

    async def _write(self, manifest: dict[str, Any]) -> None:
        try:
            await self._cluster.create_raw("v1", "Event", manifest["metadata"]["namespace"], manifest)
        except Conflict:
            return
        except Exception as error:  # noqa: BLE001
            log.warning("the event %s was not told: %r", manifest["metadata"]["name"], error)

    async def _take_token(self) -> None:
        """What was saved up is not spent while there is much to do."""
        now, is_busy = monotonic(), self._is_busy()
        per_second = BUSY_PER_SECOND if is_busy else PER_SECOND
        self._tokens = min(BURST, self._tokens + (now - self._filled_at) * per_second)
        self._filled_at = now
        if is_busy:
            await asyncio.sleep(1 / per_second)
            return
        self._tokens -= 1
        if self._tokens < 0:
            await asyncio.sleep(-self._tokens / per_second)


def event_manifest(about: Resource, event: Event, moment: str) -> dict[str, Any]:
    """A core/v1 Event; what belongs to the cluster is told in the namespace default."""
    own = about.metadata
    namespace = own.namespace or "default"
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{own.name}.{own.uid[:8]}.{event.notice.value.lower()}-{event.once}", "namespace": namespace},
        "involvedObject": {
            "apiVersion": API_VERSION,
            "kind": about.kind,
            "name": own.name,
            "namespace": own.namespace,
            "uid": own.uid,
        },
        "reason": event.notice.value,
        "message": event.message[:1024],
        "type": "Warning" if event.is_warning else "Normal",
        "source": {"component": "prepaid-operator"},
        "firstTimestamp": moment,
        "lastTimestamp": moment,
        "count": 1,
    }
