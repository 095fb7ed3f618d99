"""How a resource becomes idle, runs up idle time, and is held again: its status after each (api.md, "ElasticResource").

A resource that is idle and has an account runs exactly one span. Another price or account takes over with the next unit: what has
begun is the old one's. Time in which there was no account is nobody's. Knows no instance beyond its name and uid.
"""

from decimal import Decimal
from typing import Final

from whenever import Instant, TimeDelta

from prepaid.api.account import PrepaidAccount
from prepaid.api.elastic_resource import ElasticPhase, ElasticResource, ElasticResourceStatus, ElasticType, Holder, IdleRate, IdleSpan
from prepaid.api.reference import Reference
from prepaid.api.terms import Unit
from prepaid.lifecycle.idle_spans import closed_at, end_of_units, is_free, is_over, started_units

MOST_SPANS: Final = 16
LEAVE_ROOM: Final = 2
SECOND: Final = TimeDelta(seconds=1)
ZERO: Final = Decimal(0)


def with_status(resource: ElasticResource, **changes: object) -> ElasticResource:
    return resource.model_copy(update={"status": resource.status.model_copy(update=changes)})


def held_by(resource: ElasticResource, holder: Holder, now: Instant) -> ElasticResource:
    """One more holder, or the same again: its idle time ends with the first, and not before it has begun, whatever the clocks show."""
    status = resource.status
    if status.phase is ElasticPhase.ATTACHED:
        return with_status(resource, attached_to=(*(one for one in status.attached_to if one.uid != holder.uid), holder))
    start = max(filter(None, [now, status.idle_since_time, *(span.since_time for span in status.idle_spans)]))
    return with_status(
        with_ended_span(resource, start),
        phase=ElasticPhase.ATTACHED,
        attached_to=(*status.attached_to, holder),
        attach_time=start,
        idle_since_time=None,
        idle_price=None,
    )


def released_by(resource: ElasticResource, uid: str, account: PrepaidAccount | None, now: Instant) -> ElasticResource:
    """Without this holder; idle from now on if it was the last."""
    left = tuple(holder for holder in resource.status.attached_to if holder.uid != uid)
    return with_status(resource, attached_to=left) if left else idle_from(resource, account, now)


def idle_from(resource: ElasticResource, account: PrepaidAccount | None, now: Instant) -> ElasticResource:
    """Held by nobody, since now; always after it was attached, whatever the clocks show: no two spans begin alike."""
    attach_time = resource.status.attach_time
    since = max(now, attach_time + SECOND) if attach_time else now
    idle = with_status(resource, phase=ElasticPhase.IDLE, attached_to=(), attach_time=None, idle_since_time=since)
    return with_running_span(idle, account, since)


def with_ended_span(resource: ElasticResource, moment: Instant) -> ElasticResource:
    """No span runs any more. One that costs something stays until its account has said that it knows."""
    spans = ended_spans(resource, moment)
    return with_status(resource, idle_spans=tuple(span for span in spans if not is_free(span)))


def ended_spans(resource: ElasticResource, moment: Instant) -> tuple[IdleSpan, ...]:
    return tuple(span if is_over(span) else closed_at(span, moment) for span in resource.status.idle_spans)


def with_running_span(resource: ElasticResource, account: PrepaidAccount | None, now: Instant) -> ElasticResource:
    """The span that should run now: none while it is held, deleted or without an account."""
    running = running_span(resource.status)
    deletion_time = resource.metadata.deletion_timestamp
    if resource.status.phase is not ElasticPhase.IDLE or deletion_time:
        return with_ended_span(resource, min(filter(None, [now, deletion_time])))
    if runs_on(resource, account):
        return resource
    begin = handover_time(running, now) if running else now
    return with_new_span(with_status(resource, idle_spans=ended_spans(resource, begin)), account, begin)


def with_new_span(resource: ElasticResource, account: PrepaidAccount | None, begin: Instant) -> ElasticResource:
    """Without an account, or without room for one more span, the time is free."""
    status, rate = resource.status, rate_of(account, resource.spec.type)
    if account is None or rate is None or len(status.idle_spans) >= MOST_SPANS - LEAVE_ROOM:
        return with_status(resource, idle_price=None)
    since = max(filter(None, [begin, status.idle_since_time, *map(end_of_span, status.idle_spans)]))
    payer = Reference(name=account.metadata.name, uid=account.metadata.uid)
    span = IdleSpan(account=payer, price=rate, since_time=since)
    return with_status(
        resource,
        idle_spans=(*status.idle_spans, span),
        idle_price=None if is_free(span) else rate,
        idle_account=payer.name,
        idle_charged=status.idle_charged if status.idle_account == payer.name else None,
    )


def end_of_span(span: IdleSpan) -> Instant | None:
    """From when the next one may run, None while it runs: later than one that costs something has begun, so that no two begin alike."""
    if span.until_time is None or is_free(span):
        return span.until_time
    return max(span.until_time, span.since_time + SECOND)


def runs_on(resource: ElasticResource, account: PrepaidAccount | None) -> bool:
    """Whether a span runs on this very account at its present price."""
    running = running_span(resource.status)
    rate = rate_of(account, resource.spec.type)
    return running is not None and account is not None and (running.account.uid, running.price) == (account.metadata.uid, rate)


def waits_for_span(resource: ElasticResource, account: PrepaidAccount) -> bool:
    """Idle, to be paid by this account, and not run up on it yet: the account is new, or its tariff is."""
    is_idle = resource.status.phase is ElasticPhase.IDLE and resource.metadata.deletion_timestamp is None
    return is_idle and resource.spec.account == account.metadata.name and not runs_on(resource, account)


def running_span(status: ElasticResourceStatus) -> IdleSpan | None:
    last = status.idle_spans[-1] if status.idle_spans else None
    return None if last is None or is_over(last) else last


def handover_time(span: IdleSpan, now: Instant) -> Instant:
    """When another price takes over: at the end of the unit that has begun, the first at the latest; at once if it costs nothing."""
    if is_free(span):
        return max(now, span.since_time)
    return end_of_units(span, max(1, span.units, started_units(span.since_time, now, span.price.unit)))


def rate_of(account: PrepaidAccount | None, elastic_type: ElasticType) -> IdleRate | None:
    """The tariff of the account; a type that is not in it is free until it is."""
    if account is None:
        return None
    for price in account.spec.idle_prices:
        if price.type is elastic_type:
            return IdleRate(amount=price.amount, currency=account.spec.currency, unit=price.unit)
    return IdleRate(amount=ZERO, currency=account.spec.currency, unit=Unit.SECOND)
