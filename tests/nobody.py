"""A server for those who must not ask for anything."""

from collections.abc import AsyncIterator
from typing import Any

from prepaid.cluster.transport import Answer, Request


class Nobody:
    """A server that is never asked."""

    async def call(self, request: Request) -> Answer:
        raise AssertionError(f"{request.path} is asked for")

    def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        raise AssertionError(f"{request.path} is watched")
