"""What an account is charged for idle resources: every unit that has begun, once (product.md P11, P14; api.md, "PrepaidAccount").

The entry of a resource tells which span it speaks of, how many of its units are charged, and whether its end was seen: from that write on
the entry is final, because who has read the account before can write it no more. Only then the resource forgets the span, and only once
the resource, read after the account, does not list it any more the account forgets the entry. Knows no clock and no server.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from whenever import Instant, TimeDelta

from prepaid.api.account import IdleRecord, PrepaidAccount
from prepaid.api.elastic_resource import ElasticResource, IdleSpan
from prepaid.lifecycle.idle_spans import cost, due_units, end_of_units, is_free, is_over
from prepaid.lifecycle.idling import waits_for_span

MOST_IDLE: Final = 500
SECOND: Final = TimeDelta(seconds=1)
NOTHING: Final = Decimal(0)


def with_idle_charges(account: PrepaidAccount, resources: Iterable[ElasticResource], now: Instant) -> PrepaidAccount:
    """The account after one write for all that is due; `resources` were read after it."""
    by_uid = {resource.metadata.uid: spans for resource in resources if (spans := spans_on(account, resource))}
    idle, closed, charged = dict(account.status.idle), account.status.closed_idle or NOTHING, account.status.charged or NOTHING
    for uid in [uid for uid, entry in idle.items() if not is_listed(entry, by_uid.get(uid, ()))]:
        closed += idle.pop(uid).amount
    for uid, spans in sorted(by_uid.items()):
        if uid not in idle and len(idle) >= MOST_IDLE:
            continue
        for entry in entries(spans, idle.get(uid), now):
            before = idle.get(uid)
            is_same = before is not None and before.since_time == entry.since_time
            closed += before.amount if before and not is_same else NOTHING
            charged += entry.amount - (before.amount if before and is_same else NOTHING)
            idle[uid] = entry
    update = {"idle": idle, "closed_idle": closed or None, "charged": charged, "balance": account.spec.deposited - charged}
    return account.model_copy(update={"status": account.status.model_copy(update=update)})


def spans_on(account: PrepaidAccount, resource: ElasticResource) -> tuple[IdleSpan, ...]:
    """The spans that this very account pays, and that cost something, oldest first."""
    return tuple(span for span in resource.status.idle_spans if span.account.uid == account.metadata.uid and not is_free(span))


def is_listed(entry: IdleRecord, spans: Sequence[IdleSpan]) -> bool:
    return any(span.since_time == entry.since_time for span in spans)


def entries(spans: Sequence[IdleSpan], entry: IdleRecord | None, now: Instant) -> list[IdleRecord]:
    """The entries that follow from the present one, one for each span that costs something or is over; earlier spans are settled."""
    left = [span for span in spans if entry is None or span.since_time >= entry.since_time]
    found = [entry_of(span, entry if entry and entry.since_time == span.since_time else None, now) for span in left]
    return [each for each in found if each.units or each.is_over]


def entry_of(span: IdleSpan, before: IdleRecord | None, now: Instant) -> IdleRecord:
    """A clock that lags takes nothing back. A span that is over costs exactly its units, also if more had been charged before.

    Who attaches it decides on a moment that lies a little before the write: meanwhile one unit more may have been charged.
    """
    units = due_units(span, now)
    if before and not is_over(span):
        units = max(units, before.units)
    return IdleRecord(since_time=span.since_time, units=units, amount=cost(span, units), is_over=is_over(span))


def waits_for_charge(account: PrepaidAccount, resource: ElasticResource) -> bool:
    """Whether the account knows nothing of its newest span yet, or has not charged all of one that is over."""
    entry = account.status.idle.get(resource.metadata.uid)
    spans = spans_on(account, resource)
    if entry is None or not spans:
        return entry is not None or bool(spans)
    return spans[-1].since_time != entry.since_time or is_over(spans[-1]) != entry.is_over


def charges_to_tell(account: PrepaidAccount, resources: Iterable[ElasticResource]) -> list[str]:
    """The names of the resources that do not know yet what was charged for them, or what they cost from now on."""
    told = (resource for resource in resources if has_charges_to_tell(account, resource) or waits_for_span(resource, account))
    return [resource.metadata.name for resource in told]


def has_charges_to_tell(account: PrepaidAccount, resource: ElasticResource) -> bool:
    entry = account.status.idle.get(resource.metadata.uid)
    return entry is not None and any(is_news(span, entry) for span in spans_on(account, resource))


def is_news(span: IdleSpan, entry: IdleRecord) -> bool:
    """Whether the account knows more of the span than the resource."""
    if span.since_time != entry.since_time:
        return span.since_time < entry.since_time
    return span.units != entry.units or entry.is_over


def next_charge_time(account: PrepaidAccount, resources: Iterable[ElasticResource], now: Instant) -> Instant | None:
    """When the next unit of a span that runs will have begun; the second at which one ends may still be its last."""
    running = [span for resource in resources for span in spans_on(account, resource) if not is_over(span)]
    return min((end_of_units(span, due_units(span, now)) + SECOND for span in running), default=None)


def with_told_charges(account: PrepaidAccount, resources: Iterable[ElasticResource]) -> PrepaidAccount:
    """An account that has forgotten: what the resources tell that it was charged, so that it goes on from there."""
    idle, closed = {}, NOTHING
    for resource in resources:
        if resource.status.idle_account != account.metadata.name:
            continue
        told = [span for span in spans_on(account, resource) if span.units]
        amount = NOTHING
        if told:
            amount = cost(told[-1], told[-1].units)
            idle[resource.metadata.uid] = IdleRecord(since_time=told[-1].since_time, units=told[-1].units, amount=amount)
        closed += (resource.status.idle_charged or NOTHING) - amount
    charged = (account.status.charged or NOTHING) + closed + sum((entry.amount for entry in idle.values()), NOTHING)
    update = {"idle": idle, "closed_idle": closed or None, "charged": charged, "balance": account.spec.deposited - charged}
    return account.model_copy(update={"status": account.status.model_copy(update=update)})
