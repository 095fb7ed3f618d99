"""The four words for what a cluster can answer instead of what was asked (style.md 18). Nobody above this floor sees a status code."""

from dataclasses import dataclass
from typing import Final

UNFIT: Final = "failed to create typed patch object"
"""How a server-side apply of what does not fit the schema of its kind is turned down: with a 500 that has no reason, and for good."""

TIMEOUT: Final = "Timeout"
TOO_MANY: Final = "TooManyRequests"
OVERLOAD: Final = frozenset({TIMEOUT, "ServerTimeout", TOO_MANY})
USUAL_REASONS: Final = {408: TIMEOUT, 429: TOO_MANY, 504: TIMEOUT}
"""Where a proxy in between says none."""


@dataclass
class ClusterError(Exception):
    """What the server said, as one sentence."""

    message: str
    reason: str = ""

    def __str__(self) -> str:
        return self.message


class Gone(ClusterError):
    """It is not there (any more). While deleting this is success."""


class Conflict(ClusterError):
    """Somebody was faster, or something of that name exists: look again."""


class Refused(ClusterError):
    """The server will not do it, and asking again unchanged will not help: a condition tells the owner."""


@dataclass
class Unavailable(ClusterError):
    """Not now: retried later, with jitter. `retry_after` is what the server asked for, in seconds."""

    retry_after: float | None = None

    @property
    def is_overload(self) -> bool:
        """Whether the server has too much to do: it asks for time, or takes too much of it."""
        return self.retry_after is not None or self.reason in OVERLOAD


def error_for(status: int, reason: str, message: str, retry_after: float | None = None) -> ClusterError:
    """The word for an HTTP status of 400 or more."""
    match status:
        case 404 | 410:
            return Gone(message, reason)
        case 409:
            return Conflict(message, reason)
        case 500 if message.startswith(UNFIT):
            return Refused(message, "Invalid")
        case 401 | 408 | 429 | 500 | 502 | 503 | 504:
            return Unavailable(message, reason or USUAL_REASONS.get(status, ""), retry_after)
        case _:
            return Refused(message, reason)
