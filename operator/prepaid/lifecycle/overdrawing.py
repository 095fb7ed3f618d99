"""An account that idle resources have drawn below zero: a debt, which is told once for each total that was paid in."""

from prepaid.api.account import PrepaidAccount
from prepaid.lifecycle.notices import Event, Notice


def overdraft(account: PrepaidAccount) -> tuple[Event, ...]:
    """The event, while the balance is negative."""
    balance, currency = account.status.balance, account.spec.currency
    if balance is None or balance >= 0:
        return ()
    said = f"Idle elastic resources have drawn the balance below zero, to {balance} {currency}"
    message = f"{said}: it is a debt. Pay in, or delete the resources that are not needed; nothing more is sold until then."
    return (Event(Notice.OVERDRAWN, message, f"{account.spec.deposited:f}"),)
