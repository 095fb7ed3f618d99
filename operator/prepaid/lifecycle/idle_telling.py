"""What a resource is told by the accounts that pay for it: units charged, spans settled. The account's word is the truth, this its copy.

Knows no server: accounts come by their uids, as far as they are still there.
"""

from collections.abc import Mapping

from prepaid.api.account import IdleRecord, PrepaidAccount
from prepaid.api.elastic_resource import ElasticPhase, ElasticResource, ElasticResourceStatus, IdleSpan
from prepaid.lifecycle.idle_spans import closed_at, cost, end_of_units, is_free, is_over, total_units
from prepaid.lifecycle.idling import ZERO, with_status


def told_of_charges(resource: ElasticResource, accounts: Mapping[str, PrepaidAccount]) -> ElasticResource:
    """What its accounts (by uid) have charged for it; spans that are settled, or whose account is no more, leave the list.

    The newest span stays while the resource is idle: the next one begins no earlier than it ends.
    """
    status = resource.status
    told = [told_span(span, accounts.get(span.account.uid), resource.metadata.uid) for span in status.idle_spans]
    news = sum(
        (cost(new, new.units - old.units) for old, (new, _) in zip(status.idle_spans, told, strict=True) if is_own(old, status)), ZERO
    )
    keeps_newest = status.phase is ElasticPhase.IDLE and resource.metadata.deletion_timestamp is None
    kept = tuple(span for span, is_done in told if not is_done or (keeps_newest and span is told[-1][0]))
    return with_status(resource, idle_spans=kept, idle_charged=(status.idle_charged or ZERO) + news if news else status.idle_charged)


def is_own(span: IdleSpan, status: ElasticResourceStatus) -> bool:
    """Whether it counts into idleCharged, which speaks of one account."""
    return span.account.name == status.idle_account


def told_span(span: IdleSpan, account: PrepaidAccount | None, uid: str) -> tuple[IdleSpan, bool]:
    """The span as its account has charged it, and whether it is done with; what an account that is no more has not charged is nobody's."""
    if account is None:
        return (span if is_over(span) else closed_at(span, end_of_units(span, span.units))), True
    if is_free(span):
        return span, is_over(span)
    entry = account.status.idle.get(uid)
    return span.model_copy(update={"units": charged_units(span, entry)}), is_settled(span, entry)


def charged_units(span: IdleSpan, entry: IdleRecord | None) -> int:
    """By the account's own entry: one for a later span says that this one was settled."""
    if entry is None or entry.since_time < span.since_time:
        return span.units
    if entry.since_time == span.since_time:
        return entry.units
    return total_units(span) if is_over(span) else span.units


def is_settled(span: IdleSpan, entry: IdleRecord | None) -> bool:
    """Over, and the account has written that it knows: whoever has read the account before that can charge nothing any more."""
    if not is_over(span) or entry is None:
        return False
    return entry.since_time > span.since_time or (entry.since_time == span.since_time and entry.is_over)
