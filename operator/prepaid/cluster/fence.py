"""A Transport that lets nothing through any more once another process may do the same work. Refuses to know how that is found out.

A process that stood still, for its whole deadline or longer, does not know it when it goes on: each exchange asks first.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from prepaid.cluster.errors import Unavailable
from prepaid.cluster.transport import Answer, Request, Transport


@dataclass(frozen=True)
class Fence:
    """Passes everything on while it is open."""

    inner: Transport
    is_open: Callable[[], bool]

    async def call(self, request: Request) -> Answer:
        """Raises Unavailable, like a server that is away, when it is closed."""
        if not self.is_open():
            raise Unavailable("another operator may lead by now", "Fenced")
        return await self.inner.call(request)

    def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        return self.inner.stream(request)
