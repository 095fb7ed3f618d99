"""What must hold of every change of an elastic resource: held by one, taken from nobody, released by who has let go, and never lost."""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from whenever import Instant

from prepaid.api.account import PrepaidAccount
from prepaid.api.elastic_resource import ElasticPhase, ElasticResource, ElasticType, IdleSpan
from prepaid.api.marks import INSTANCE_UID
from prepaid.lifecycle.attachments import EXCLUSIVE
from prepaid.lifecycle.idle_spans import started_units
from simulation.accounts import account_of
from simulation.books import Books
from simulation.controllers import is_going
from simulation.idle_books import priced
from simulation.moments import Violation
from simulation.selection import labels_of
from simulation.served import POD
from simulation.server import Server
from simulation.store import Change

Check = Callable[[ElasticResource, ElasticResource, Server, Books], None]


def check_resource(change: Change, server: Server, books: Books) -> None:
    new = ElasticResource.parse(change.body)
    if change.type == "DELETED":
        nothing_is_lost(new, server)
        return
    old = ElasticResource.parse(change.before) if change.before else new
    for check in CHECKS:
        check(old, new, server, books)
    books.idle.note(new)


def holders(resource: ElasticResource) -> set[str]:
    return {holder.uid for holder in resource.status.attached_to}


def one_holds_what_is_exclusive(old: ElasticResource, new: ElasticResource, _server: Server, _books: Books) -> None:
    """And it goes from one to the next only after it was free."""
    if new.spec.type not in EXCLUSIVE:
        return
    if len(new.status.attached_to) > 1:
        raise Violation(f"{new.metadata.name} is held by {new.status.attached_to}")
    if holders(old) and holders(new) and holders(old) != holders(new):
        raise Violation(f"{new.metadata.name} is taken from {old.status.attached_to} for {new.status.attached_to}")


def a_disk_is_released_by_who_has_let_go(old: ElasticResource, new: ElasticResource, server: Server, _books: Books) -> None:
    """No pod of a former holder mounts it."""
    gone = holders(old) - holders(new)
    if new.spec.type is not ElasticType.CLOUD_DISK or not gone:
        return
    for pod in server.store.all(POD):
        claims = [volume.get("persistentVolumeClaim", {}).get("claimName") for volume in pod["spec"].get("volumes", [])]
        if labels_of(pod).get(INSTANCE_UID) in gone and new.spec.target_ref.name in claims:
            raise Violation(f"{new.metadata.name} is released while {pod['metadata']['name']} mounts it")


def the_phase_fits(_old: ElasticResource, new: ElasticResource, _server: Server, _books: Books) -> None:
    status = new.status
    is_held = bool(status.attached_to)
    fits = {
        None: not is_held,
        ElasticPhase.IDLE: not is_held and status.idle_since_time is not None and status.attach_time is None,
        ElasticPhase.ATTACHED: is_held and status.idle_since_time is None and status.attach_time is not None,
    }
    if not fits[status.phase]:
        raise Violation(f"{new.metadata.name} is {status.phase}: {status}")


def spans_do_not_overlap(_old: ElasticResource, new: ElasticResource, _server: Server, books: Books) -> None:
    """Each is noted once, what is over stays over, and no time is paid for twice.

    What was idle, attached and is idle again begins a unit anew: the last one from before may reach beyond that. One that ended before
    it began has no time in it.
    """
    spans = {known_by(span): span for span in books.idle.of_resource(new.metadata.uid)}
    for span in priced(new):
        before = spans.get(known_by(span), span)
        if before.price != span.price or (before.until_time and before.until_time != span.until_time):
            raise Violation(f"{new.metadata.name}: the span {before} became {span}")
        spans[known_by(span)] = span
    idle_since = new.status.idle_since_time
    known = [spans[key] for key in sorted(spans) if spans[key].until_time != spans[key].since_time]
    present = [span for span in known if idle_since and span.since_time >= idle_since]
    for earlier, later in pairwise(present):
        if earlier.until_time and later.since_time < earlier.until_time:
            raise Violation(f"{new.metadata.name} is charged twice for the time after {later.since_time}")


def known_by(span: IdleSpan) -> tuple[Instant, str]:
    """Two begin alike where an account was made again in the same second."""
    return span.since_time, span.account.uid


def only_what_is_idle_costs(_old: ElasticResource, new: ElasticResource, _server: Server, _books: Books) -> None:
    running = [span for span in new.status.idle_spans if span.until_time is None]
    if running and (new.status.phase is not ElasticPhase.IDLE or len(running) > 1):
        raise Violation(f"{new.metadata.name} is {new.status.phase} and runs up idle time: {running}")


def idle_time_is_whole(old: ElasticResource, new: ElasticResource, _server: Server, _books: Books) -> None:
    """What ran until it was attached ends with that very moment."""
    if (old.status.phase, new.status.phase) != (ElasticPhase.IDLE, ElasticPhase.ATTACHED) or new.status.attach_time is None:
        return
    running = [span.since_time for span in priced(old) if span.until_time is None]
    ended = [span for span in priced(new) if span.since_time in running]
    if [span.until_time for span in ended] != [max(since, new.status.attach_time) for since in running]:
        raise Violation(f"{new.metadata.name} was attached at {new.status.attach_time}, and was idle for {ended}")


CHECKS: Final[tuple[Check, ...]] = (
    one_holds_what_is_exclusive,
    a_disk_is_released_by_who_has_let_go,
    the_phase_fits,
    spans_do_not_overlap,
    only_what_is_idle_costs,
    idle_time_is_whole,
)


def nothing_is_lost(resource: ElasticResource, server: Server) -> None:
    """A resource goes when its owner has deleted it, nobody holds it, and nothing is owed to an account that is there."""
    if resource.metadata.deletion_timestamp is None and resource.metadata.finalizers:
        raise Violation(f"{resource.metadata.name} vanished")
    if resource.status.attached_to:
        raise Violation(f"{resource.metadata.name} vanished while {resource.status.attached_to} hold it")
    for span in priced(resource):
        account = account_of(server, span.account.uid)
        entry = account.status.idle.get(resource.metadata.uid) if account else None
        is_final = entry is not None and (entry.since_time > span.since_time or entry.is_over)
        if account and not is_final:
            raise Violation(f"{resource.metadata.name} vanished and owes for {span}")


def no_disk_is_erased(change: Change) -> None:
    """What is attached is never an instance's to erase (P11)."""
    if INSTANCE_UID not in labels_of(change.body) and (change.type == "DELETED" or is_going(change.body)):
        raise Violation(f"the disk {change.address.name} is erased")


def check_idle_entries(account: PrepaidAccount, server: Server, books: Books) -> None:
    """No unit is charged before it has begun, and each at its span's price."""
    for uid, entry in account.status.idle.items():
        span = books.idle.spans.get((uid, account.metadata.uid, entry.since_time))
        if span is None:
            raise Violation(f"{account.metadata.name} charges for a span that {uid} never had: {entry}")
        begun = started_units(span.since_time, max(server.read_time(), span.until_time or span.since_time), span.price.unit)
        if entry.units > begun or entry.amount != span.price.amount * entry.units:
            raise Violation(f"{account.metadata.name} charged {entry} for {span}, of which {begun} units have begun")
