"""The one place where these tests wait: for a condition, with a limit. Nothing ever sleeps for a fixed time."""

from collections.abc import Callable
from threading import Event
from typing import Final, TypeVar

from prepaid.cluster.clock import monotonic

LIMIT_SECONDS: Final = 90.0
PAUSE_SECONDS: Final = 0.05
LONGEST_PAUSE: Final = 0.25
PATIENCE: Final = 1.15
T = TypeVar("T")


class NeverCame(AssertionError):
    """What was waited for did not come in time."""


def wait_for(what: str, look: Callable[[], T | None], seconds: float = LIMIT_SECONDS, pause: float = PAUSE_SECONDS) -> T:
    """The first thing that `look` answers but None and False. Raises NeverCame with `what` after so many seconds.

    Who waits long looks less and less often, and where hundreds wait at once a longer pause is given: looking takes the processors from
    those who are waited for.
    """
    deadline = monotonic() + seconds
    while True:
        seen = look()
        if seen is not None and seen is not False:
            return seen
        if monotonic() > deadline:
            raise NeverCame(f"{what}: not seen within {seconds:.0f} s")
        Event().wait(pause)
        pause = max(pause, min(pause * PATIENCE, LONGEST_PAUSE))
