"""The auditor's own books: every debit, grant and settlement that was ever seen, kept apart from what the objects say of themselves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from prepaid.api.intent import Intent
from prepaid.api.order import RenewalOrder
from simulation.idle_books import IdleBooks


@dataclass(frozen=True)
class Debit:
    """Money that left an account: for which purchase of which instance, by which order."""

    order: str
    account: str
    amount: Decimal


@dataclass(frozen=True)
class Grant:
    """A term that grew, and by which intent."""

    instance: str
    intent: Intent


@dataclass
class Books:
    """Debits by instance and sequence, grants and settled orders by the order's uid.

    What an owner deletes in flight is settled, and then vanishes: an account that is opened later can know nothing of it.
    """

    debits: dict[tuple[str, int], Debit] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    settled: dict[str, RenewalOrder] = field(default_factory=dict)
    vanished: set[str] = field(default_factory=set)
    forgotten: dict[str, frozenset[str]] = field(default_factory=dict)
    idle: IdleBooks = field(default_factory=IdleBooks)

    def debits_of(self, order: str) -> Iterator[Debit]:
        return (debit for debit in self.debits.values() if debit.order == order)

    def grants_of(self, instance: str) -> list[Grant]:
        """In the order in which they were made."""
        return [grant for grant in self.grants.values() if grant.instance == instance]

    def charged_to(self, name: str, forgotten: frozenset[str]) -> Decimal:
        """What all accounts of this name together have paid for terms, but for orders that are forgotten."""
        paid = (grant.intent for order, grant in self.grants.items() if order not in forgotten)
        return sum((intent.amount for intent in paid if intent.account and intent.account.name == name), Decimal(0))

    def without_order(self) -> frozenset[str]:
        """Instances of which an order has vanished."""
        return frozenset(self.grants[order].instance for order in self.vanished)
