"""One sight of a cluster: what was read once is not asked for again, until it is written. Its moment is that of its first decision."""

from collections.abc import AsyncIterator, Mapping
from copy import copy
from typing import Any

from whenever import Instant

from prepaid.cluster.client import Cluster
from prepaid.cluster.errors import ClusterError, Gone
from prepaid.cluster.panorama import Panorama
from prepaid.cluster.transport import Answer, Asked, Request, Transport, asked_by
from prepaid.lifecycle.objects import Manifest


class Remembering:
    """A Transport that repeats what it was answered; a write makes it forget the object, and the lists of its kind.

    What is made has its name in no path: all of its kind is forgotten. What the server says to have kept is remembered as if it had been
    read then, unless it is being deleted: that one may be gone by now. `panorama` is what others have asked before.
    Errors are repeated as copies: one that was raised keeps all that was at work there.
    """

    def __init__(self, transport: Transport, panorama: Panorama | None = None) -> None:
        self._transport = transport
        self._panorama = panorama
        self._answers: dict[Asked, Answer | ClusterError] = {}
        self._written: dict[str, Manifest | None] = {}
        """What was kept of each object, or list, that was written; None where that is not known."""

    async def call(self, request: Request) -> Answer:
        """One exchange, if there has to be one."""
        if request.method != "GET":
            return await self._write(request)
        asked = asked_by(request)
        if asked not in self._answers:
            self._answers[asked] = self._seen_before(asked) or await self._ask(request)
        answer = self._answers[asked]
        if isinstance(answer, ClusterError):
            raise copy(answer)
        return answer

    def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        """Nothing of a watch is remembered."""
        return self._transport.stream(request)

    def _seen_before(self, asked: Asked) -> Answer | ClusterError | None:
        """What others have seen; a list of theirs with those in it that were written since as they were kept."""
        touched = {path: kept for path, kept in self._written.items() if is_about(asked[0], path)}
        if self._panorama is None or None in touched.values():
            return None
        found = self._panorama.answer(asked)
        return with_kept(found, asked[0], touched) if isinstance(found, Answer) and touched else found

    async def _ask(self, request: Request) -> Answer | Gone:
        try:
            return await self._transport.call(request)
        except Gone as error:
            return error.with_traceback(None)

    async def _write(self, request: Request) -> Answer:
        self._forget(request.path)
        self._written[request.path] = None
        answer = await self._transport.call(request)
        if kept := path_of(request, answer):
            self._answers[kept, ()] = answer
            self._written[kept] = answer.body
        if request.method != "POST" and kept:
            self._written[request.path] = answer.body
        return answer

    def _forget(self, path: str) -> None:
        self._answers = {asked: answer for asked, answer in self._answers.items() if not is_about(asked[0], path)}


def with_kept(answer: Answer, path: str, kept: Mapping[str, Manifest | None]) -> Answer:
    """A list in which some were written."""
    items = [kept.get(f"{path}/{body['metadata']['name']}") or body for body in answer.body.get("items", [])]
    return Answer({**answer.body, "items": items})


def is_about(asked: str, written: str) -> bool:
    """Whether one path leads to the other."""
    return f"{written}/".startswith(f"{asked}/") or f"{asked}/".startswith(f"{written}/")


def path_of(request: Request, answer: Answer) -> str:
    """Where the object is read that a write was answered with; "" for none that is sure to be there."""
    metadata = answer.body.get("metadata", {})
    if request.method == "DELETE" or not metadata.get("name") or "deletionTimestamp" in metadata:
        return ""
    if request.method == "POST":
        return f"{request.path}/{metadata['name']}"
    return request.path.removesuffix("/status") if request.path.endswith(f"/{metadata['name']}/status") else request.path


class Glance(Cluster):
    """A cluster to be looked at for a short while: nothing that it shows is older than the moment that it tells."""

    def __init__(self, cluster: Cluster, panorama: Panorama | None = None) -> None:
        super().__init__(Remembering(cluster.transport, panorama), cluster.clock)
        self.discovery, self.census = cluster.discovery, cluster.census
        self._cluster = cluster
        self._moment = panorama.moment if panorama else None

    @property
    def afresh(self) -> Cluster:
        return self._cluster

    def now(self) -> Instant:
        """The same moment, whenever it is asked for."""
        self._moment = self._moment or super().now()
        return self._moment
