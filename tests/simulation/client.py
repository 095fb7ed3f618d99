"""One client's view of the server: the Transport that the operator's code runs on, where every call is a step that a scheduler may hold up.

Under asyncio the steps pass by themselves. What goes wrong, and when, is decided by the faults of the view.
"""

from collections.abc import AsyncIterator, Callable, Generator
from dataclasses import dataclass
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

import orjson
from whenever import Instant

from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import ClusterError, Unavailable
from prepaid.cluster.transport import Answer, Request
from simulation.faults import NO_FAULTS, Fault, Faults, Killed
from simulation.server import Server

Tell = Callable[[str, Request, str], None]


class Turn:
    """Awaited where somebody else may come first."""

    def __await__(self) -> Generator[None, None, None]:
        yield


def nobody(_who: str, _request: Request, _outcome: str) -> None:
    """Listens to no trace."""


@dataclass
class Client:
    """A Transport. `clock` hears the Date of every answer; `tell` is given each call and how it went; `asked` is the newest call."""

    server: Server
    name: str
    faults: Faults = NO_FAULTS
    clock: Clock | None = None
    tell: Tell = nobody
    asked: Request | None = None

    async def call(self, request: Request) -> Answer:
        self.asked = request
        await Turn()
        fault = self.faults.strike(request.method != "GET")
        if fault in (Fault.LOST_BEFORE, Fault.KILLED_BEFORE):
            self._fail(request, fault)
        try:
            answer = self.server.call(request, self.faults.horizon(self.server.store.number))
        except ClusterError as error:
            self._heard(request, fault, f"{type(error).__name__}: {error}")
            raise
        self._heard(request, fault, "created" if answer.created else "ok")
        if fault is Fault.LATE:
            await Turn()
        return unread(answer) if request.leaves_unread else answer

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        """What has changed since, up to now; then the watch ends, as after its timeout."""
        await Turn()
        for event in self.server.watch(request):
            yield event

    def _heard(self, request: Request, fault: Fault | None, outcome: str) -> None:
        """The answer arrives, unless it is lost on its way or the client dies."""
        if fault in (Fault.LOST_AFTER, Fault.KILLED_AFTER):
            self._fail(request, fault)
        self.tell(self.name, request, outcome)
        if self.clock is not None:
            self.clock.observe(http_date(self.server.read_time()))

    def _fail(self, request: Request, fault: Fault) -> None:
        self.tell(self.name, request, fault.name)
        if fault in (Fault.KILLED_BEFORE, Fault.KILLED_AFTER):
            raise Killed(self.name)
        raise Unavailable("the API server does not answer (simulated)")


def unread(answer: Answer) -> Answer:
    """A list with its items as they would have come."""
    return Answer({**answer.body, "items": [orjson.dumps(item) for item in answer.body["items"]]})


@lru_cache(16)
def http_date(moment: Instant) -> str:
    return format_datetime(moment.to_stdlib(), usegmt=True)
