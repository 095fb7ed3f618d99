"""A server to hold requests against: the in-memory one, or the real one in a namespace of its own."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prepaid.api.resource import API_VERSION
from prepaid.cluster.errors import ClusterError, Gone
from prepaid.cluster.transport import APPLY_PATCH, JSON, MERGE_PATCH, Answer, Request, Transport
from simulation.server import Server

Body = dict[str, Any]
CLAIM_SPEC = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
PATIENCE_SECONDS = 30.0


@dataclass
class Bench:
    """Asks one server; `server` is None for the real one."""

    transport: Transport
    namespace: str
    server: Server | None

    def path(self, plural: str, name: str = "", prefix: str = f"/apis/{API_VERSION}") -> str:
        return "/".join([prefix, "namespaces", self.namespace, plural, *([name] if name else [])])

    async def get(self, path: str, **query: str) -> Body:
        return (await self.transport.call(Request("GET", path, query))).body

    async def post(self, path: str, body: Body) -> Answer:
        return await self.transport.call(Request("POST", path, {}, body))

    async def put(self, path: str, body: Body) -> Body:
        return (await self.transport.call(Request("PUT", path, {}, body))).body

    async def patch(self, path: str, changes: Body) -> Body:
        return (await self.transport.call(Request("PATCH", path, {}, changes, MERGE_PATCH))).body

    async def apply(self, path: str, body: Body, manager: str = "tester", force: str = "false") -> Answer:
        return await self.transport.call(Request("PATCH", path, {"fieldManager": manager, "force": force}, body, APPLY_PATCH))

    async def delete(self, path: str, **preconditions: str) -> Body:
        options = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background", "preconditions": preconditions}
        return (await self.transport.call(Request("DELETE", path, {}, options, JSON))).body

    async def events_since(self, path: str, version: str, **query: str) -> list[tuple[str, str]]:
        """Type and name of what a watch tells."""
        watching = {**query, "watch": "true", "resourceVersion": version, "timeoutSeconds": "1"}
        return [(e["type"], e["object"]["metadata"]["name"]) async for e in self.transport.stream(Request("GET", path, watching))]

    async def eventually(self, path: str, holds: Callable[[Body | None], Any]) -> bool:
        """Whether it comes to hold of the object at the path, once the controllers have done their work."""
        if self.server:
            self.server.settle()
        for _ in range(int(PATIENCE_SECONDS / 0.2)):
            if holds(await self.find(path)):
                return True
            if self.server:
                return False
            await asyncio.sleep(0.2)
        return False

    async def find(self, path: str) -> Body | None:
        try:
            return await self.get(path)
        except Gone:
            return None

    async def refusal(self, path: str, changes: Body) -> ClusterError | None:
        """What a patch is answered if it is not taken."""
        try:
            await self.patch(path, changes)
        except ClusterError as error:
            return error
        return None


def an_instance(name: str, **metadata: Any) -> Body:  # noqa: ANN401
    return {
        "apiVersion": API_VERSION,
        "kind": "PrepaidInstance",
        "metadata": {"name": name, **metadata},
        "spec": {"instanceClass": "absent"},
    }


def an_item(name: str, **metadata: Any) -> Body:  # noqa: ANN401
    moment = "2026-01-01T00:00:00Z"
    spec = {"instanceRef": {"name": name, "uid": "u", "stay": 1}, "recycleTime": moment, "releaseTime": moment, "reason": "Expired"}
    return {"apiVersion": API_VERSION, "kind": "RecycleBinItem", "metadata": {"name": name, **metadata}, "spec": spec}


def a_stateful_set(name: str, replicas: int = 1, image: str = "example") -> Body:
    labels = {"app": name}
    container = {"name": "main", "image": image, "volumeMounts": [{"name": "data", "mountPath": "/data"}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": name},
        "spec": {
            "serviceName": name,
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"terminationGracePeriodSeconds": 0, "containers": [container]}},
            "volumeClaimTemplates": [{"metadata": {"name": "data", "labels": {"kept": "yes"}}, "spec": CLAIM_SPEC}],
        },
    }
