"""One sight of a cluster: what was read once is not asked for again, until it is written. Its moment is that of its first decision."""

from collections.abc import AsyncIterator
from typing import Any

from whenever import Instant

from prepaid.cluster.client import Cluster
from prepaid.cluster.errors import Gone
from prepaid.cluster.transport import Answer, Request, Transport

Asked = tuple[str, tuple[tuple[str, str], ...]]


class Remembering:
    """A Transport that repeats what it was answered; a write makes it forget the object, and the lists of its kind.

    What is made has its name in no path: all of its kind is forgotten.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._answers: dict[Asked, Answer | Gone] = {}

    async def call(self, request: Request) -> Answer:
        """One exchange, if there has to be one."""
        if request.method != "GET":
            self._forget(request.path)
            return await self._transport.call(request)
        asked = request.path, tuple(sorted(request.query.items()))
        if asked not in self._answers:
            self._answers[asked] = await self._ask(request)
        answer = self._answers[asked]
        if isinstance(answer, Gone):
            raise answer
        return answer

    def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        """Nothing of a watch is remembered."""
        return self._transport.stream(request)

    async def _ask(self, request: Request) -> Answer | Gone:
        try:
            return await self._transport.call(request)
        except Gone as error:
            return error

    def _forget(self, path: str) -> None:
        self._answers = {asked: answer for asked, answer in self._answers.items() if not is_about(asked[0], path)}


def is_about(asked: str, written: str) -> bool:
    """Whether one path leads to the other."""
    return f"{written}/".startswith(f"{asked}/") or f"{asked}/".startswith(f"{written}/")


class Glance(Cluster):
    """A cluster to be looked at for a short while: nothing that it shows is older than the moment that it tells."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(Remembering(cluster.transport), cluster.clock)
        self.discovery = cluster.discovery
        self._moment: Instant | None = None

    def now(self) -> Instant:
        """The same moment, whenever it is asked for."""
        self._moment = self._moment or super().now()
        return self._moment
