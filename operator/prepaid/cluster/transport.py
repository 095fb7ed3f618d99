"""One HTTP exchange with an API server as a value, and what carries it: a connection to a real server, or the simulation's."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"
METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
"""Whole objects are as good, for a server that knows no other form."""
Asked = tuple[str, tuple[tuple[str, str], ...]]
"""A path and a query: what makes two questions the same."""


@dataclass(frozen=True)
class Request:
    """What is asked: `path` starts with /api or /apis, `body` is a JSON object, `accept` says in which form the answer is wanted.

    One that `leaves_unread` the items of a list gets each of them as bytes.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    content_type: str = JSON
    accept: str = JSON
    leaves_unread: bool = False


def asked_by(request: Request) -> Asked:
    form = {} if request.accept == JSON else {"accept": request.accept}
    return request.path, tuple(sorted({**request.query, **form}.items()))


@dataclass(frozen=True)
class Answer:
    """What came back with a status below 400; `created` is HTTP 201. One that is repeated keeps what it was parsed to."""

    body: dict[str, Any]
    created: bool = False
    models: dict[type, Any] = field(default_factory=dict, compare=False, repr=False)


class Transport(Protocol):
    """Carries requests. Raises ClusterError for every status of 400 or more and for a server that cannot be reached."""

    async def call(self, request: Request) -> Answer:
        """One exchange."""

    def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        """The events of a watch, until the server ends it."""
