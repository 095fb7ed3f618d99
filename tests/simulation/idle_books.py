"""The auditor's own books of idle time: every span that a resource ever listed, and what an account began with."""

from dataclasses import dataclass, field
from decimal import Decimal

from whenever import Instant

from prepaid.api.account import PrepaidAccount
from prepaid.api.elastic_resource import ElasticResource, IdleSpan
from prepaid.lifecycle.idle_spans import started_units


@dataclass
class IdleBooks:
    """Spans by the uids of their resource and account and their first moment; `told` is what an account was opened with.

    What costs nothing is not kept.
    """

    spans: dict[tuple[str, str, Instant], IdleSpan] = field(default_factory=dict)
    told: dict[str, Decimal] = field(default_factory=dict)

    def note(self, resource: ElasticResource) -> None:
        for span in priced(resource):
            self.spans[resource.metadata.uid, span.account.uid, span.since_time] = span

    def of_resource(self, uid: str) -> list[IdleSpan]:
        """Oldest first."""
        return sorted((span for (of, _, _), span in self.spans.items() if of == uid), key=lambda span: span.since_time)

    def owed_by(self, account: PrepaidAccount, now: Instant) -> Decimal:
        """What it began with, and every started unit since."""
        own = (span for (_, payer, _), span in self.spans.items() if payer == account.metadata.uid)
        return sum((owed_for(span, now) for span in own), self.told.get(account.metadata.uid, Decimal(0)))


def priced(resource: ElasticResource) -> list[IdleSpan]:
    return [span for span in resource.status.idle_spans if span.price.amount]


def owed_for(span: IdleSpan, now: Instant) -> Decimal:
    return span.price.amount * started_units(span.since_time, span.until_time or now, span.price.unit)


def charged_for_idling(account: PrepaidAccount) -> Decimal:
    """By what the account says itself."""
    status = account.status
    return sum((entry.amount for entry in status.idle.values()), status.closed_idle or Decimal(0))
