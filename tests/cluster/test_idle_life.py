"""One charge for each started unit, whatever dies (product.md P11, P14): the operator is killed around every write of an idle life."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pytest

from cluster.firm import Firm, Killed, Mortal, When
from cluster.waiting import LIMIT_SECONDS, PAUSE_SECONDS, NeverCame
from cluster.wares import a_resource, a_service, an_account
from prepaid.api.account import PrepaidAccount
from prepaid.api.elastic_resource import ElasticResource
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock, monotonic
from prepaid.cluster.connection import Connection
from prepaid.local.personas import ADMIN, OPERATOR
from prepaid.local.plane import ControlPlane

PRICE: Final = Decimal("1.00")
MOST_WRITES: Final = 14


@dataclass(frozen=True)
class House:
    """Connections to the real server, everybody's hands and the operator's, and a namespace of its own."""

    hands: Cluster
    operator: Connection
    clock: Clock
    namespace: str

    def firm(self, dies_at: int | None = None, when: When = When.BEFORE) -> tuple[Firm, Mortal]:
        mortal = Mortal(self.operator, dies_at, when)
        return Firm(mortal, self.clock, self.namespace), mortal

    async def furnish(self) -> None:
        """An account that pays a yuan for each hour in which the address is idle, and the address."""
        account = an_account(self.namespace, "default", "0.00", ElasticIP=str(PRICE))
        account["spec"]["idlePrices"][0]["unit"] = "Hour"
        resource, service = a_resource(self.namespace, "eip", "ElasticIP"), a_service(self.namespace, "eip")
        await self.hands.create_raw("v1", "Namespace", "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace}})
        for body in (account, service, resource):
            await self.hands.create_raw(body["apiVersion"], body["kind"], self.namespace, body)

    async def account(self) -> PrepaidAccount:
        found = await self.hands.read(PrepaidAccount, self.namespace, "default")
        assert found is not None
        return found

    async def resource(self) -> ElasticResource | None:
        return await self.hands.read(ElasticResource, self.namespace, "eip")

    async def is_charged(self) -> bool:
        resource = await self.resource()
        return resource is not None and resource.status.idle_charged == PRICE

    async def is_over(self) -> bool:
        return await self.resource() is None and not (await self.account()).status.idle

    async def live(self, firm: Firm) -> None:
        """Idle until it has cost something, then deleted and settled; goes on wherever it was left."""
        if await self.resource() is None:
            return await until(firm, self.is_over)
        await until(firm, self.is_charged)
        if resource := await self.resource():
            await self.hands.delete(resource)
        return await until(firm, self.is_over)


async def until(firm: Firm, is_so: Callable[[], Awaitable[bool]]) -> None:
    """Looks at everything until it is so."""
    deadline = monotonic() + LIMIT_SECONDS
    while not await is_so():
        if monotonic() > deadline:
            raise NeverCame(f"{is_so.__name__} in {firm.namespace}")
        await firm.pass_over_everything()
        await asyncio.sleep(PAUSE_SECONDS)


async def dies_and_is_born_again(house: House, dies_at: int, when: When) -> tuple[bool, tuple[Decimal | None, Decimal | None]]:
    """Whether it died at all, and what was charged in the end, in all and for what is over."""
    await house.furnish()
    firm, mortal = house.firm(dies_at, when)
    with suppress(Killed):
        await house.live(firm)
    await house.live(house.firm()[0])
    status = (await house.account()).status
    return len(mortal.writes) >= dies_at, (status.charged, status.closed_idle)


@pytest.fixture
async def houses(control_plane: ControlPlane) -> AsyncIterator[Callable[[str], House]]:
    clock = Clock()
    hands = Connection(str(control_plane.kubeconfig(ADMIN)), None, clock)
    operator = Connection(str(control_plane.kubeconfig(OPERATOR)), None, clock)
    await hands.connect()
    await operator.connect()
    yield lambda namespace: House(Cluster(hands, clock), operator, clock, namespace)
    await hands.close()
    await operator.close()


@pytest.mark.parametrize("when", [When.BEFORE, When.AFTER], ids=["just before", "just after"])
async def test_it_is_killed_at_every_single_write_and_charges_once(houses: Callable[[str], House], when: When) -> None:
    numbers = range(1, MOST_WRITES + 1)
    lives = [dies_and_is_born_again(houses(f"idle-{when.name.lower()}-{number}"), number, when) for number in numbers]
    outcomes = await asyncio.gather(*lives)
    assert {books for _, books in outcomes} == {(PRICE, PRICE)}
    assert 4 < sum(has_died for has_died, _ in outcomes) < MOST_WRITES
