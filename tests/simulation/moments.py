"""One change of an instance as the checks see it, what is kept beyond what the objects tell, and the violation that a check raises."""

from bisect import bisect_left
from dataclasses import dataclass, field

from whenever import Instant

from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.instance import InstanceStatus, PrepaidInstance
from prepaid.api.intent import Intent, IntentState
from simulation.books import Books
from simulation.server import Server


class Violation(AssertionError):
    """Something happened that must never happen."""


@dataclass
class Ledger:
    """What is kept by the uid of an instance, beyond what the objects tell; `times` has the last number of each second, in order."""

    entered: dict[tuple[str, int], Instant] = field(default_factory=dict)
    words: dict[tuple[str, int], set[tuple[str, int]]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    emptied: dict[str, InstanceStatus] = field(default_factory=dict)
    ready: set[str] = field(default_factory=set)
    stopped: set[str] = field(default_factory=set)
    times: list[tuple[Instant, int]] = field(default_factory=list)
    books: Books = field(default_factory=Books)

    def note_time(self, now: Instant, number: int) -> None:
        if self.times and self.times[-1][0] == now:
            self.times.pop()
        self.times.append((now, number))

    def number_before(self, moment: Instant) -> int:
        """The number of the last state before a moment."""
        index = bisect_left(self.times, (moment, 0))
        return self.times[index - 1][1] if index else 1


@dataclass(frozen=True)
class Moment:
    """One change of an instance: before and after, and the server's clock when it was made."""

    server: Server
    ledger: Ledger
    number: int
    old: PrepaidInstance
    new: PrepaidInstance

    @property
    def now(self) -> Instant:
        return self.server.read_time()

    @property
    def uid(self) -> str:
        return self.new.metadata.uid

    @property
    def before(self) -> InstanceStatus:
        return self.old.status

    @property
    def after(self) -> InstanceStatus:
        return self.new.status

    @property
    def is_recycled(self) -> bool:
        return self.after.stay > self.before.stay

    @property
    def passes_door(self) -> bool:
        return self.after.termination_time is not None and self.before.termination_time is None

    @property
    def more_periods(self) -> int:
        return self.after.periods - self.before.periods

    @property
    def taken(self) -> Intent | None:
        """The purchase that begins here: asked for and not refused; what is free is granted at once."""
        intent, old = self.after.intent, self.before.intent
        is_new = intent is not None and (old is None or old.sequence != intent.sequence)
        return intent if is_new and intent and intent.state is not IntentState.REFUSED else None

    @property
    def granted(self) -> Intent | None:
        """The purchase that is granted here."""
        intent, old = self.after.intent, self.before.intent
        if intent is None or intent.state is not IntentState.GRANTED:
            return None
        is_old = old is not None and old.state is IntentState.GRANTED and old.sequence == intent.sequence
        return None if is_old else intent

    def item(self) -> RecycleBinItem | None:
        """The bin item of this very stay, as it is."""
        found = [RecycleBinItem.parse(body) for body in self.server.bodies(RecycleBinItem)]
        return next((item for item in found if is_item_of(item, self.uid, self.before.stay)), None)


def is_item_of(item: RecycleBinItem, uid: str, stay: int) -> bool:
    return (item.spec.instance_ref.uid, item.spec.instance_ref.stay) == (uid, stay)
