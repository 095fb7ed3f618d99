"""What an account pays for: resumed purchases first, then the oldest orders among those that fit, all in one write (product.md P14).

An entry for an instance and a sequence is decided once: Applied or Voided. Knows no order and no class beyond what is applied for.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from prepaid.api.account import PrepaidAccount, PurchaseOutcome, PurchaseRecord
from prepaid.api.instance import PrepaidInstance
from prepaid.api.intent import Intent, IntentState
from prepaid.api.order import RenewalOrder
from prepaid.lifecycle.applying import Application, balance
from prepaid.lifecycle.ordering import has_ended, is_taken

MOST_IN_FLIGHT = 200


@dataclass(frozen=True)
class Customer:
    """An instance at the counter: read after the account was."""

    instance: PrepaidInstance
    applications: tuple[Application, ...]

    @property
    def open_intent(self) -> Intent | None:
        intent = self.instance.status.intent
        return intent if intent and intent.state is IntentState.OPEN else None


@dataclass(frozen=True)
class Payer:
    """An instance whose purchase is in flight, and its order as it was read after the account; None when that one is gone."""

    instance: PrepaidInstance
    order: RenewalOrder | None

    @property
    def is_cancelled(self) -> bool:
        """Whether the order was deleted before it was taken: it cannot be kept any more, and nothing is paid for it."""
        return self.order is None or (self.order.metadata.deletion_timestamp is not None and not self.is_taken)

    @property
    def has_ended(self) -> bool:
        return self.order is not None and has_ended(self.order)

    @property
    def is_taken(self) -> bool:
        return self.order is not None and is_taken(self.order)


def to_resume(account: PrepaidAccount, customers: Iterable[Customer]) -> list[Customer]:
    """Those with an open intent on this very account that the account has not decided yet."""
    return [customer for customer in customers if is_undecided(account, customer)]


def is_undecided(account: PrepaidAccount, customer: Customer) -> bool:
    intent = customer.open_intent
    if intent is None or intent.account is None or intent.account.uid != account.metadata.uid:
        return False
    entry = account.status.purchases.get(customer.instance.metadata.uid)
    return entry is None or entry.sequence < intent.sequence


def to_serve(account: PrepaidAccount, customers: Sequence[Customer], resumed: Sequence[Customer]) -> list[tuple[Customer, Application]]:
    """The oldest orders first among those that the balance can pay; one that does not fit is skipped; one for each instance."""
    left = balance(account) - sum((customer.open_intent.amount for customer in resumed if customer.open_intent), Decimal(0))
    room = MOST_IN_FLIGHT - len(account.status.purchases) - len(resumed)
    served: dict[str, tuple[Customer, Application]] = {}
    for customer, application in in_order_of_age(customers):
        uid = customer.instance.metadata.uid
        if uid not in served and application.amount <= left and len(served) < room:
            served[uid] = (customer, application)
            left -= application.amount
    return list(served.values())


def in_order_of_age(customers: Iterable[Customer]) -> list[tuple[Customer, Application]]:
    """Every application of those that have no purchase in flight, oldest order first."""
    pairs = [
        (customer, application)
        for customer in customers
        if customer.instance.status.intent is None
        for application in customer.applications
    ]
    return sorted(pairs, key=lambda pair: (pair[1].order.metadata.creation_timestamp, pair[1].order.metadata.name))


def debited(account: PrepaidAccount, payers: Iterable[Payer]) -> PrepaidAccount:
    """2: the account after one write for all of them. An amount that does not fit any more is voided for good, and a cancelled one."""
    purchases, charged = dict(account.status.purchases), account.status.charged or Decimal(0)
    for payer in payers:
        intent = payer.instance.status.intent
        assert intent is not None
        fits = not payer.is_cancelled and charged + intent.amount <= account.spec.deposited
        charged += intent.amount if fits else Decimal(0)
        outcome = PurchaseOutcome.APPLIED if fits else PurchaseOutcome.VOIDED
        purchases[payer.instance.metadata.uid] = PurchaseRecord(sequence=intent.sequence, outcome=outcome, amount=intent.amount)
    return with_charges(account, charged, purchases)


def without_ended(account: PrepaidAccount, sequences: Mapping[str, int]) -> PrepaidAccount:
    """6: without the entries that their instances, read after the account, have gone past; it takes effect with the next write."""
    purchases = {uid: entry for uid, entry in account.status.purchases.items() if sequences.get(uid, entry.sequence) <= entry.sequence}
    return account.model_copy(update={"status": account.status.model_copy(update={"purchases": purchases})})


def without_lost(account: PrepaidAccount, living: Collection[str], settled: Collection[tuple[str, int]]) -> PrepaidAccount:
    """Without the entries of instances that are no more; what was debited for a purchase that no order settled is given back.

    `settled` has the uid (empty where the owner left it out) and the sequence of settled orders.
    """
    lost = {uid: entry for uid, entry in account.status.purchases.items() if uid not in living}
    applied = {uid: entry for uid, entry in lost.items() if entry.outcome is PurchaseOutcome.APPLIED}
    unsettled = [entry for uid, entry in applied.items() if not {(uid, entry.sequence), ("", entry.sequence)} & set(settled)]
    charged = (account.status.charged or Decimal(0)) - sum((entry.amount for entry in unsettled), Decimal(0))
    return with_charges(account, charged, {uid: entry for uid, entry in account.status.purchases.items() if uid not in lost})


def with_charges(account: PrepaidAccount, charged: Decimal, purchases: dict[str, PurchaseRecord]) -> PrepaidAccount:
    update = {"charged": charged, "balance": account.spec.deposited - charged, "purchases": purchases}
    return account.model_copy(update={"status": account.status.model_copy(update=update)})
