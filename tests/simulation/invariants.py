"""What must hold of every single change in the life of an instance; each check raises Violation with a sentence.

A check knows the change, the state around it and what the watchdog has noted before; nothing of how the operator works.
"""

from collections.abc import Callable
from typing import Final

from prepaid.api.bin_item import Disposition
from prepaid.api.instance import Phase, PrepaidInstance
from prepaid.api.intent import IntentState
from prepaid.api.marks import INSTANCE_UID
from prepaid.api.terms import DetachPolicy
from prepaid.lifecycle.terms import release_time
from simulation.controllers import is_going
from simulation.moments import Ledger, Moment, Violation
from simulation.selection import labels_of
from simulation.served import CLAIM, VOLUME, Body
from simulation.server import Server
from simulation.store import Change


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
    entered = moment.ledger.entered.get((moment.uid, moment.before.stay))
    if entered is None:
        raise Violation("it is terminated from a stay that never began")
    earliest = release_time(end, entered, terms.retention, terms.time_zone)
    release = moment.before.release_time
    if release is None or moment.now < max(earliest, release):
        raise Violation(f"it is terminated at {moment.now}; it entered the bin at {entered} and may go at {earliest}, or at {release}")


def no_word_is_forgotten_at_the_door(moment: Moment) -> None:
    """The word on the item was frozen before the door (architecture.md, "The door")."""
    item = moment.item() if moment.passes_door else None
    if moment.passes_door and item is None:
        raise Violation("it is terminated although nothing of this stay lies in the bin")


def what_comes_off_is_written_with_the_commit(moment: Moment) -> None:
    """All that it refers to, unless its terms let it keep that (P6)."""
    terms = moment.before.terms
    if not moment.is_recycled or terms is None or terms.detach_policy is DetachPolicy.RETAIN:
        return
    left = {reference.name for reference in moment.old.spec.attachments} - {record.name for record in moment.after.pending_detachments}
    if left or moment.after.attachments:
        raise Violation(f"it is recycled, and nothing says that {left} comes off")


def nothing_ends_with_a_purchase_in_flight(moment: Moment) -> None:
    intent = moment.before.intent
    if intent and intent.state is IntentState.OPEN and (moment.is_recycled or moment.passes_door):
        raise Violation("it is recycled or terminated while a payment is under way")


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


LIFE: Final[tuple[Callable[[Moment], None], ...]] = (
    no_term_is_shortened,
    nothing_only_grows_backwards,
    nothing_is_recycled_early,
    no_stay_is_cut_short,
    no_word_is_forgotten_at_the_door,
    nothing_ends_with_a_purchase_in_flight,
    what_comes_off_is_written_with_the_commit,
    the_door_is_one_way,
    the_phase_fits_the_moments,
    erased_means_gone,
)


def no_living_data_is_erased(change: Change, ledger: Ledger) -> None:
    """A claim of an instance may go only after that instance has passed the door."""
    owner = labels_of(change.body).get(INSTANCE_UID)
    begins_to_go = change.type == "DELETED" or (is_going(change.body) and change.before is not None and not is_going(change.before))
    if not owner or not begins_to_go or owner in ledger.ended:
        return
    raise Violation(f"the claim {change.address.name} is erased although its instance was not terminated")


def no_item_is_dropped_in_its_stay(change: Change, server: Server) -> None:
    """While an instance is in the bin, the item of this stay holds its owner's word; what drops it forgets that word."""
    ref = change.body["spec"]["instanceRef"]
    for instance in map(PrepaidInstance.parse, server.bodies(PrepaidInstance)):
        status = instance.status
        if instance.metadata.uid == ref["uid"] and status.stay == ref["stay"] and status.recycle_time and not status.termination_time:
            raise Violation(f"the item of the present stay is dropped, with the word {change.body['spec']['disposition']}")
