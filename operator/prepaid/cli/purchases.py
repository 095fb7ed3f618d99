"""What a command would buy before anybody is asked: quotes for what can be bought, results for what cannot or was bought already."""

from collections.abc import Sequence
from dataclasses import dataclass

import typer

from prepaid.api.instance import PrepaidInstance
from prepaid.api.order import SETTLED, OrderSource, RenewalOrder
from prepaid.cli.asking import ask_to_pay
from prepaid.cli.looking import look_at
from prepaid.cli.printing import aligned
from prepaid.cli.results import Outcome, Result
from prepaid.cli.session import Session
from prepaid.cli.shares import COLUMNS, cost, total
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.owner_orders import Words, bought_before
from prepaid.lifecycle.quoting import Quote, quotes


@dataclass(frozen=True)
class Purchase:
    """What is still to be bought, and the results that are known without asking."""

    quotes: tuple[Quote, ...]
    known: tuple[Result, ...]


async def plan(instances: Sequence[PrepaidInstance], words: Words, here: Session) -> Purchase:
    """Reads and quotes. Raises ClusterError."""
    return plan_for(await look_at(instances, here), await settled_orders(here), words)


async def settled_orders(here: Session) -> list[RenewalOrder]:
    return await here.cluster.all(RenewalOrder, here.namespace, fields=SETTLED)


def plan_for(seen: Sequence[Facts], history: Sequence[RenewalOrder], words: Words) -> Purchase:
    """Those whom the same words have bought for a moment ago are done, those that cannot be bought for are refused."""
    open_ones, done = without_repeats(seen, history, words)
    made = quotes(open_ones, words.periods)
    refused = [Result(quote.name, Outcome.REFUSED, quote.refusal.message) for quote in made if quote.refusal]
    return Purchase(tuple(quote for quote in made if not quote.refusal), (*done, *refused))


def without_repeats(seen: Sequence[Facts], history: Sequence[RenewalOrder], words: Words) -> tuple[list[Facts], list[Result]]:
    """Those that the words are new for, and a result for each of the others."""
    found = [(facts, bought_before(facts, history, words)) for facts in seen]
    return [facts for facts, order in found if order is None], [repeated(order, words) for _, order in found if order is not None]


def repeated(order: RenewalOrder, words: Words) -> Result:
    """Nothing is bought for it now, and a rehearsal does not say that anything was done."""
    how_else = "; --again buys once more" if words.source is OrderSource.OWNER else ""
    bought = f"bought at {order.status.settled_time} for {order.status.amount} {order.status.currency} by order {order.metadata.name}"
    name = order.spec.instance_ref.name
    if words.is_rehearsal:
        return Result(name, Outcome.REHEARSED, f"nothing would be bought: it was {bought}{how_else}")
    return Result(name, Outcome.DONE, f"{bought}{how_else}")


def bill(quotes: Sequence[Quote]) -> str:
    """What is shown before money moves: each item with its amount and its new end."""
    rows = [[column.cell(quote) for column in COLUMNS] for quote in quotes]
    return "\n".join(aligned([[column.title.upper() for column in COLUMNS], *rows]))


def confirm(purchase: Purchase, *, yes: bool, is_rehearsal: bool) -> None:
    """Shows what it comes to and asks, if there is anything to pay; a rehearsal only shows. Raises Failure unless the answer is yes."""
    needs_no_answer = yes or not any(quote.amount for quote in purchase.quotes)
    if not purchase.quotes or (needs_no_answer and not is_rehearsal):
        return
    shown, whole = bill(purchase.quotes), total(purchase.quotes)
    if is_rehearsal:
        typer.echo(f"{shown}\nIt would cost {whole} in all.", err=True)
    else:
        ask_to_pay(f"{shown}\nPay {whole} in all, and no more?", yes=yes)


def foreseen(quote: Quote) -> Result:
    """What a rehearsal answers: what it would cost, and whether it would wait for money."""
    if quote.waits_for:
        return Result(quote.name, Outcome.WAITING, quote.waits_for.message, quote.amount, quote.currency)
    said = f"it would cost {cost(quote)}; the term would run until {quote.expiration_time}"
    return Result(quote.name, Outcome.REHEARSED, said, quote.amount, quote.currency)


def way_back(how: str, otherwise: str = "") -> str:
    """What becomes of a purchase that waits for money, and the command that takes it back."""
    return f"It is bought with the next deposit that suffices{otherwise}; `{how}` takes it back."
