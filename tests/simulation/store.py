"""Every version of every object, numbered by one counter, and what changed in which order. Bodies are never changed once they are in."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from simulation.served import Body, Served


class Address(NamedTuple):
    """Where an object is; `namespace` is empty for what belongs to the cluster."""

    served: Served
    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """One write that changed something; `body` is the last state of what was deleted, `before` is None for what is new."""

    number: int
    type: str
    address: Address
    body: Body
    before: Body | None


class Store:
    """The newest state is at `number`; older ones can still be read."""

    def __init__(self) -> None:
        self.number = 1
        self.log: list[Change] = []
        self._numbers: dict[Address, list[int]] = {}
        self._bodies: dict[Address, list[Body | None]] = {}
        self._living: dict[Served, dict[Address, Body]] = {}

    def get(self, address: Address, number: int | None = None) -> Body | None:
        """The object as it was at this number, None when it was not there."""
        if number is None or number >= self.number:
            return self._living.get(address.served, {}).get(address)
        index = bisect_right(self._numbers.get(address, []), number)
        return self._bodies[address][index - 1] if index else None

    def all(self, served: Served, namespace: str = "", number: int | None = None) -> list[Body]:
        """In order of namespace and name; all namespaces when none is given."""
        if number is None or number >= self.number:
            addresses = sorted(self._living.get(served, {}), key=place)
        else:
            addresses = sorted((address for address in self._numbers if address.served is served), key=place)
        wanted = [address for address in addresses if not namespace or address.namespace == namespace]
        return [body for address in wanted if (body := self.get(address, number)) is not None]

    def put(self, address: Address, body: Body) -> Body:
        """Writes a new version, numbered; the body as it is stored."""
        before = self._living.get(address.served, {}).get(address)
        stored = self._next(body)
        self._record(address, stored)
        self._living.setdefault(address.served, {})[address] = stored
        self.log.append(Change(self.number, "MODIFIED" if before else "ADDED", address, stored, before))
        return stored

    def drop(self, address: Address, last: Body) -> None:
        """Takes an object out; `last` is how it is told to watchers."""
        before = self._living[address.served].pop(address)
        told = self._next(last)
        self._record(address, None)
        self.log.append(Change(self.number, "DELETED", address, told, before))

    def changes_after(self, number: int) -> list[Change]:
        return self.log[bisect_right(self.log, number, key=lambda change: change.number) :]

    def _next(self, body: Body) -> Body:
        self.number += 1
        return {**body, "metadata": {**body["metadata"], "resourceVersion": str(self.number)}}

    def _record(self, address: Address, body: Body | None) -> None:
        self._numbers.setdefault(address, []).append(self.number)
        self._bodies.setdefault(address, []).append(body)


def place(address: Address) -> tuple[str, str]:
    return address.namespace, address.name
