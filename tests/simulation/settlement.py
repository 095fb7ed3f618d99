"""What must hold of the money once everything has come to rest: nothing in flight, the ledger adds up, who waits really cannot pay."""

from collections.abc import Iterator

from prepaid.api.account import PrepaidAccount, PurchaseOutcome
from prepaid.api.instance import Phase, PrepaidInstance
from prepaid.api.intent import IntentState
from prepaid.api.marks import ENDED, LIFECYCLE_FINALIZER
from prepaid.api.order import OrderPhase, OrderSource, RenewalOrder
from simulation.accounts import accounts, instances, orders
from simulation.books import Books
from simulation.moments import Violation
from simulation.money import check_sums
from simulation.server import Server
from simulation.sights import Sight, Want, can_be_paid


def faults_of_money(server: Server, books: Books) -> Iterator[str]:
    for instance in instances(server):
        if is_in_flight(instance, books):
            yield f"{instance.metadata.name} has a purchase in flight"
        if len(waiting_for(instance, server, is_ours=True)) > 1:
            yield f"{instance.metadata.name} has more than one order of the operator's"
    for order in orders(server):
        yield from faults_of_order(order, server)
    for account in accounts(server):
        yield from faults_of_account(account, server, books)
    if len(books.settled) != len(books.grants):
        yield f"{len(books.grants)} purchases were granted, {len(books.settled)} settled"


def is_in_flight(instance: PrepaidInstance, books: Books) -> bool:
    """What is granted and settled is over: the next write of the instance says so."""
    intent = instance.status.intent
    return intent is not None and (intent.state is not IntentState.GRANTED or intent.order.uid not in books.settled)


def faults_of_order(order: RenewalOrder, server: Server) -> Iterator[str]:
    name = f"the order {order.metadata.name}"
    if order.status.phase:
        if LIFECYCLE_FINALIZER in order.metadata.finalizers and not tells_of_the_living(order, server):
            yield f"{name} has ended and is not let go"
        return
    if ENDED in order.metadata.annotations:
        return
    instance = next((one for one in instances(server) if is_for(order, one)), None)
    if instance is None or instance.status.termination_time:
        yield f"{name} waits for an instance that is not there"
    elif not instance.metadata.deletion_timestamp:
        yield from faults_of_waiting(order, instance, server)


def tells_of_the_living(order: RenewalOrder, server: Server) -> bool:
    """Settled after it was deleted: it stays in the ledger as long as its instance lives."""
    is_kept = order.metadata.deletion_timestamp is not None and order.status.phase is OrderPhase.SETTLED
    return is_kept and any(is_for(order, one) and one.status.phase is not Phase.TERMINATED for one in instances(server))


def faults_of_waiting(order: RenewalOrder, instance: PrepaidInstance, server: Server) -> Iterator[str]:
    if order.metadata.deletion_timestamp:
        yield f"the order {order.metadata.name} was taken back and is still there"
    if could_be_paid(order, instance, server):
        yield f"the order {order.metadata.name} waits although it could be paid"


def is_for(order: RenewalOrder, instance: PrepaidInstance) -> bool:
    ref = order.spec.instance_ref
    return ref.name == instance.metadata.name and ref.uid in ("", instance.metadata.uid)


def could_be_paid(order: RenewalOrder, instance: PrepaidInstance, server: Server) -> bool:
    """The first term comes before orders of the owner."""
    sight = Sight(server.store, server.store.number, instance.metadata.uid)
    terms = sight.terms(instance)
    is_its_turn = bool(instance.status.periods) or order.spec.source is OrderSource.INITIAL
    want = Want(order.spec.periods, order.spec.max_amount)
    return is_its_turn and terms is not None and can_be_paid(want, terms, sight.left(instance, terms))


def faults_of_account(account: PrepaidAccount, server: Server, books: Books) -> Iterator[str]:
    try:
        check_sums(account, server, books)
    except Violation as violation:
        yield str(violation)
    living = instances(server)
    sequences = {one.metadata.uid: one.status.sequence + int(one.status.intent is not None) for one in living}
    # One that was voided may be left by a status that was emptied and rebuilt; it costs nothing.
    applied = {uid: entry for uid, entry in account.status.purchases.items() if entry.outcome is PurchaseOutcome.APPLIED}
    kept = [uid for uid, entry in applied.items() if sequences.get(uid, entry.sequence + 1) <= entry.sequence]
    if kept:
        yield f"{account.metadata.name} holds purchases that its instances have not gone past: {kept}"


def waiting_for(instance: PrepaidInstance, server: Server, *, is_ours: bool) -> list[RenewalOrder]:
    found = [order for order in orders(server) if is_for(order, instance) and order.status.phase is None]
    return [order for order in found if (order.spec.source is not OrderSource.OWNER) is is_ours]


def is_waiting_for_money(instance: PrepaidInstance, server: Server) -> bool:
    """Whether an order of the operator's waits, which cannot be paid, or none is made because its account holds another currency."""
    return bool(waiting_for(instance, server, is_ours=True)) or holds_other_currency(instance, server)


def holds_other_currency(instance: PrepaidInstance, server: Server) -> bool:
    terms = Sight(server.store, server.store.number, instance.metadata.uid).terms(instance)
    held = [account.spec.currency for account in accounts(server) if account.metadata.name == instance.spec.account]
    return terms is not None and bool(terms.price) and bool(held) and held[0] != terms.currency
