"""Every reason that a condition may carry, in one place (style.md 15), and what stands in the way of something, as a value."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """One word for why a condition is as it is."""

    # the life of an instance
    NEW = "New"
    STARTING = "Starting"
    STEP_FOLLOWS = "StepFollows"
    RUNNING = "Running"
    STOPPING = "Stopping"
    STOPPED_BY_OWNER = "StoppedByOwner"
    RECYCLING = "Recycling"
    IN_RECYCLE_BIN = "InRecycleBin"
    ERASING = "Erasing"
    TERMINATED = "Terminated"
    DELETING = "Deleting"
    # the term
    PAID = "Paid"
    UNPAID = "Unpaid"
    EXPIRED = "Expired"
    RENEWAL_REJECTED = "RenewalRejected"
    EXPIRING_SOON = "ExpiringSoon"
    NOT_SOON = "NotSoon"
    # the workload and the data
    READY = "Ready"
    NOT_READY = "NotReady"
    STOPPED = "Stopped"
    IMMUTABLE = "Immutable"
    VOLUME_RETAINED = "VolumeRetained"
    ERASED = "Erased"
    # what holds
    CLASS_MISSING = "ClassMissing"
    CLASS_UNREADABLE = "ClassUnreadable"
    BAD_PARAMETERS = "BadParameters"
    UNKNOWN_KIND = "UnknownKind"
    NOT_OURS = "NotOurs"
    TERM_UNREADABLE = "TermUnreadable"
    STATUS_LOST = "StatusLost"
    RESTORED_COPY = "RestoredCopy"
    CLOCKS_DISAGREE = "ClocksDisagree"
    REFUSED_BY_SERVER = "RefusedByServer"
    NO_EFFECT = "NoEffect"
    # money
    PAYING = "Paying"
    NO_ACCOUNT = "NoAccount"
    INSUFFICIENT_FUNDS = "InsufficientFunds"
    OTHER_CURRENCY = "OtherCurrency"
    MAX_AMOUNT = "MaxAmount"
    SUPERSEDED = "Superseded"
    CANCELLED = "Cancelled"
    NO_INSTANCE = "NoInstance"
    SETTLED = "Settled"
    # what depends on what
    HAS_INSTANCES = "HasInstances"
    NO_INSTANCES = "NoInstances"
    BREAK_GLASS = "BreakGlass"
    # attachments
    ATTACHING = "Attaching"
    ATTACHED = "Attached"
    IDLE = "Idle"
    DETACHING = "Detaching"
    DETACHED = "Detached"


@dataclass(frozen=True)
class Problem:
    """What holds something up: a reason, and one sentence that says what to do."""

    reason: Reason
    message: str
