"""A Transport for a person at a terminal: writes carry their tool's name, and in a rehearsal the server only pretends to do them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any, Final

from prepaid.cluster.transport import Answer, Request, Transport

PLUGIN: Final = "kubectl-prepaid"


@dataclass(frozen=True)
class Person:
    """Passes everything on. `is_rehearsal` makes every write a server-side dry run: checked and answered like a real one, and not kept."""

    inner: Transport
    is_rehearsal: bool = False

    async def call(self, request: Request) -> Answer:
        if request.method == "GET":
            return await self.inner.call(request)
        signed = {**request.query, "fieldManager": PLUGIN}
        return await self.inner.call(replace(request, query=signed | ({"dryRun": "All"} if self.is_rehearsal else {})))

    def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        return self.inner.stream(request)
