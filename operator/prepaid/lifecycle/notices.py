"""What the owner is told, once each: events with deterministic names (api.md, "Labels, annotations, events, rights")."""

from dataclasses import dataclass
from enum import StrEnum


class Notice(StrEnum):
    """The reason of an event on an instance, or on an account."""

    PURCHASED = "Purchased"
    RENEWED = "Renewed"
    AUTO_RENEWED = "AutoRenewed"
    PAYMENT_FAILED = "PaymentFailed"
    RENEWAL_REJECTED = "RenewalRejected"
    LOWERED = "PurchasedPeriodsLowered"
    EXPIRING_SOON = "ExpiringSoon"
    RECYCLED = "Recycled"
    ATTACHMENTS_DETACHED = "AttachmentsDetached"
    RECOVERED = "Recovered"
    RELEASE_SOON = "ReleaseSoon"
    TERMINATING = "Terminating"
    TERMINATED = "Terminated"
    HELD = "Held"
    IGNORED = "Ignored"
    BREAK_GLASS = "BreakGlass"
    NOT_PROTECTED = "NotProtected"
    FOREIGN_POD = "ForeignPod"
    OVERDRAWN = "Overdrawn"


WARNINGS = frozenset(
    {
        Notice.PAYMENT_FAILED,
        Notice.RENEWAL_REJECTED,
        Notice.EXPIRING_SOON,
        Notice.RECYCLED,
        Notice.RELEASE_SOON,
        Notice.TERMINATING,
        Notice.HELD,
        Notice.IGNORED,
        Notice.BREAK_GLASS,
        Notice.NOT_PROTECTED,
        Notice.FOREIGN_POD,
        Notice.OVERDRAWN,
    }
)


@dataclass(frozen=True)
class Event:
    """One event: `once` makes its name unique (a sequence, a stay, a number of days), so that it is told only once."""

    notice: Notice
    message: str
    once: str

    @property
    def is_warning(self) -> bool:
        return self.notice in WARNINGS
