"""What was decided: the whole status to write, what to do, what to tell, and when to look again. A value."""

from dataclasses import dataclass
from enum import Enum, auto

from whenever import Instant

from prepaid.api.instance import InstanceStatus, NextAction, NextActionType, Phase
from prepaid.lifecycle.actions import Action, FileInBin, PatchObject, WriteOrderStatus
from prepaid.lifecycle.notices import Event
from prepaid.lifecycle.reasons import Problem, Reason


class Standing(Enum):
    """How an instance stands in the terms of kstatus: Ready, Reconciling or Stalled."""

    READY = auto()
    WORKING = auto()
    STALLED = auto()


NOTHING_NEXT = NextAction(type=NextActionType.NONE)


@dataclass(frozen=True)
class Decision:
    """The first rule that applied, worked out.

    `status` holds the moments and records to keep; phase, next action and conditions are put in from the other fields when it is reported.
    `actions` are performed first; `commits` says that the status write itself is the step (architecture.md, "Transitions and writes").
    `is_silent` leaves the status as it is: somebody else goes on, the cashier or the next look; `asks_cashier` names the account.
    `rejection` is a purchase that was turned down: it is told until the next one.
    """

    phase: Phase
    standing: Standing
    reason: Reason
    message: str
    status: InstanceStatus
    actions: tuple[Action, ...] = ()
    events: tuple[Event, ...] = ()
    wake_time: Instant | None = None
    next_action: NextAction = NOTHING_NEXT
    commits: bool = False
    rejection: Problem | None = None
    is_silent: bool = False
    asks_cashier: str = ""


@dataclass(frozen=True)
class Step:
    """A commit: moments that change, and nothing else. How it reads is what the next look would say of them.

    `phase` is for when the next look is a step itself.
    """

    phase: Phase
    status: InstanceStatus
    actions: tuple[Action, ...] = ()
    events: tuple[Event, ...] = ()
    rejection: Problem | None = None


def is_consequence(decision: Decision) -> bool:
    """Whether it only carries out what is on record, each write on the version that was seen: stops, files, tells the ledger; or rests."""
    if decision.commits or decision.asks_cashier:
        return False
    return all(isinstance(action, FileInBin | PatchObject | WriteOrderStatus) for action in decision.actions) and (
        bool(decision.actions) or not decision.is_silent
    )
