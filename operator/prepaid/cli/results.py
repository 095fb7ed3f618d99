"""What became of each item of a batch, and what the whole comes to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.printing import Column


class Outcome(StrEnum):
    """In one word or a few."""

    DONE = "done"
    ASKED = "asked for"
    REHEARSED = "would be done"
    REFUSED = "refused"
    WAITING = "waiting for money"
    UNDECIDED = "not decided yet"
    UNSENT = "not sent"


WORST_FIRST: Final = (
    (ExitCode.FAILED, (Outcome.REFUSED,)),
    (ExitCode.WAITING_FOR_MONEY, (Outcome.WAITING,)),
    (ExitCode.UNDECIDED, (Outcome.UNDECIDED, Outcome.UNSENT)),
)


@dataclass(frozen=True)
class Result:
    """One item's: `amount` is what was paid, or in a rehearsal what it would cost."""

    name: str
    outcome: Outcome
    message: str
    amount: Decimal = Decimal(0)
    currency: str = ""

    @property
    def line(self) -> str:
        return f"{self.name}: {self.outcome.value}" + (f": {self.message}" if self.message else "")


COLUMNS: Final[Sequence[Column[Result]]] = (
    Column("name", lambda result: result.name),
    Column("result", lambda result: result.outcome.value),
    Column("message", lambda result: result.message),
    Column("amount", lambda result: format(result.amount, "f")),
    Column("currency", lambda result: result.currency),
)


def exit_code(results: Iterable[Result]) -> ExitCode:
    """Done only if all are; else the worst that happened."""
    outcomes = {result.outcome for result in results}
    return next((code for code, bad in WORST_FIRST if outcomes & set(bad)), ExitCode.DONE)


def summary(results: Sequence[Result]) -> str:
    """How many of each, and what was paid in all, or would be: it adds up."""
    counts = [f"{count} {outcome.value}" for outcome in Outcome if (count := sum(one.outcome is outcome for one in results))]
    paid, would_pay = sums(results, Outcome.DONE), sums(results, Outcome.REHEARSED)
    money = (f"; paid {paid}" if paid else "") + (f"; would pay {would_pay}" if would_pay else "")
    return f"{len(results)} in all: {', '.join(counts)}{money}."


def sums(results: Iterable[Result], outcome: Outcome) -> str:
    """What those with this outcome come to, by currency; nothing is empty."""
    found: dict[str, Decimal] = {}
    for one in results:
        if one.outcome is outcome and one.amount:
            found[one.currency] = found.get(one.currency, Decimal(0)) + one.amount
    return " and ".join(f"{amount} {currency}" for currency, amount in found.items())
