"""One charge, one grant, whatever dies (product.md P14): the operator is killed before and after every single write of a purchase."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Self

import pytest

from cluster.firm import Firm, Killed, Mortal, When
from cluster.histories import is_paying
from cluster.waiting import LIMIT_SECONDS
from cluster.wares import a_class
from prepaid.api.account import AccountSpec, PrepaidAccount
from prepaid.api.instance import InstanceSpec, Phase, PrepaidInstance
from prepaid.api.order import OrderInstanceRef, OrderPhase, RenewalOrder, RenewalOrderSpec
from prepaid.api.resource import API_VERSION, ObjectMeta
from prepaid.cluster.client import Cluster, parse
from prepaid.cluster.clock import Clock
from prepaid.cluster.connection import Connection
from prepaid.cluster.errors import Conflict
from prepaid.local.personas import ADMIN, OPERATOR
from prepaid.local.plane import ControlPlane

PRICE: Final = Decimal("10.00")
MOST_WRITES: Final = 12


@dataclass(frozen=True)
class Case:
    """A purchase: what was bought before, what is asked for, and what it must come to in all."""

    instance_class: str = "hourly"
    already_bought: bool = False
    raised_to: int = 1
    ordered: int = 0

    @property
    def periods(self) -> int:
        return self.raised_to + self.ordered

    @property
    def charged(self) -> Decimal:
        return PRICE * self.periods if self.instance_class == "hourly" else Decimal(0)


CASES: Final = {
    "a first purchase": Case(),
    "a first purchase that is free": Case(instance_class="hourly-free"),
    "a renewal by patch": Case(already_bought=True, raised_to=3),
    "an order of the owner": Case(already_bought=True, ordered=2),
}


@dataclass(frozen=True)
class Shop:
    """Connections to the real server, everybody's hands and the operator's, and a namespace of its own."""

    hands: Cluster
    operator: Connection
    clock: Clock
    namespace: str = ""

    async def in_namespace(self, name: str) -> Self:
        """The same in a fresh namespace: nobody looks at what others have bought."""
        await self.hands.create_raw("v1", "Namespace", "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        return replace(self, namespace=name)

    def firm(self, dies_at: int | None = None, when: When = When.BEFORE) -> tuple[Firm, Mortal]:
        mortal = Mortal(self.operator, dies_at, when)
        return Firm(mortal, self.clock, self.namespace), mortal

    async def open_account(self, name: str, deposited: Decimal) -> None:
        metadata = ObjectMeta(name=name, namespace=self.namespace)
        await self.hands.create(PrepaidAccount(metadata=metadata, spec=AccountSpec(currency="CNY", deposited=deposited)))

    async def apply(self, name: str, instance_class: str, account: str) -> None:
        spec = InstanceSpec(instance_class=instance_class, account=account)
        await self.hands.create(PrepaidInstance(metadata=ObjectMeta(name=name, namespace=self.namespace), spec=spec))

    async def ask(self, case: Case, name: str) -> None:
        """The owner's words, on top of what was bought before."""
        if case.raised_to > 1:
            await self.hands.patch(await self.instance(name), {"spec": {"purchasedPeriods": case.raised_to}})
        if case.ordered:
            spec = RenewalOrderSpec(instance_ref=OrderInstanceRef(name=name), periods=case.ordered)
            await self.hands.create(RenewalOrder(metadata=ObjectMeta(name=f"{name}-more", namespace=self.namespace), spec=spec))

    async def instance(self, name: str) -> PrepaidInstance:
        found = await self.hands.read(PrepaidInstance, self.namespace, name)
        assert found is not None
        return found

    async def account(self, name: str) -> PrepaidAccount:
        found = await self.hands.read(PrepaidAccount, self.namespace, name)
        assert found is not None
        return found

    async def orders(self, name: str) -> list[RenewalOrder]:
        pages = self.hands.pages(RenewalOrder, self.namespace, fields=f"spec.instanceRef.name={name}")
        return [parse(RenewalOrder, body) async for body in pages]

    async def is_at_rest(self, name: str) -> bool:
        """Nothing is in flight, and every order has ended and was let go."""
        orders = await self.orders(name)
        is_let_go = all(order.status.phase and not order.metadata.finalizers for order in orders)
        return bool(orders) and is_let_go and not is_paying((await self.instance(name)).status)

    async def books(self, name: str) -> tuple[int, Decimal | None, Decimal, set[OrderPhase | None]]:
        """Periods granted, money charged, the ledger's sum, and how the orders ended."""
        orders = await self.orders(name)
        ledger = sum((order.status.amount for order in orders if order.status.amount), Decimal(0))
        charged = (await self.account(name)).status.charged
        return (await self.instance(name)).status.periods, charged, ledger, {order.status.phase for order in orders}


@pytest.fixture
async def shop(control_plane: ControlPlane) -> AsyncIterator[Shop]:
    """A class that sells an hour for ten yuan, one that gives it away, and connections to sell them."""
    clock = Clock()
    hands = Connection(str(control_plane.kubeconfig(ADMIN)), None, clock)
    operator = Connection(str(control_plane.kubeconfig(OPERATOR)), None, clock)
    await hands.connect()
    await operator.connect()
    shop = Shop(Cluster(hands, clock), operator, clock)
    hour, moment = {"count": 1, "unit": "Hour"}, {"count": 4, "unit": "Second"}
    for name, amount, period in (("hourly", str(PRICE), hour), ("hourly-free", "0", hour), ("brief", str(PRICE), moment)):
        body = a_class(name, retention=1, price={"amount": amount, "currency": "CNY"}, period=period)
        with suppress(Conflict):
            await shop.hands.create_raw(API_VERSION, "InstanceClass", "", body)
    yield shop
    await hands.close()
    await operator.close()


async def asked(shop: Shop, case: Case, name: str) -> None:
    """Everything up to the purchase that the operator will die in."""
    await shop.open_account(name, Decimal("100.00"))
    await shop.apply(name, case.instance_class, name)
    if case.already_bought:
        firm, _ = shop.firm()
        await firm.work_until(lambda: shop.is_at_rest(name))
    await shop.ask(case, name)


async def dies_and_is_born_again(shop: Shop, case: Case, name: str, dies_at: int, when: When) -> bool:
    """Whether it died at all; either way the work is done in the end."""
    await asked(shop, case, name)
    firm, mortal = shop.firm(dies_at, when)
    with suppress(Killed):
        await firm.work_until(lambda: shop.is_at_rest(name))
    heir, _ = shop.firm()
    await heir.work_until(lambda: shop.is_at_rest(name))
    return len(mortal.writes) >= dies_at


@pytest.mark.parametrize("when", [When.BEFORE, When.AFTER], ids=["just before", "just after"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_it_is_killed_at_every_single_write_and_charges_once(shop: Shop, case: Case, when: When) -> None:
    books, stem = {}, f"killed-{list(CASES.values()).index(case)}-{when.name.lower()}"
    for dies_at in range(1, MOST_WRITES + 1):
        own = await shop.in_namespace(f"{stem}-{dies_at}")
        if not await dies_and_is_born_again(own, case, "one", dies_at, when):
            break
        books[dies_at] = await own.books("one")
    assert set(map(str, books.values())) == {str((case.periods, case.charged, case.charged, {OrderPhase.SETTLED}))}
    assert 4 < len(books) < MOST_WRITES


async def test_two_operators_at_once_sell_no_more_than_there_is_money_for(shop: Shop) -> None:
    own, names = await shop.in_namespace("rivals"), [f"rival-{number}" for number in range(8)]
    await own.open_account("default", PRICE * 5)
    for name in names:
        await own.apply(name, "hourly", "default")

    async def is_sold_out() -> bool:
        instances = [await own.instance(name) for name in names]
        return sum(one.status.periods for one in instances) >= 5 and not any(is_paying(one.status) for one in instances)

    (one, _), (other, _) = own.firm(), own.firm()
    await asyncio.gather(one.work_until(is_sold_out), other.work_until(is_sold_out))
    account, periods = await own.account("default"), [(await own.instance(name)).status.periods for name in names]
    assert (sorted(periods), account.status.charged, account.status.balance) == ([0, 0, 0, 1, 1, 1, 1, 1], PRICE * 5, Decimal(0))


async def taken_back_in_flight(shop: Shop, name: str) -> None:
    """Its owner deletes the order after the intent, before the debit."""
    for _ in range(MOST_WRITES):
        firm, _ = shop.firm(dies_at=1, when=When.AFTER)
        with suppress(Killed):
            await firm.pass_over_everything()
        if (await shop.instance(name)).status.intent:
            break
    (order,) = await shop.orders(name)
    await shop.hands.delete(order)


async def test_an_order_deleted_in_flight_is_kept_as_long_as_its_instance_lives(shop: Shop) -> None:
    """Then its account holds nothing of the purchase any more, and gives nothing back."""
    own = await shop.in_namespace("taken-back")
    await own.open_account("one", PRICE)
    await own.apply("one", "brief", "one")
    await taken_back_in_flight(own, "one")
    firm, _ = own.firm()
    kept: set[tuple[OrderPhase | None, bool]] = set()
    async with asyncio.timeout(LIMIT_SECONDS):
        while (await own.instance("one")).status.phase is not Phase.TERMINATED:
            await firm.pass_over_everything()
            kept |= {(order.status.phase, bool(order.metadata.finalizers)) for order in await own.orders("one")}
        while await own.orders("one"):
            await firm.pass_over_everything()
    await own.hands.delete(await own.instance("one"))
    account = await own.account("one")
    assert (OrderPhase.SETTLED, True) in kept
    assert (account.status.charged, account.status.purchases) == (PRICE, {})
