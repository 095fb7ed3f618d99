"""What we have written ourselves is known to be ours, for a while."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from prepaid.cluster.author import MOST_REMEMBERED, Author
from prepaid.cluster.errors import Conflict
from prepaid.cluster.transport import Answer, Request


@dataclass
class Server:
    """Answers with an object of a version that grows; `is_stubborn` refuses."""

    version: int = 0
    is_stubborn: bool = False

    async def call(self, _request: Request) -> Answer:
        self.version += 1
        if self.is_stubborn:
            raise Conflict("somebody was faster")
        return Answer({"metadata": {"uid": "u", "resourceVersion": str(self.version)}})

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {"path": request.path}


@pytest.mark.parametrize(
    ("method", "uid", "version", "is_ours"),
    [
        pytest.param("PUT", "u", "1", True, id="what was written"),
        pytest.param("POST", "u", "1", True, id="what was made"),
        pytest.param("PUT", "u", "2", False, id="what somebody wrote after that"),
        pytest.param("PUT", "v", "1", False, id="another object"),
        pytest.param("GET", "u", "1", False, id="what was only read"),
    ],
)
async def test_it_knows_what_it_has_written(method: Any, uid: str, version: str, is_ours: bool) -> None:  # noqa: ANN401
    author = Author(Server())
    await author.call(Request(method, "/apis/x/y"))
    assert author.has_written(uid, version) is is_ours


async def test_what_was_refused_was_not_written() -> None:
    author = Author(Server(is_stubborn=True))
    with pytest.raises(Conflict):
        await author.call(Request("PUT", "/apis/x/y"))
    assert not author.has_written("u", "1")


async def test_it_forgets_the_oldest() -> None:
    author = Author(Server())
    for _ in range(MOST_REMEMBERED + 1):
        await author.call(Request("PUT", "/apis/x/y"))
    assert (author.has_written("u", "1"), author.has_written("u", "2")) == (False, True)


async def test_a_watch_passes() -> None:
    assert [event async for event in Author(Server()).stream(Request("GET", "/apis/x/y"))] == [{"path": "/apis/x/y"}]


@pytest.mark.parametrize("is_stubborn", [False, True], ids=["that is done", "that is refused"])
async def test_whoever_keeps_what_was_read_is_told_before_and_after_a_write(is_stubborn: bool) -> None:
    told: list[str] = []

    class Noting(Server):
        async def call(self, request: Request) -> Answer:
            told.append("written")
            return await super().call(request)

    with suppress(Conflict):
        await Author(Noting(is_stubborn=is_stubborn), told.append).call(Request("PUT", "/apis/x/y"))
    assert told == ["/apis/x/y", "written", "/apis/x/y"]


async def test_a_read_is_nothing_to_tell() -> None:
    told: list[str] = []
    await Author(Server(), told.append).call(Request("GET", "/apis/x/y"))
    assert told == []
