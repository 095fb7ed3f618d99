"""Which accounts an instance pays from: the owner's word, and what a purchase in flight was begun with (product.md P14)."""

from prepaid.api.account import PrepaidAccount
from prepaid.api.instance import PrepaidInstance


def accounts_of(instance: PrepaidInstance) -> tuple[str, ...]:
    """By name: the owner's word, and what a purchase in flight is paid from."""
    intent = instance.status.intent
    in_flight = [intent.account.name] if intent and intent.account else []
    return tuple(dict.fromkeys([instance.spec.account, *in_flight]))


def may_pay_from(account: PrepaidAccount, instance: PrepaidInstance) -> bool:
    """Whether it has business here, once a purchase that is over is cleared away."""
    return instance.spec.account == account.metadata.name or pays_from(account, instance)


def pays_from(account: PrepaidAccount, instance: PrepaidInstance) -> bool:
    """What is in flight is paid by the account that its intent names; else the owner's word counts."""
    intent = instance.status.intent
    if intent and intent.account:
        return intent.account.uid == account.metadata.uid
    return instance.spec.account == account.metadata.name
