"""What was decided: the whole status to write, what to do, what to tell, and when to look again. A value."""

from dataclasses import dataclass
from enum import Enum, auto

from whenever import Instant

from prepaid.api.instance import InstanceStatus, NextAction, NextActionType, Phase
from prepaid.lifecycle.actions import Action
from prepaid.lifecycle.notices import Event
from prepaid.lifecycle.reasons import Reason


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
    A standing of None leaves Ready, Reconciling and Stalled as they are.
    `actions` are performed first; `commits` says that the status write itself is the step (architecture.md, "Transitions and writes").
    """

    phase: Phase
    standing: Standing | None
    reason: Reason
    message: str
    status: InstanceStatus
    actions: tuple[Action, ...] = ()
    events: tuple[Event, ...] = ()
    wake_time: Instant | None = None
    next_action: NextAction = NOTHING_NEXT
    commits: bool = False
