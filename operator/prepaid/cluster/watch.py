"""The metadata of all objects of a kind, for ever: what is there, then whatever changes or goes. Knows nothing of what it is for.

A watch that ends is begun anew where it ended. Where the server does not remember that far, or is silent as one that was put back to an
older state, what was missed is seen in a new list, except for deletions, which the sweep finds.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

from prepaid.cluster.client import Cluster
from prepaid.cluster.errors import Gone, Refused, Unavailable
from prepaid.cluster.transport import METADATA, Request
from prepaid.lifecycle.objects import Manifest

WATCH_SECONDS = 300
RETRY_SECONDS = 1.0
UNSERVED_SECONDS = 5.0
REFUSED_SECONDS = 30.0

log = logging.getLogger("prepaid.watch")


@dataclass(frozen=True, slots=True)
class Change:
    """An object as a list or an event shows it: its metadata, and whether it has gone, or is none of those that are watched any more."""

    metadata: Manifest
    has_gone: bool = False


@dataclass
class Watch:
    """One kind, under a label selector if there is one. `version` is what it has heard so far; "" where it has to begin with a list."""

    cluster: Cluster
    api_version: str
    kind: str
    labels: str = ""
    version: str = ""

    async def follow(self) -> AsyncIterator[Change]:
        """Ends never."""
        while True:
            try:
                async for change in self._go_on():
                    yield change
            except Gone as error:
                log.info("the watch of %s is begun anew with a list: %s", self.kind, error)
                await self._begin_anew(RETRY_SECONDS if self.version else UNSERVED_SECONDS)
            except Refused as error:
                log.warning("%s cannot be watched: %s", self.kind, error)
                await asyncio.sleep(REFUSED_SECONDS)
            except Unavailable as error:
                log.warning("the watch of %s goes on in a moment: %s", self.kind, error)
                await asyncio.sleep(max(RETRY_SECONDS, error.retry_after or 0))
            except Exception as error:
                log.error("the watch of %s failed and is begun anew with a list", self.kind, exc_info=error)
                await self._begin_anew(RETRY_SECONDS)

    async def _begin_anew(self, seconds: float) -> None:
        self.version = ""
        await asyncio.sleep(seconds)

    async def _go_on(self) -> AsyncIterator[Change]:
        """A LIST if there has to be one, and a WATCH from there, until the server ends it. Raises ClusterError."""
        if not self.version:
            async for page in self.cluster.lists_of_metadata(self.api_version, self.kind, self.labels):
                for body in page.get("items") or ():
                    yield Change(body["metadata"])
            self.version = page["metadata"]["resourceVersion"]
        heard_from = self.version
        async for event in self.cluster.transport.stream(await self._request()):
            if event["type"] == "ERROR":
                raise Gone(str(event["object"].get("message", "")))
            self.version = event["object"]["metadata"]["resourceVersion"]
            if event["type"] != "BOOKMARK":
                yield Change(event["object"]["metadata"], event["type"] == "DELETED")
        if self.version == heard_from:
            raise Gone("the server has told nothing, not even how far it is")

    async def _request(self) -> Request:
        endpoint = await self.cluster.discovery.endpoint(self.api_version, self.kind)
        query = {"labelSelector": self.labels, "resourceVersion": self.version, "timeoutSeconds": str(WATCH_SECONDS)}
        flags = {"watch": "true", "allowWatchBookmarks": "true"}
        return Request("GET", endpoint.path(), {name: value for name, value in {**query, **flags}.items() if value}, accept=METADATA)
