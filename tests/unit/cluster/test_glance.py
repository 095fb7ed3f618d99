"""One sight of a cluster: each thing is read once, until it is written, and the moment stands still."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from whenever import Instant, TimeDelta

from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import ClusterError, Gone, Unavailable
from prepaid.cluster.glance import Glance, Remembering
from prepaid.cluster.transport import JSON, METADATA_LIST, Answer, Request, asked_by

NOON = Instant.parse_iso("2026-06-01T12:00:00Z")
ORDERS = "/apis/prepaid.dev/v1alpha1/namespaces/team-a/renewalorders"


@dataclass
class Server:
    """Numbers its answers; `fault` is raised instead."""

    fault: ClusterError | None = None
    asked: list[str] = field(default_factory=list)

    async def call(self, request: Request) -> Answer:
        self.asked.append(request.path)
        if self.fault:
            raise self.fault
        return Answer({"number": len(self.asked)})

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {"path": request.path}


async def read(transport: Remembering, path: str, **query: str) -> int:
    return int((await transport.call(Request("GET", path, query))).body["number"])


async def test_what_was_read_is_not_asked_for_again() -> None:
    glance = Remembering(Server())
    assert [await read(glance, f"{ORDERS}/a"), await read(glance, f"{ORDERS}/a"), await read(glance, f"{ORDERS}/b")] == [1, 1, 2]


async def test_another_question_about_the_same_list_is_asked() -> None:
    glance = Remembering(Server())
    assert [await read(glance, ORDERS, fieldSelector="a"), await read(glance, ORDERS, fieldSelector="b")] == [1, 2]


async def test_that_there_is_nothing_is_remembered_too() -> None:
    server = Server(Gone("there is none", "NotFound"))
    glance = Remembering(server)
    for _ in range(2):
        with pytest.raises(Gone):
            await read(glance, f"{ORDERS}/a")
    assert len(server.asked) == 1


async def test_an_error_that_is_repeated_keeps_nothing_of_the_time_before() -> None:
    glance = Remembering(Server(Gone("there is none", "NotFound")))
    lengths, told = [], []
    for _ in range(3):
        with pytest.raises(Gone) as caught:
            await read(glance, f"{ORDERS}/a")
        lengths.append(len(caught.traceback))
        told.append((str(caught.value), caught.value.reason))
    assert (lengths[1] == lengths[2], told) == (True, [("there is none", "NotFound")] * 3)


async def test_what_failed_is_asked_again() -> None:
    server = Server(Unavailable("the server is busy"))
    glance = Remembering(server)
    with pytest.raises(Unavailable):
        await read(glance, ORDERS)
    server.fault = None
    assert await read(glance, ORDERS) == 2


@pytest.mark.parametrize(
    ("written", "read_before", "is_forgotten"),
    [
        pytest.param(f"{ORDERS}/a", f"{ORDERS}/a", True, id="the object"),
        pytest.param(f"{ORDERS}/a/status", f"{ORDERS}/a", True, id="the object whose status it is"),
        pytest.param(f"{ORDERS}/a/status", ORDERS, True, id="the list that it is in"),
        pytest.param(ORDERS, ORDERS, True, id="the list in which one more is made"),
        pytest.param(ORDERS, f"{ORDERS}/a", True, id="that there was none of the name of the one that is made"),
        pytest.param(f"{ORDERS}/status", f"{ORDERS}/status", True, id="an object with an odd name"),
        pytest.param(f"{ORDERS}/ab", f"{ORDERS}/a", False, id="not its neighbour"),
        pytest.param(f"{ORDERS}/a", ORDERS.replace("orders", "others"), False, id="not another list"),
    ],
)
async def test_a_write_forgets(written: str, read_before: str, is_forgotten: bool) -> None:
    glance = Remembering(Server())
    await read(glance, read_before)
    await glance.call(Request("PUT", written))
    assert await read(glance, read_before) == (3 if is_forgotten else 1)


async def test_a_write_that_failed_forgets_as_well() -> None:
    server = Server()
    glance = Remembering(server)
    await read(glance, f"{ORDERS}/a")
    server.fault = Unavailable("nobody knows whether it was done")
    with pytest.raises(Unavailable):
        await glance.call(Request("PATCH", f"{ORDERS}/a"))
    server.fault = None
    assert await read(glance, f"{ORDERS}/a") == 3


def test_its_moment_stands_still() -> None:
    seconds = iter(range(10))
    cluster = Cluster(Server(), Clock(lambda: NOON + TimeDelta(seconds=next(seconds)), lambda: 0.0))
    glance = Glance(cluster)
    assert [glance.now(), cluster.now(), glance.now(), Glance(cluster).now()] == [NOON + TimeDelta(seconds=s) for s in (0, 1, 0, 2)]


def test_two_forms_of_an_answer_are_two_questions() -> None:
    whole = Request("GET", "/apis/prepaid.dev/v1alpha1/prepaidinstances", {"limit": "5"})
    assert asked_by(whole) == asked_by(replace(whole, accept=JSON)) != asked_by(replace(whole, accept=METADATA_LIST))
