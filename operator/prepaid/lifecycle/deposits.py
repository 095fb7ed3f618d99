"""Paying in: the total grows and the receipt is kept in one write, so that one receipt pays in once (api.md, PrepaidAccount)."""

from decimal import Decimal
from typing import Final

from whenever import Instant

from prepaid.api.account import PrepaidAccount
from prepaid.lifecycle.objects import Manifest

MOST_RECEIPTS: Final = 100


def is_paid_in(account: PrepaidAccount, receipt: str) -> bool:
    """Whether this receipt is among the last hundred."""
    return receipt in account.spec.receipts


def deposit(account: PrepaidAccount, amount: Decimal, receipt: str) -> Manifest:
    """The change that pays in, to be written on the version that was read."""
    receipts = [*account.spec.receipts, receipt][-MOST_RECEIPTS:]
    return {"spec": {"deposited": format(account.spec.deposited + amount, "f"), "receipts": receipts}}


def receipt_for(token: str, now: Instant) -> str:
    """A receipt id for who gave none: the day in UTC, and something that nobody else has."""
    return f"r-{now.to_tz('UTC').date().format_iso().replace('-', '')}-{token}"
