"""What a person writes carries their tool's name; a rehearsal is the server's dry run."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from prepaid.cluster.person import Person
from prepaid.cluster.transport import Answer, Request


@dataclass
class Ear:
    """A Transport that keeps what it hears."""

    heard: list[Request] = field(default_factory=list)

    async def call(self, request: Request) -> Answer:
        self.heard.append(request)
        return Answer({})

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        self.heard.append(request)
        yield {}


@pytest.mark.parametrize(
    ("request_", "is_rehearsal", "query"),
    [
        pytest.param(Request("GET", "/x", {"limit": "1"}), True, {"limit": "1"}, id="a look is a look"),
        pytest.param(Request("POST", "/x"), False, {"fieldManager": "kubectl-prepaid"}, id="a write"),
        pytest.param(Request("PATCH", "/x"), True, {"fieldManager": "kubectl-prepaid", "dryRun": "All"}, id="a rehearsed write"),
    ],
)
async def test_what_is_sent(request_: Request, is_rehearsal: bool, query: dict[str, str]) -> None:
    ear = Ear()
    await Person(ear, is_rehearsal).call(request_)
    assert ear.heard[0].query == query
