"""What must hold once everything has come to rest: nothing left to do, and each instance as its moments say."""

from collections.abc import Iterator

from whenever import Instant

from prepaid.api.bin_item import BinItemPhase, Disposition, RecycleBinItem
from prepaid.api.instance import Phase, PrepaidInstance
from prepaid.api.marks import INSTANCE_UID
from simulation.books import Books
from simulation.holding import faults_of_attachments
from simulation.moments import Violation, is_item_of
from simulation.selection import labels_of
from simulation.served import CLAIM, POD, STATEFUL_SET, Body, Served
from simulation.server import Server
from simulation.settlement import faults_of_money, is_waiting_for_money


def check_rest(server: Server, books: Books) -> None:
    """Raises Violation, naming the first that is not as it should be."""
    for fault in faults_of_money(server, books):
        raise Violation(f"at rest {fault}")
    for fault in faults_of_attachments(server, books):
        raise Violation(f"at rest {fault}")
    instances = [PrepaidInstance.parse(body) for body in server.bodies(PrepaidInstance)]
    for instance in instances:
        for fault in faults_of(instance, server):
            raise Violation(f"at rest {instance.metadata.name} ({instance.status.phase}): {fault}")
    living = {instance.metadata.uid for instance in instances}
    for workload in server.store.all(STATEFUL_SET):
        if labels_of(workload).get(INSTANCE_UID) not in living:
            raise Violation(f"at rest the workload {workload['metadata']['name']} has no instance")


def faults_of(instance: PrepaidInstance, server: Server) -> Iterator[str]:
    status, now = instance.status, server.read_time()
    if status.termination_time:
        yield from faults_of_ended(instance, server)
    elif status.recycle_time:
        yield from faults_in_bin(instance, server)
    elif status.expiration_time is None:
        waits = is_waiting_for_money(instance, server) or is_in_the_way(instance, server)
        yield from [] if instance.metadata.deletion_timestamp or waits else ["it was never bought"]
    elif now >= status.expiration_time:
        yield f"its term ended at {status.expiration_time} and it is not recycled"
    else:
        yield from faults_of_paid(instance, server)


def faults_of_paid(instance: PrepaidInstance, server: Server) -> Iterator[str]:
    """No paid instance is left stopped, and none runs against its owner's word."""
    wanted = Phase.RUNNING if instance.spec.running else Phase.STOPPED
    if instance.status.phase is not wanted:
        yield f"the phase should be {wanted}"
    if is_left_undecided(instance, server):
        yield "a renewal that was asked for was not decided"
    running = int(instance.spec.running)
    if len(made_for(instance, POD, server)) != running:
        yield f"{len(made_for(instance, POD, server))} pods instead of {running}"
    if item_of(instance, server):
        yield "it is not in the bin, but has an item there"


def faults_in_bin(instance: PrepaidInstance, server: Server) -> Iterator[str]:
    item, release = item_of(instance, server), instance.status.release_time
    if instance.status.phase is not Phase.RECYCLED:
        yield "the phase should be Recycled"
    if made_for(instance, POD, server):
        yield "it is in the bin and runs"
    if item is None or not is_item_of(item, instance.metadata.uid, instance.status.stay):
        yield "it has no item of this stay"
        return
    if item.spec.disposition is Disposition.TERMINATE:
        yield "its owner said Terminate"
    if instance.metadata.deletion_timestamp:
        return
    is_unanswered = item.spec.disposition is Disposition.RECOVER and item.metadata.generation > item.status.observed_generation
    if is_unanswered and not is_waiting_for_money(instance, server):
        yield "its owner said Recover and has no answer"
    if is_left_undecided(instance, server):
        yield "a renewal that was asked for was not decided"
    if release is None:
        yield "it has no release time"


def is_left_undecided(instance: PrepaidInstance, server: Server) -> bool:
    """A raised total, and no order that waits for money."""
    is_raised = instance.spec.purchased_periods > instance.status.requested_periods
    return is_raised and not instance.metadata.deletion_timestamp and not is_waiting_for_money(instance, server)


def faults_of_ended(instance: PrepaidInstance, server: Server) -> Iterator[str]:
    """Behind the door nothing is left but the tombstone and its receipt."""
    if instance.status.phase is not Phase.TERMINATED:
        yield "the phase should be Terminated"
    for served in (STATEFUL_SET, POD, CLAIM):
        for body in made_before_end(instance, served, server):
            yield f"its {served.kind} {body['metadata']['name']} is left"
    item = item_of(instance, server)
    if item and is_item_of(item, instance.metadata.uid, instance.status.stay) and item.status.phase is not BinItemPhase.TERMINATED:
        yield "its receipt does not say Terminated"


def made_before_end(instance: PrepaidInstance, served: Served, server: Server) -> list[Body]:
    """A claim that a start held up until behind the door made anew is empty, and on no record: nothing takes it away yet."""
    end, bodies = instance.status.termination_time, made_for(instance, served, server)
    if served is not CLAIM or end is None:
        return bodies
    return [body for body in bodies if Instant.parse_iso(body["metadata"]["creationTimestamp"]) < end]


def is_in_the_way(instance: PrepaidInstance, server: Server) -> bool:
    """Whether such a claim of a predecessor stands where this one's would be made: it is held until somebody takes that away."""
    names = [body["metadata"]["name"] for body in server.store.all(CLAIM) if labels_of(body).get(INSTANCE_UID) != instance.metadata.uid]
    return f"data-{instance.metadata.name}-0" in names


def made_for(instance: PrepaidInstance, served: Served, server: Server) -> list[Body]:
    return [body for body in server.store.all(served) if labels_of(body).get(INSTANCE_UID) == instance.metadata.uid]


def item_of(instance: PrepaidInstance, server: Server) -> RecycleBinItem | None:
    """The item of its name, if it speaks of this instance."""
    items = [RecycleBinItem.parse(body) for body in server.bodies(RecycleBinItem)]
    return next((item for item in items if item.spec.instance_ref.uid == instance.metadata.uid), None)
