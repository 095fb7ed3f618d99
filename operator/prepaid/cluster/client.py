"""Our verbs against the API server, typed: every write is conditional on uid and resourceVersion, every error is one of four words.

Nothing is retried here: a key is looked at again by control/ (one retry loop, one place).
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeVar

from pydantic import ValidationError
from whenever import Instant

from prepaid.api.marks import FIELD_MANAGER
from prepaid.api.resource import API_VERSION, ObjectMeta, Resource
from prepaid.cluster.census import USUAL_PAGE, Census
from prepaid.cluster.clock import Clock
from prepaid.cluster.discovery import Discovery, Endpoint
from prepaid.cluster.errors import Conflict, Gone, Refused
from prepaid.cluster.transport import APPLY_PATCH, MERGE_PATCH, METADATA_LIST, Answer, Request, Transport
from prepaid.lifecycle.objects import LiveObject, Manifest, ObjectRef

METADATA_PAGE_SIZE = 5000
"""A server takes the first page from its memory, and each that follows from etcd, at several times the price (measured on 1.37)."""
R = TypeVar("R", bound=Resource)


@dataclass(frozen=True)
class Key:
    """Which of our objects: the kind is one of the six models."""

    kind: type[Resource]
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind.kind} {self.namespace}/{self.name}"


class Cluster:
    """What control/ may do to a cluster. All methods raise Unavailable; writes raise Conflict, Gone and Refused as well."""

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self.transport = transport
        self.clock = clock
        self.discovery = Discovery(transport, clock.read_monotonic)
        self.census = Census(clock.read_monotonic)

    @property
    def afresh(self) -> "Cluster":
        """What is asked here is asked of the server, whatever was answered before."""
        return self

    def now(self) -> Instant:
        """The moment to decide by."""
        return self.clock.now()

    async def read(self, kind: type[R], namespace: str, name: str) -> R | None:
        """One of ours, or None when there is none. Raises Refused when it cannot be read as its kind."""
        try:
            answer = await self.transport.call(Request("GET", endpoint_of(kind).path(namespace, name)))
        except Gone:
            return None
        return parsed(kind, answer)

    async def pages(self, kind: type[R], namespace: str = "", labels: str = "", fields: str = "") -> AsyncIterator[Manifest]:
        """All of ours, as the server sent them, page by page."""
        async for body in self._pages(list_request(endpoint_of(kind), namespace, labels, fields)):
            yield body

    async def pages_of_metadata(self, kind: type[Resource], labels: str = "", fields: str = "") -> AsyncIterator[Manifest]:
        """The metadata of all of ours, and nothing else of them, in large pages."""
        async for body in self._pages(metadata_request(endpoint_of(kind), "", labels, fields)):
            yield body["metadata"]

    async def lists_of_metadata(self, api_version: str, kind: str, labels: str = "") -> AsyncIterator[Manifest]:
        """The same of objects of any kind, list by list: each tells of which version it is. Raises Gone for a kind that is not served."""
        endpoint = await self.discovery.endpoint(api_version, kind)
        async for page in self._lists(metadata_request(endpoint, "", labels)):
            yield page

    async def create(self, resource: Resource) -> None:
        """POST. Raises Conflict when something of that name exists."""
        path = endpoint_of(type(resource)).path(resource.metadata.namespace)
        await self.transport.call(Request("POST", path, {"fieldManager": FIELD_MANAGER}, resource.to_manifest()))

    async def write_status(self, resource: R) -> R:
        """PUT of the whole status, on the resourceVersion that the resource carries; the answer as read."""
        manifest = resource.to_manifest()
        manifest.pop("spec", None)
        manifest["metadata"] = identity(resource.metadata)
        path = endpoint_of(type(resource)).path(resource.metadata.namespace, resource.metadata.name, "status")
        answer = await self.transport.call(Request("PUT", path, {"fieldManager": FIELD_MANAGER}, manifest))
        return parsed(type(resource), answer)

    async def patch(self, resource: R, changes: Manifest) -> R:
        """A merge patch on the resourceVersion that the resource carries; the answer as read."""
        path = endpoint_of(type(resource)).path(resource.metadata.namespace, resource.metadata.name)
        answer = await self.transport.call(patch_request(path, resource.metadata, changes))
        return parsed(type(resource), answer)

    async def delete(self, resource: Resource) -> None:
        """DELETE of exactly this one, as it was read."""
        path = endpoint_of(type(resource)).path(resource.metadata.namespace, resource.metadata.name)
        await self.transport.call(delete_request(path, resource.metadata))

    async def read_object(self, ref: ObjectRef) -> LiveObject | None:
        """An object of any kind, or None. Raises Gone for a kind that is not served."""
        path = await self._path(ref)
        try:
            answer = await self.transport.call(Request("GET", path))
        except Gone:
            return None
        return LiveObject.parse(answer.body)

    async def all(self, kind: type[R], namespace: str = "", labels: str = "", fields: str = "") -> list[R]:
        """All of ours, parsed. Raises Gone when the kind is not installed, Refused for one that cannot be read."""
        return [parse(kind, body) async for body in self.pages(kind, namespace, labels, fields)]

    async def list_objects(self, api_version: str, kind: str, namespace: str, labels: str, fields: str = "") -> list[LiveObject]:
        """Objects of any kind under a label and a field selector."""
        return [LiveObject.parse(body) for body in await self.list_bodies(api_version, kind, namespace, labels, fields)]

    async def list_bodies(self, api_version: str, kind: str, namespace: str, labels: str, fields: str = "") -> list[Manifest]:
        """The same as the server sent them, each with its kind. Raises Gone for a kind that is not served."""
        endpoint = await self.discovery.endpoint(api_version, kind)
        found = self._pages(list_request(endpoint, namespace, labels, fields))
        return [{"apiVersion": api_version, "kind": kind, **body} async for body in found]

    async def create_object(self, manifest: Manifest, ref: ObjectRef) -> LiveObject:
        """A server-side apply that takes nothing from anybody. Raises Conflict when an object of that name came in between."""
        answer = await self.transport.call(apply_request(await self._path(ref), manifest, force=False))
        if not answer.created:
            raise Conflict(f"{ref} appeared while it was being made")
        return LiveObject.parse(answer.body)

    async def create_alone(self, manifest: Manifest, ref: ObjectRef) -> LiveObject:
        """A POST: unlike an apply it never changes what is there. Raises Conflict when something of that name exists.

        The next apply is to own every field, so nobody does until then (Kubernetes, "Server-Side Apply", "Clearing managedFields").
        """
        endpoint = await self.discovery.endpoint(ref.api_version, ref.kind)
        made = await self.transport.call(Request("POST", endpoint.path(ref.namespace), {"fieldManager": FIELD_MANAGER}, manifest))
        return await self.patch_object(LiveObject.parse(made.body), {"metadata": {"managedFields": [{}]}})

    async def apply_object(self, manifest: Manifest, live: LiveObject) -> LiveObject:
        """A server-side apply onto exactly the object that was read."""
        conditional = {**manifest, "metadata": {**manifest["metadata"], **identity(live.metadata)}}
        answer = await self.transport.call(apply_request(await self._path(live.ref), conditional, force=True))
        return LiveObject.parse(answer.body)

    async def patch_object(self, live: LiveObject, changes: Manifest) -> LiveObject:
        """A merge patch onto exactly the object that was read."""
        answer = await self.transport.call(patch_request(await self._path(live.ref), live.metadata, changes))
        return LiveObject.parse(answer.body)

    async def delete_object(self, live: LiveObject) -> None:
        """DELETE in the background of exactly the object that was read."""
        await self.transport.call(delete_request(await self._path(live.ref), live.metadata))

    async def create_raw(self, api_version: str, kind: str, namespace: str, manifest: Manifest) -> None:
        """POST of an object of any kind, as it is. Raises Conflict when something of that name exists."""
        endpoint = await self.discovery.endpoint(api_version, kind)
        await self.transport.call(Request("POST", endpoint.path(namespace), {"fieldManager": FIELD_MANAGER}, manifest))

    async def _path(self, ref: ObjectRef) -> str:
        endpoint = await self.discovery.endpoint(ref.api_version, ref.kind)
        return endpoint.path(ref.namespace, ref.name)

    async def _pages(self, asked: Request) -> AsyncIterator[Manifest]:
        async for page in self._lists(asked):
            for body in page.get("items") or ():
                yield body

    async def _lists(self, asked: Request) -> AsyncIterator[Manifest]:
        while True:
            answer = await self.transport.call(asked)
            yield answer.body
            following = answer.body.get("metadata", {}).get("continue", "")
            if not following:
                return
            asked = replace(asked, query={**asked.query, "continue": following})


@cache
def endpoint_of(kind: type[Resource]) -> Endpoint:
    """Ours need no discovery."""
    return Endpoint(f"/apis/{API_VERSION}", kind.plural, kind.namespaced)


def list_request(endpoint: Endpoint, namespace: str, labels: str = "", fields: str = "") -> Request:
    """The first page."""
    query = {"limit": str(USUAL_PAGE), "labelSelector": labels, "fieldSelector": fields}
    return Request("GET", endpoint.path(namespace), {name: value for name, value in query.items() if value})


def metadata_request(endpoint: Endpoint, namespace: str, labels: str = "", fields: str = "") -> Request:
    """The first page; without a namespace, of all namespaces."""
    asked = list_request(endpoint, namespace, labels, fields)
    return replace(asked, query={**asked.query, "limit": str(METADATA_PAGE_SIZE)}, accept=METADATA_LIST)


def identity(metadata: ObjectMeta) -> dict[str, str]:
    """What makes a write conditional: another uid or resourceVersion on the server answers 409."""
    fields = {"name": metadata.name, "namespace": metadata.namespace, "uid": metadata.uid, "resourceVersion": metadata.resource_version}
    return {name: value for name, value in fields.items() if value}


def patch_request(path: str, metadata: ObjectMeta, changes: Manifest) -> Request:
    known = {"uid": metadata.uid, "resourceVersion": metadata.resource_version}
    body: Mapping[str, Any] = {**changes, "metadata": {**changes.get("metadata", {}), **known}}
    return Request("PATCH", path, {"fieldManager": FIELD_MANAGER}, body, MERGE_PATCH)


def apply_request(path: str, manifest: Manifest, *, force: bool) -> Request:
    return Request("PATCH", path, {"fieldManager": FIELD_MANAGER, "force": str(force).lower()}, manifest, APPLY_PATCH)


def delete_request(path: str, metadata: ObjectMeta) -> Request:
    preconditions = {"uid": metadata.uid, "resourceVersion": metadata.resource_version}
    body = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background", "preconditions": preconditions}
    return Request("DELETE", path, {}, body)


def parsed(kind: type[R], answer: Answer) -> R:
    """The model of an answer, made once: models are frozen. Raises Refused."""
    if kind not in answer.models:
        answer.models[kind] = parse(kind, answer.body)
    model: R = answer.models[kind]
    return model


def parse(kind: type[R], body: Manifest) -> R:
    """The model of what the server sent. Raises Refused, naming the first field that is not of its shape."""
    try:
        return kind.parse(dict(body))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise Refused(f"{kind.kind} cannot be read: {where}: {first['msg']}", "Unreadable") from error
