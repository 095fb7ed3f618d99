"""What must hold of every change of an account and of an order: the money adds up, and what has ended stays as it ended."""

from decimal import Decimal

from prepaid.api.account import PrepaidAccount, PurchaseOutcome, PurchaseRecord
from prepaid.api.instance import Phase
from prepaid.api.intent import IntentState
from prepaid.api.marks import LIFECYCLE_FINALIZER
from prepaid.api.order import OrderPhase, RenewalOrder
from simulation.accounts import account_of, instance_of, instances, orders
from simulation.books import Books, Debit
from simulation.elastic import check_idle_entries
from simulation.idle_books import charged_for_idling
from simulation.moments import Violation
from simulation.server import Server
from simulation.store import Change

ENDED = (OrderPhase.SETTLED, OrderPhase.REJECTED)


def check_account(change: Change, server: Server, books: Books) -> None:
    """A write of an account's status."""
    old = PrepaidAccount.parse(change.before) if change.before else PrepaidAccount.parse({**change.body, "status": {}})
    new = PrepaidAccount.parse(change.body)
    if old.status == new.status:
        return
    for uid, entry in new.status.purchases.items():
        if old.status.purchases.get(uid) != entry:
            check_entry(uid, entry, old, new, server, books)
    for uid, entry in old.status.purchases.items():
        if uid not in new.status.purchases:
            check_dropped(uid, entry, new, server)
    if old.status.charged is None:
        books.forgotten[new.metadata.uid] = frozenset(books.vanished)
        books.idle.told[new.metadata.uid] = charged_for_idling(new)
    check_idle_entries(new, server, books)
    check_sums(new, server, books)


def check_entry(uid: str, entry: PurchaseRecord, old: PrepaidAccount, new: PrepaidAccount, server: Server, books: Books) -> None:
    """A purchase is decided once, while its instance still asks for it, and is paid only from what is there."""
    before, instance = old.status.purchases.get(uid), instance_of(server, uid)
    if before and before.sequence >= entry.sequence:
        raise Violation(f"purchase {entry.sequence} is decided again: {before} became {entry}")
    if entry.outcome is not PurchaseOutcome.APPLIED:
        return
    intent = instance.status.intent if instance else None
    if intent is None or (intent.sequence, intent.state, intent.amount) != (entry.sequence, IntentState.OPEN, entry.amount):
        raise Violation(f"{entry.amount} were charged for purchase {entry.sequence}, which is not open: {intent}")
    if intent.account is None or intent.account.uid != new.metadata.uid:
        raise Violation(f"{entry.amount} were charged to {new.metadata.name}, but {intent.account} was to pay")
    if not is_taken(intent.order.uid, server):
        raise Violation(f"the order {intent.order.name} is paid although it has ended, or may vanish")
    if (uid, entry.sequence) in books.debits or intent.order.uid in books.grants:
        raise Violation(f"the order {intent.order.name} is charged a second time")
    if any(account_of(server, debit.account) for debit in books.debits_of(intent.order.uid)):
        raise Violation(f"the order {intent.order.name} is charged twice")
    if (new.status.charged or Decimal(0)) > new.spec.deposited and new.spec.deposited == old.spec.deposited:
        raise Violation(f"a purchase drove the balance of {new.metadata.name} to {new.status.balance}")
    books.debits[uid, entry.sequence] = Debit(intent.order.uid, new.metadata.uid, entry.amount)


def is_taken(uid: str, server: Server) -> bool:
    """Whether there is an order of this uid that has not ended and cannot vanish."""
    return any(order.metadata.uid == uid and order.status.phase is None and order.metadata.finalizers for order in orders(server))


def check_dropped(uid: str, entry: PurchaseRecord, account: PrepaidAccount, server: Server) -> None:
    instance = instance_of(server, uid)
    intent = instance.status.intent if instance else None
    if intent and intent.sequence == entry.sequence and intent.state is IntentState.OPEN:
        raise Violation(f"{account.metadata.name} forgot what it decided of purchase {entry.sequence}, which is still open")


def check_sums(account: PrepaidAccount, server: Server, books: Books) -> None:
    charged = charged_by_the_books(account, server, books) + charged_for_idling(account)
    if account.status.charged != charged:
        raise Violation(f"{account.metadata.name} says that {account.status.charged} were charged; it is {charged}")
    if account.status.balance != account.spec.deposited - charged:
        raise Violation(f"{account.metadata.name} shows a balance of {account.status.balance} with {account.spec.deposited} - {charged}")


def charged_by_the_books(account: PrepaidAccount, server: Server, books: Books) -> Decimal:
    """What was granted for its money, whatever uid it had then, and what is debited and not granted yet."""
    total = books.charged_to(account.metadata.name, books.forgotten.get(account.metadata.uid, frozenset()))
    for instance in instances(server):
        intent = instance.status.intent
        debit = books.debits.get((instance.metadata.uid, intent.sequence)) if intent else None
        if intent and debit and intent.state is IntentState.OPEN and debit.account == account.metadata.uid:
            total += debit.amount
    return total


def check_order(change: Change, server: Server, books: Books) -> None:
    """A write of an order."""
    new = RenewalOrder.parse(change.body)
    old = RenewalOrder.parse(change.before) if change.before else None
    if change.type == "DELETED":
        check_vanished(new, server, books)
        books.vanished |= {new.metadata.uid} if new.status.phase is OrderPhase.SETTLED else set()
        return
    phase = new.status.phase
    if old and old.status.phase in ENDED and what_ended(old) != what_ended(new):
        raise Violation(f"the order {new.metadata.name} had ended, and is changed: {old.status} became {new.status}")
    if phase is OrderPhase.SETTLED and new.metadata.uid not in books.settled:
        check_settled(new, books)
    if phase is OrderPhase.REJECTED and (new.metadata.uid in books.grants or is_paid(new, server, books)):
        raise Violation(f"the order {new.metadata.name} is rejected although it was paid")


def what_ended(order: RenewalOrder) -> dict[str, object]:
    return order.status.model_dump(exclude={"conditions"})


def is_paid(order: RenewalOrder, server: Server, books: Books) -> bool:
    return any(account_of(server, debit.account) for debit in books.debits_of(order.metadata.uid))


def check_settled(order: RenewalOrder, books: Books) -> None:
    """It says what was granted, in every word."""
    grant, status = books.grants.get(order.metadata.uid), order.status
    if grant is None:
        raise Violation(f"the order {order.metadata.name} is settled, and nothing was granted")
    intent = grant.intent
    said = (status.sequence, status.amount, status.account, status.from_time, status.to_time)
    if said != (intent.sequence, intent.amount, intent.account, intent.from_time, intent.to_time):
        raise Violation(f"the order {order.metadata.name} is settled with {said}, but {intent} was granted")
    books.settled[order.metadata.uid] = order


def check_vanished(order: RenewalOrder, server: Server, books: Books) -> None:
    """What is settled goes only if it was deleted while it was in flight; what was paid never goes before."""
    intents = [i.status.intent for i in instances(server) if i.status.intent and i.status.intent.order.uid == order.metadata.uid]
    in_flight = [intent for intent in intents if intent.state is IntentState.GRANTED or is_paid(order, server, books)]
    was_deleted = order.metadata.deletion_timestamp is not None
    living = [i for i in instances(server) if i.metadata.uid == order.spec.instance_ref.uid and i.status.phase is not Phase.TERMINATED]
    if living and order.status.phase is OrderPhase.SETTLED:
        raise Violation(f"the settled order {order.metadata.name} vanished from the ledger of a living instance")
    if in_flight or LIFECYCLE_FINALIZER in order.metadata.finalizers or (order.status.phase is OrderPhase.SETTLED and not was_deleted):
        raise Violation(f"the order {order.metadata.name} vanished: {order.status.phase}, in flight: {in_flight}")
