"""Quotes as a person reads them: amounts with their currency, totals by account."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from prepaid.cli.printing import Column
from prepaid.lifecycle.quoting import Quote

COLUMNS: Sequence[Column[Quote]] = (
    Column("name", lambda quote: quote.name),
    Column("periods", lambda quote: str(quote.periods), fields=lambda quote: {"periods": quote.periods}),
    Column(
        "amount",
        lambda quote: "" if quote.refusal else cost(quote),
        fields=lambda quote: amount_fields(None if quote.refusal else quote.amount, quote.currency),
    ),
    Column("new end", lambda quote: str(quote.expiration_time or "")),
    Column(
        "balance after",
        lambda quote: balance_after(quote),
        fields=lambda quote: {"balanceAfter": None if quote.refusal or quote.balance_after is None else format(quote.balance_after, "f")},
    ),
    Column("remark", lambda quote: remark(quote)),
)


def cost(quote: Quote) -> str:
    return money(quote.amount, quote.currency)


def money(amount: Decimal, currency: str) -> str:
    return f"{amount} {currency}" if amount else "nothing"


def amount_fields(amount: Decimal | None, currency: str | None) -> dict[str, str | None]:
    """For JSON and YAML: amounts are decimal strings, as everywhere in the API; null where there is none."""
    return {"amount": None if amount is None else format(amount, "f"), "currency": currency or None}


def balance_after(quote: Quote) -> str:
    return "" if quote.refusal or quote.balance_after is None else f"{quote.balance_after} {quote.currency}"


def remark(quote: Quote) -> str:
    """Why it is refused, or waits."""
    if quote.refusal:
        return f"refused: {quote.refusal.message}"
    return f"would wait for money: {quote.waits_for.message}" if quote.waits_for else ""


def total(quotes: Iterable[Quote]) -> str:
    """What all of them cost together, by currency."""
    sums: dict[str, Decimal] = {}
    for quote in quotes:
        if not quote.refusal:
            sums[quote.currency] = sums.get(quote.currency, Decimal(0)) + quote.amount
    return " and ".join(f"{amount} {currency}" for currency, amount in sums.items()) or "nothing"
