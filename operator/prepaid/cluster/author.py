"""A Transport that notes what it has written, so that an event which tells of it is known to be no news. Its memory is short.

Whoever keeps what was read is told of each write before it is begun, because its answer may be lost, and when it has ended, because it
may have been read meanwhile.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from prepaid.cluster.transport import Answer, Request, Transport

MOST_REMEMBERED: Final = 20_000
"""More than are on their way back to us at any time; what is forgotten is looked at once more."""


class Author:
    """Passes everything on."""

    def __init__(self, transport: Transport, touch: Callable[[str], None] = lambda _path: None) -> None:
        self._transport = transport
        self._touch = touch
        self._written: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def call(self, request: Request) -> Answer:
        if request.method == "GET":
            return await self._transport.call(request)
        self._touch(request.path)
        try:
            answer = await self._transport.call(request)
        finally:
            self._touch(request.path)
        self._note(answer)
        return answer

    def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        return self._transport.stream(request)

    def has_written(self, uid: str, version: str) -> bool:
        """Whether this version of the object is ours."""
        return (uid, version) in self._written

    def _note(self, answer: Answer) -> None:
        metadata = answer.body.get("metadata", {})
        self._written[metadata.get("uid", ""), metadata.get("resourceVersion", "")] = None
        if len(self._written) > MOST_REMEMBERED:
            self._written.popitem(last=False)
