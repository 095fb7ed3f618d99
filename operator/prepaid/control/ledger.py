"""What an account was charged, told by the ledger: the settled orders, and the grants whose orders are not settled yet (api.md)."""

from decimal import Decimal

from prepaid.api.account import PrepaidAccount
from prepaid.api.instance import PrepaidInstance
from prepaid.api.intent import IntentState
from prepaid.api.order import OrderPhase, RenewalOrder
from prepaid.cluster.client import Cluster, parse


async def charged_so_far(account: PrepaidAccount, cluster: Cluster) -> Decimal:
    """The sum for an account of this name, whatever its uid: one that is deleted and made again has not forgotten."""
    name, namespace = account.metadata.name, account.metadata.namespace
    fields = f"status.phase={OrderPhase.SETTLED.value}"
    settled = [parse(RenewalOrder, body) async for body in cluster.pages(RenewalOrder, namespace, fields=fields)]
    known = {order.metadata.uid for order in settled}
    total = sum(
        (order.status.amount or Decimal(0) for order in settled if order.status.account and order.status.account.name == name), Decimal(0)
    )
    async for body in cluster.pages(PrepaidInstance, namespace):
        intent = parse(PrepaidInstance, body).status.intent
        is_granted = intent is not None and intent.state is IntentState.GRANTED and intent.order.uid not in known
        if intent and is_granted and intent.account and intent.account.name == name:
            total += intent.amount
    return total
