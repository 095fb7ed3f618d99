"""What several instances have in common is read in the order that the purchase protocol and the door depend on."""

from collections.abc import AsyncIterator, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from builders import START
from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import Gone
from prepaid.cluster.transport import Answer, Request
from prepaid.control.crowd import FEW, survey

T = TypeVar("T")


@dataclass
class Server:
    """Has nothing; notes what is asked for, in short, and when the moment is taken."""

    asked: list[str] = field(default_factory=list)

    async def call(self, request: Request) -> Answer:
        steps = request.path.split("/")
        is_list = steps[-1].endswith("s") and not steps[-1].startswith("web-")
        self.asked.append(steps[-1] if is_list else steps[-2])
        if not is_list:
            raise Gone("there is none", "NotFound")
        return Answer({"metadata": {}, "items": []})

    async def stream(self, _request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {}


async def in_order(works: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    return [await work for work in works]


async def reads_of(many: int) -> list[str]:
    server = Server()

    def moment() -> Any:  # noqa: ANN401
        server.asked.append("moment")
        return START

    keys = [Key(PrepaidInstance, "team-a", f"web-{number}") for number in range(many)]
    await survey(keys, Cluster(server, Clock(moment, lambda: 0.0)), in_order)
    return server.asked


@pytest.mark.parametrize("many", [2, FEW, FEW + 1, 40])
async def test_the_instances_then_the_moment_then_the_items_then_the_orders_and_accounts(many: int) -> None:
    asked = await reads_of(many)
    last = {what: len(asked) - 1 - asked[::-1].index(what) for what in asked}
    assert last["prepaidinstances"] < asked.index("moment") < asked.index("recyclebinitems")
    assert last["recyclebinitems"] < min(asked.index("renewalorders"), asked.index("prepaidaccounts"))


@pytest.mark.parametrize(
    ("many", "instances", "all_reads"),
    [
        pytest.param(2, 2, 8, id="few are read one by one"),
        pytest.param(FEW, FEW, 12, id="so few"),
        pytest.param(FEW + 1, 1, 6, id="of many a page is read"),
        pytest.param(200, 1, 6, id="however many"),
    ],
)
async def test_as_little_is_read_as_can_be(many: int, instances: int, all_reads: int) -> None:
    asked = [what for what in await reads_of(many) if what != "moment"]
    assert (asked.count("prepaidinstances"), len(asked)) == (instances, all_reads)
