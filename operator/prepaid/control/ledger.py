"""What the ledger tells of an account: what it was charged (api.md), and which of its purchases are over."""

from collections.abc import Iterable
from decimal import Decimal

from prepaid.api.account import PrepaidAccount
from prepaid.api.instance import PrepaidInstance
from prepaid.api.intent import Intent, IntentState
from prepaid.api.order import SETTLED, RenewalOrder
from prepaid.cluster.client import Cluster, parse
from prepaid.lifecycle.cashier import without_ended, without_lost


async def charged_so_far(account: PrepaidAccount, cluster: Cluster) -> Decimal:
    """The sum for an account of this name, whatever its uid: one that is deleted and made again has not forgotten.

    Told by the settled orders, and by the grants whose orders are not settled yet. These are read first: what is settled and cleared
    meanwhile is found among the orders. What an order paid for that was deleted in flight is told no longer than its instance lives.
    """
    name, namespace = account.metadata.name, account.metadata.namespace
    intents = [parse(PrepaidInstance, body).status.intent async for body in cluster.pages(PrepaidInstance, namespace)]
    settled = await cluster.all(RenewalOrder, namespace, fields=SETTLED)
    amounts = {intent.order.uid: intent.amount for intent in intents if intent and is_granted_from(name, intent)}
    amounts |= {order.metadata.uid: amount for order in settled if (amount := amount_from(name, order)) is not None}
    return sum(amounts.values(), Decimal(0))


def is_granted_from(account: str, intent: Intent) -> bool:
    return intent.state is IntentState.GRANTED and intent.account is not None and intent.account.name == account


def amount_from(account: str, order: RenewalOrder) -> Decimal | None:
    """What an order cost the account of this name."""
    paid_by = order.status.account
    return order.status.amount if paid_by and paid_by.name == account else None


async def without_what_is_over(account: PrepaidAccount, cluster: Cluster) -> PrepaidAccount:
    """6, as far as all instances and the ledger, read after the account, tell. Raises ClusterError."""
    namespace = account.metadata.namespace
    sequences = sequences_of(await cluster.all(PrepaidInstance, namespace))
    orders = await cluster.all(RenewalOrder, namespace, fields=SETTLED)
    settled = {(order.spec.instance_ref.uid, order.status.sequence) for order in orders}
    return without_lost(without_ended(account, sequences), sequences, settled)


def sequences_of(instances: Iterable[PrepaidInstance]) -> dict[str, int]:
    return {instance.metadata.uid: instance.status.sequence for instance in instances}
