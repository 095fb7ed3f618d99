"""How the operator is wired: what one part does another has to be told of."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from builders import START
from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Cluster, Key, endpoint_of
from prepaid.cluster.clock import Clock
from prepaid.cluster.transport import Answer, Request
from prepaid.control.house import House, Settings
from prepaid.control.workers import BUSY

PATH = endpoint_of(PrepaidInstance).path("team-a", "web-1")


class Server:
    """Answers anything with nothing."""

    async def call(self, _request: Request) -> Answer:
        return Answer({})

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {"path": request.path}


@pytest.mark.parametrize(("in_work", "is_busy"), [(BUSY, False), (BUSY + 1, True)], ids=["not many are", "many are in work"])
async def test_events_are_told_slowly_while(in_work: int, is_busy: bool) -> None:
    house = House(Cluster(Server(), Clock(lambda: START, lambda: 0.0)), Settings())
    for number in range(in_work):
        house.queue.add(Key(PrepaidInstance, "team-a", f"web-{number}"))
        await house.queue.get()
    assert house._recorder._is_busy() is is_busy


async def test_a_walk_forgets_what_the_operator_writes() -> None:
    house = House(Cluster(Server(), Clock(lambda: START, lambda: 0.0)), Settings())
    walk, _ = house._watching._hearing.walks._go_on("team-a")
    walk.ahead[PATH] = b"{}"
    await house._cluster.transport.call(Request("PUT", f"{PATH}/status", body={}))
    assert walk.ahead == {}
