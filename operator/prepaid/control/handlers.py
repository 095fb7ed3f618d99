"""kopf's events and timers turned into keys: a handler brings a key and goes. It decides nothing, writes nothing, raises nothing.

Only the kinds with timers are kopf's, which are few; watching.py hears of those of which there may be very many.
"""

from typing import Any

import kopf

from prepaid.api.account import PrepaidAccount
from prepaid.api.instance_class import InstanceClass
from prepaid.api.resource import GROUP, VERSION, Resource
from prepaid.cluster.client import Key
from prepaid.control.house import House


def register(registry: kopf.OperatorRegistry, house: House, sweep_seconds: float) -> None:
    """All our handlers."""
    add_event(registry, house, InstanceClass)
    add_event(registry, house, PrepaidAccount)
    add_sweep(registry, house, sweep_seconds)


def add_event(registry: kopf.OperatorRegistry, house: House, kind: type[Resource]) -> None:
    """Any event of a kind is a look at the object."""

    @kopf.on.event(GROUP, VERSION, kind.plural, id=f"{kind.plural}-changed", registry=registry)
    async def changed(namespace: str | None, name: str | None, **_: Any) -> None:  # noqa: ANN401
        house.queue.add(Key(kind, namespace or "", name or ""))


def add_sweep(registry: kopf.OperatorRegistry, house: House, seconds: float) -> None:
    """The timers: on each class a sweep of its instances, on each account a look, so that nothing missed is missed for long."""

    @kopf.timer(GROUP, VERSION, InstanceClass.plural, id="sweep", interval=seconds, initial_delay=seconds, registry=registry)
    async def sweep(name: str | None, **_: Any) -> None:  # noqa: ANN401
        house.ask_for_sweep(name or "")

    @kopf.timer(GROUP, VERSION, PrepaidAccount.plural, id="balance", interval=seconds, initial_delay=seconds, registry=registry)
    async def balance(namespace: str | None, name: str | None, **_: Any) -> None:  # noqa: ANN401
        house.queue.add(Key(PrepaidAccount, namespace or "", name or ""))
