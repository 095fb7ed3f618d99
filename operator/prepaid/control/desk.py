"""Where instances ask their account to pay: who waits at which account is remembered until the cashier has looked.

Which accounts an instance pays from is remembered from its last look. Nothing is lost with this memory: who still waits asks again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from sys import intern

from prepaid.api.account import PrepaidAccount
from prepaid.api.order import RenewalOrder
from prepaid.cluster.client import Key
from prepaid.control.queue import KeyQueue


class Desk:
    """Turns an instance's wish to pay into a key of its account, and the end of a purchase into a key of its order."""

    def __init__(self, queue: KeyQueue) -> None:
        self._queue = queue
        self._waiting: dict[Key, set[str]] = {}
        self._payers: dict[Key, tuple[str, ...]] = {}

    def introduce(self, instance: Key, accounts: Iterable[str]) -> None:
        """A look has seen it pay from these accounts. One that is new to it is asked: it may have visited its customers before that."""
        former = self._payers.get(instance)
        self._payers[instance] = tuple(map(intern, accounts))
        if former is not None:
            for account in set(self._payers[instance]).difference(former):
                self.ask(instance, account)

    def forget(self, instance: Key) -> None:
        """It is no more."""
        self._payers.pop(instance, None)

    def payers(self, instance: Key) -> tuple[str, ...] | None:
        """Which accounts it pays from, if that is known. Who has changed to another is introduced by the look that sees it."""
        return self._payers.get(instance)

    def ask(self, instance: Key, account: str) -> None:
        """The instance wants its account to be looked at."""
        key = Key(PrepaidAccount, instance.namespace, account)
        self._waiting.setdefault(key, set()).add(instance.name)
        self._queue.add(key)

    def take(self, account: Key) -> set[str]:
        """The names of the instances that have asked since."""
        return self._waiting.pop(account, set())

    def dismiss(self, namespace: str, orders: Iterable[RenewalOrder]) -> None:
        """Orders that are in flight no longer, or wait for an instance that is no more or went through the door, get a look."""
        for order in orders:
            self._queue.add(Key(RenewalOrder, namespace, order.metadata.name))

    def tell(self, namespace: str, order: str) -> None:
        """An order that is no longer in flight gets a look."""
        self._queue.add(Key(RenewalOrder, namespace, order))


@dataclass
class Crowded:
    """A desk in front of which a crowd gathers: an account that several of it ask for is looked at once for all, when it disperses.

    Who comes after that has come alone.
    """

    desk: "Desk | Crowded"
    asking: list[tuple[Key, str]] = field(default_factory=list)
    has_dispersed: bool = False

    def introduce(self, instance: Key, accounts: Iterable[str]) -> None:
        self.desk.introduce(instance, accounts)

    def forget(self, instance: Key) -> None:
        self.desk.forget(instance)

    def ask(self, instance: Key, account: str) -> None:
        if self.has_dispersed:
            self.desk.ask(instance, account)
        else:
            self.asking.append((instance, account))

    def dismiss(self, namespace: str, orders: Iterable[RenewalOrder]) -> None:
        self.desk.dismiss(namespace, orders)

    def tell(self, namespace: str, order: str) -> None:
        self.desk.tell(namespace, order)

    def disperse(self) -> None:
        self.has_dispersed = True
        for instance, account in self.asking:
            self.desk.ask(instance, account)
        self.asking.clear()
