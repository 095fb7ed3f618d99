"""Nothing gets through to the server once another may lead."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from prepaid.cluster.errors import Unavailable
from prepaid.cluster.fence import Fence
from prepaid.cluster.transport import Answer, Request


@dataclass
class Heard:
    """A Transport that keeps what it hears."""

    requests: list[Request] = field(default_factory=list)

    async def call(self, request: Request) -> Answer:
        self.requests.append(request)
        return Answer({"said": "yes"})

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {"path": request.path}


async def test_while_it_is_open_everything_passes() -> None:
    heard = Heard()
    fence = Fence(heard, lambda: True)
    assert (await fence.call(Request("PUT", "/x"))).body == {"said": "yes"}
    assert [event async for event in fence.stream(Request("GET", "/y"))] == [{"path": "/y"}]
    assert heard.requests == [Request("PUT", "/x")]


async def test_once_it_is_closed_nothing_is_sent() -> None:
    heard = Heard()
    with pytest.raises(Unavailable):
        await Fence(heard, lambda: False).call(Request("PUT", "/x"))
    assert heard.requests == []
