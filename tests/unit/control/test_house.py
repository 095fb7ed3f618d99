"""How the operator is wired: what one part does another has to be told of."""

from collections.abc import AsyncIterator
from typing import Any

from builders import START
from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Cluster, endpoint_of
from prepaid.cluster.clock import Clock
from prepaid.cluster.transport import Answer, Request
from prepaid.control.house import House, Settings

PATH = endpoint_of(PrepaidInstance).path("team-a", "web-1")


class Server:
    """Answers anything with nothing."""

    async def call(self, _request: Request) -> Answer:
        return Answer({})

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {"path": request.path}


async def test_a_walk_forgets_what_the_operator_writes() -> None:
    house = House(Cluster(Server(), Clock(lambda: START, lambda: 0.0)), Settings())
    walk, _ = house._watching._hearing.walks._go_on("team-a")
    walk.ahead[PATH] = b"{}"
    await house._cluster.transport.call(Request("PUT", f"{PATH}/status", body={}))
    assert walk.ahead == {}
