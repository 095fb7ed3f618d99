"""LIST and WATCH of one kind under a label selector, for ever: what is there, then what changes. Knows nothing of what it is for.

A watch that ends is begun anew with a LIST: what was missed meanwhile is seen there, except for deletions, which the sweep finds.
"""

import asyncio
import logging
from collections.abc import AsyncIterator

from prepaid.cluster.client import Cluster
from prepaid.cluster.errors import ClusterError, Gone, Refused
from prepaid.cluster.transport import Request
from prepaid.lifecycle.objects import LiveObject

WATCH_SECONDS = 300
RETRY_SECONDS = 1.0
UNSERVED_SECONDS = 30.0

log = logging.getLogger("prepaid.watch")


async def follow(cluster: Cluster, api_version: str, kind: str, labels: str) -> AsyncIterator[LiveObject]:
    """Every object of the kind, as it is and whenever it changes or goes. Ends never."""
    while True:
        try:
            async for live in one_watch(cluster, api_version, kind, labels):
                yield live
        except Gone:
            await asyncio.sleep(UNSERVED_SECONDS if not await is_served(cluster, api_version, kind) else 0)
        except Refused as error:
            log.warning("%s cannot be watched: %s", kind, error)
            await asyncio.sleep(UNSERVED_SECONDS)
        except ClusterError as error:
            log.warning("the watch of %s is begun anew: %s", kind, error)
            await asyncio.sleep(RETRY_SECONDS)


async def one_watch(cluster: Cluster, api_version: str, kind: str, labels: str) -> AsyncIterator[LiveObject]:
    """One LIST and the WATCH from there. Raises ClusterError; ends when the server ends it."""
    endpoint = await cluster.discovery.endpoint(api_version, kind)
    query = {"labelSelector": labels}
    answer = await cluster.transport.call(Request("GET", endpoint.path(), query))
    for body in answer.body.get("items", []):
        yield LiveObject.parse({"apiVersion": api_version, "kind": kind, **body})
    version = str(answer.body["metadata"]["resourceVersion"])
    watching = {**query, "watch": "true", "resourceVersion": version, "timeoutSeconds": str(WATCH_SECONDS)}
    async for event in cluster.transport.stream(Request("GET", endpoint.path(), watching)):
        if event["type"] == "ERROR":
            raise Gone(str(event["object"].get("message", "")))
        yield LiveObject.parse(event["object"])


async def is_served(cluster: Cluster, api_version: str, kind: str) -> bool:
    try:
        await cluster.discovery.endpoint(api_version, kind)
    except ClusterError:
        return False
    return True
