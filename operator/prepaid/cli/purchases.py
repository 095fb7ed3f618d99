"""What a command would buy before anybody is asked: quotes for what can be bought, results for what cannot or was bought already."""

from collections.abc import Sequence
from dataclasses import dataclass

from prepaid.api.instance import PrepaidInstance
from prepaid.api.order import RenewalOrder
from prepaid.cli.looking import look_at
from prepaid.cli.printing import aligned
from prepaid.cli.results import Outcome, Result
from prepaid.cli.session import Session
from prepaid.cli.shares import COLUMNS, total
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.owner_orders import bought_before
from prepaid.lifecycle.quoting import Quote, quotes

SETTLED = "status.phase=Settled"


@dataclass(frozen=True)
class Purchase:
    """What is still to be bought, and the results that are known without asking."""

    quotes: tuple[Quote, ...]
    known: tuple[Result, ...]


async def plan(instances: Sequence[PrepaidInstance], periods: int | None, here: Session, *, again: bool) -> Purchase:
    """Reads and quotes. Raises ClusterError."""
    return plan_for(await look_at(instances, here), await settled_orders(here), periods, again=again)


async def settled_orders(here: Session) -> list[RenewalOrder]:
    return await here.cluster.all(RenewalOrder, here.namespace, fields=SETTLED)


def plan_for(seen: Sequence[Facts], history: Sequence[RenewalOrder], periods: int | None, *, again: bool) -> Purchase:
    """Those whom the same words have bought for a moment ago are done, those that cannot be bought for are refused."""
    repeats = {} if again else {facts.instance.metadata.uid: order for facts in seen if (order := bought_before(facts, history, periods))}
    made = quotes([facts for facts in seen if facts.instance.metadata.uid not in repeats], periods)
    done = [Result(order.spec.instance_ref.name, Outcome.DONE, said_before(order)) for order in repeats.values()]
    refused = [Result(quote.name, Outcome.REFUSED, quote.refusal.message) for quote in made if quote.refusal]
    return Purchase(tuple(quote for quote in made if not quote.refusal), (*done, *refused))


def said_before(order: RenewalOrder) -> str:
    """Nothing is bought for it now."""
    paid = f"{order.status.amount} {order.status.currency}"
    return f"bought at {order.status.settled_time} for {paid} by order {order.metadata.name}; --again buys once more"


def bill(quotes: Sequence[Quote]) -> str:
    """What is asked before money moves: each item, the total, and the question."""
    rows = [[column.cell(quote) for column in COLUMNS] for quote in quotes]
    lines = aligned([[column.title.upper() for column in COLUMNS], *rows])
    return "\n".join([*lines, f"Pay {total(quotes)} in all, and no more?"])
