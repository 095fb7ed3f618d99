"""kopf's events and timers turned into keys: a handler brings a key and goes. It decides nothing, writes nothing, raises nothing."""

from typing import Any

import kopf

from prepaid.api.account import PrepaidAccount
from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.order import RenewalOrder
from prepaid.api.resource import GROUP, VERSION, Resource
from prepaid.cluster.client import Key
from prepaid.control.house import House


def register(registry: kopf.OperatorRegistry, house: House, sweep_seconds: float) -> None:
    """All our handlers."""
    add_event(registry, house, InstanceClass, InstanceClass)
    add_instances(registry, house)
    add_event(registry, house, RecycleBinItem, PrepaidInstance)
    add_event(registry, house, PrepaidAccount, PrepaidAccount)
    add_event(registry, house, RenewalOrder, RenewalOrder)
    add_event(registry, house, ElasticResource, ElasticResource)
    add_sweep(registry, house, sweep_seconds)


def add_event(registry: kopf.OperatorRegistry, house: House, kind: type[Resource], looks_at: type[Resource]) -> None:
    """Any event of one kind is a look at the object of that name of another: an item is its instance's."""

    @kopf.on.event(GROUP, VERSION, kind.plural, id=f"{kind.plural}-changed", registry=registry)
    async def changed(namespace: str | None, name: str | None, **_: Any) -> None:  # noqa: ANN401
        house.queue.add(Key(looks_at, namespace or "", name or ""))


def add_instances(registry: kopf.OperatorRegistry, house: House) -> None:
    """What our own look has read or written is no news."""

    @kopf.on.event(GROUP, VERSION, PrepaidInstance.plural, id=f"{PrepaidInstance.plural}-changed", registry=registry)
    async def changed(namespace: str | None, name: str | None, meta: kopf.Meta, **_: Any) -> None:  # noqa: ANN401
        key = Key(PrepaidInstance, namespace or "", name or "")
        if house.memory.is_news(key, meta["resourceVersion"]):
            house.queue.add(key)


def add_sweep(registry: kopf.OperatorRegistry, house: House, seconds: float) -> None:
    """The timers: on each class a sweep of its instances, on each account a look, so that nothing missed is missed for long."""

    @kopf.timer(GROUP, VERSION, InstanceClass.plural, id="sweep", interval=seconds, initial_delay=seconds, registry=registry)
    async def sweep(name: str | None, **_: Any) -> None:  # noqa: ANN401
        house.ask_for_sweep(name or "")

    @kopf.timer(GROUP, VERSION, PrepaidAccount.plural, id="balance", interval=seconds, initial_delay=seconds, registry=registry)
    async def balance(namespace: str | None, name: str | None, **_: Any) -> None:  # noqa: ANN401
        house.queue.add(Key(PrepaidAccount, namespace or "", name or ""))
