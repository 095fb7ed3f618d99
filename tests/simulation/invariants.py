"""What must hold of every single change, whoever makes it: each check is given one change and raises Violation with a sentence.

A check knows the change, the state around it and what the watchdog has noted before; nothing of how the operator works.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from whenever import Instant

from prepaid.api.bin_item import Disposition, RecycleBinItem
from prepaid.api.instance import InstanceStatus, Phase, PrepaidInstance
from prepaid.api.marks import INSTANCE_UID
from prepaid.lifecycle.terms import release_time
from simulation.controllers import is_going
from simulation.selection import labels_of
from simulation.served import CLAIM, VOLUME, Body
from simulation.server import Server
from simulation.store import Change


class Violation(AssertionError):
    """Something happened that must never happen."""


@dataclass
class Ledger:
    """What is kept by the uid of an instance, beyond what the objects tell."""

    entered: dict[tuple[str, int], Instant] = field(default_factory=dict)
    words: dict[tuple[str, int], set[tuple[str, int]]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Moment:
    """One change of an instance: before and after, and the server's clock when it was made."""

    server: Server
    ledger: Ledger
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

    def item(self) -> RecycleBinItem | None:
        """The bin item of this very stay, as it is."""
        found = [RecycleBinItem.parse(body) for body in self.server.bodies(RecycleBinItem)]
        return next((item for item in found if is_item_of(item, self.uid, self.before.stay)), None)


def is_item_of(item: RecycleBinItem, uid: str, stay: int) -> bool:
    return (item.spec.instance_ref.uid, item.spec.instance_ref.stay) == (uid, stay)


def no_term_is_shortened(moment: Moment) -> None:
    old, new = moment.before.expiration_time, moment.after.expiration_time
    if old and (new is None or new < old):
        raise Violation(f"a term that ran until {old} now ends at {new}")


def nothing_only_grows_backwards(moment: Moment) -> None:
    for name in ("periods", "requested_periods", "sequence", "stay"):
        if getattr(moment.after, name) < getattr(moment.before, name):
            raise Violation(f"status.{name} went from {getattr(moment.before, name)} to {getattr(moment.after, name)}")


def nothing_is_recycled_early(moment: Moment) -> None:
    end = moment.before.expiration_time
    if moment.is_recycled and (end is None or moment.now < end):
        raise Violation(f"it was recycled at {moment.now}, before its end {end}")


def no_stay_is_cut_short(moment: Moment) -> None:
    """Counted from the moment at which it really entered the bin (P13), unless its owner confirmed the end of this stay (P9)."""
    if not moment.passes_door:
        return
    item = moment.item()
    if item and item.spec.disposition is Disposition.TERMINATE and item.spec.confirm == moment.new.metadata.name:
        return
    terms, end = moment.before.terms, moment.before.expiration_time
    assert terms
    assert end
    entered = moment.ledger.entered[moment.uid, moment.before.stay]
    earliest = release_time(end, entered, terms.retention, terms.time_zone)
    release = moment.before.release_time
    if release is None or moment.now < max(earliest, release):
        raise Violation(f"it is terminated at {moment.now}; it entered the bin at {entered} and may go at {earliest}, or at {release}")


def no_wish_is_passed_over_at_the_door(moment: Moment) -> None:
    """What was asked for before the door is decided before the door (P12); what is being deleted asks for nothing."""
    if not moment.passes_door or moment.old.metadata.deletion_timestamp:
        return
    if moment.old.spec.purchased_periods > moment.before.requested_periods:
        raise Violation("it is terminated although a renewal was asked for")
    item = moment.item()
    if item and item.spec.disposition is Disposition.RECOVER and not is_turned_down(item):
        raise Violation("it is terminated although its owner said Recover")


def is_turned_down(item: RecycleBinItem) -> bool:
    return any(condition.type == "Recovered" and condition.status == "False" for condition in item.status.conditions)


def what_was_granted_was_asked_for(moment: Moment) -> None:
    """A raised total, a Recover on the item of this very stay, or auto-renewal: nothing else grants, and nothing grants twice."""
    if not moment.more_periods or not moment.before.periods:
        return
    raised = moment.old.spec.purchased_periods - moment.before.requested_periods
    if raised > 0 and moment.more_periods == raised:
        return
    words = moment.ledger.words.get((moment.uid, moment.before.stay), set())
    if moment.before.recycle_time and (Disposition.RECOVER, moment.more_periods) in words:
        return
    if moment.old.spec.auto_renew and not moment.before.recycle_time and moment.now >= (moment.before.expiration_time or moment.now):
        return
    raise Violation(f"{moment.more_periods} periods were granted that nobody asked for")


def a_first_grant_is_what_was_asked_for(moment: Moment) -> None:
    if moment.more_periods and not moment.before.periods and moment.more_periods != moment.old.spec.purchased_periods:
        raise Violation(f"{moment.more_periods} periods were granted, not {moment.old.spec.purchased_periods}")


def the_door_is_one_way(moment: Moment) -> None:
    if moment.before.termination_time and moment.after.termination_time != moment.before.termination_time:
        raise Violation(f"terminationTime went from {moment.before.termination_time} to {moment.after.termination_time}")


def the_phase_fits_the_moments(moment: Moment) -> None:
    status = moment.after
    is_in_bin, is_ended = status.recycle_time is not None, status.termination_time is not None
    fits = {
        None: not status.periods,
        Phase.PENDING: not is_in_bin,
        Phase.RUNNING: bool(status.periods) and not is_in_bin,
        Phase.STOPPED: bool(status.periods) and not is_in_bin,
        Phase.RECYCLED: is_in_bin and not is_ended,
        Phase.TERMINATING: is_ended,
        Phase.TERMINATED: is_ended,
    }
    if not fits[status.phase]:
        raise Violation(f"phase {status.phase} with recycleTime {status.recycle_time} and terminationTime {status.termination_time}")


def erased_means_gone(moment: Moment) -> None:
    """Terminated is said when nothing of it is left (api.md, Erasure)."""
    if moment.after.phase is not Phase.TERMINATED or moment.before.phase is Phase.TERMINATED:
        return
    for record in moment.after.data:
        volume = record.volume.uid if record.volume else ""
        left = [body["metadata"]["name"] for body in data_there(moment.server) if body["metadata"]["uid"] in (record.uid, volume)]
        if left:
            raise Violation(f"it is Terminated, but {left} is still there")


def data_there(server: Server) -> list[Body]:
    return [*server.store.all(CLAIM), *server.store.all(VOLUME)]


CHECKS: Final[tuple[Callable[[Moment], None], ...]] = (
    no_term_is_shortened,
    nothing_only_grows_backwards,
    nothing_is_recycled_early,
    no_stay_is_cut_short,
    no_wish_is_passed_over_at_the_door,
    what_was_granted_was_asked_for,
    a_first_grant_is_what_was_asked_for,
    the_door_is_one_way,
    the_phase_fits_the_moments,
    erased_means_gone,
)


def no_living_data_is_erased(change: Change, ledger: Ledger) -> None:
    """A claim of an instance may go only after that instance has passed the door."""
    owner = labels_of(change.body).get(INSTANCE_UID)
    begins_to_go = change.type == "DELETED" or (is_going(change.body) and change.before is not None and not is_going(change.before))
    if change.address.served is not CLAIM or not owner or not begins_to_go or owner in ledger.ended:
        return
    raise Violation(f"the claim {change.address.name} is erased although its instance was not terminated")


def no_item_is_dropped_in_its_stay(change: Change, server: Server) -> None:
    """While an instance is in the bin, the item of this stay holds its owner's word; what drops it forgets that word."""
    ref = change.body["spec"]["instanceRef"]
    for instance in map(PrepaidInstance.parse, server.bodies(PrepaidInstance)):
        status = instance.status
        if instance.metadata.uid == ref["uid"] and status.stay == ref["stay"] and status.recycle_time and not status.termination_time:
            raise Violation(f"the item of the present stay is dropped, with the word {change.body['spec']['disposition']}")


@dataclass
class Watchdog:
    """Looks at every change once, in order."""

    server: Server
    ledger: Ledger = field(default_factory=Ledger)
    checks: tuple[Callable[[Moment], None], ...] = CHECKS
    seen: int = 0

    def look(self) -> None:
        """Raises Violation."""
        log = self.server.store.log
        while self.seen < len(log):
            change = log[self.seen]
            self.seen += 1
            self.look_at(change)

    def look_at(self, change: Change) -> None:
        match change.address.served.kind:
            case PrepaidInstance.kind:
                self._instance(change)
            case RecycleBinItem.kind:
                self._item(change)
            case CLAIM.kind:
                no_living_data_is_erased(change, self.ledger)

    def _instance(self, change: Change) -> None:
        if change.before is None or change.type == "DELETED" or change.before.get("status") == change.body.get("status"):
            return
        moment = Moment(self.server, self.ledger, PrepaidInstance.parse(change.before), PrepaidInstance.parse(change.body))
        for check in self.checks:
            check(moment)
        if moment.is_recycled:
            self.ledger.entered[moment.uid, moment.after.stay] = moment.now
        if moment.passes_door:
            self.ledger.ended.add(moment.uid)

    def _item(self, change: Change) -> None:
        if change.type == "DELETED":
            no_item_is_dropped_in_its_stay(change, self.server)
        spec = change.body["spec"]
        ref = spec["instanceRef"]
        words = self.ledger.words.setdefault((ref["uid"], ref["stay"]), set())
        words.add((spec["disposition"], spec["periods"]))
