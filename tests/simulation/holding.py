"""What must hold of attachments once everything has come to rest: who asks and can have has, who may not have has not, all is paid."""

from collections.abc import Iterator

from prepaid.api.elastic_resource import ElasticPhase, ElasticResource
from prepaid.api.instance import AttachmentState, PrepaidInstance
from prepaid.api.marks import ATTACH_PREFIX, INSTANCE_UID
from prepaid.api.terms import DetachPolicy
from prepaid.lifecycle.attachments import EXCLUSIVE, LABELLED
from prepaid.lifecycle.mounting import Fitting
from simulation.accounts import accounts, instances
from simulation.books import Books
from simulation.idle_books import charged_for_idling
from simulation.kubectl import NAMESPACE
from simulation.selection import labels_of
from simulation.served import CLAIM, POD, SERVICE, Body
from simulation.server import Server
from simulation.store import Address


def faults_of_attachments(server: Server, books: Books) -> Iterator[str]:
    resources = {found.metadata.name: found for found in map(ElasticResource.parse, server.bodies(ElasticResource))}
    living = {instance.metadata.uid: instance for instance in instances(server)}
    for resource in resources.values():
        yield from faults_of_resource(resource, living, server)
    for instance in living.values():
        yield from faults_of_instance(instance, resources, server)
    for account in accounts(server):
        owed, charged = books.idle.owed_by(account, server.read_time()), charged_for_idling(account)
        if owed != charged:
            yield f"{account.metadata.name} was charged {charged} for idle time that costs {owed}"


def faults_of_resource(resource: ElasticResource, living: dict[str, PrepaidInstance], server: Server) -> Iterator[str]:
    name, status = resource.metadata.name, resource.status
    if status.phase is None:
        yield f"{name} was never taken in"
    if resource.metadata.deletion_timestamp and not status.attached_to:
        yield f"{name} is deleted, held by nobody, and still there"
    if [holder.uid for holder in status.attached_to if holder.uid not in living]:
        yield f"{name} is held by an instance that is no more"
    payer = next((account for account in accounts(server) if account.metadata.name == resource.spec.account), None)
    running = [span.account.uid for span in status.idle_spans if span.until_time is None]
    is_metered = status.phase is ElasticPhase.IDLE and payer is not None and resource.metadata.deletion_timestamp is None
    if running != ([payer.metadata.uid] if is_metered and payer else []):
        yield f"{name} is {status.phase}, to be paid by {payer and payer.metadata.uid}, and runs {status.idle_spans}"


def faults_of_instance(instance: PrepaidInstance, resources: dict[str, ElasticResource], server: Server) -> Iterator[str]:
    uid, status, name = instance.metadata.uid, instance.status, instance.metadata.name
    held = {known.metadata.name for known in resources.values() if any(holder.uid == uid for holder in known.status.attached_to)}
    if status.pending_detachments:
        yield f"{name} has not taken off {status.pending_detachments}"
    is_in_bin = status.recycle_time is not None and status.termination_time is None
    if is_in_bin and status.terms and status.terms.detach_policy is DetachPolicy.RETAIN:
        return
    if (status.termination_time or is_in_bin or not status.periods) and held:
        yield f"{name} ({status.phase}) holds {held}"
    if status.periods and not status.recycle_time:
        yield from faults_of_paid(instance, held, resources, server)


def faults_of_paid(instance: PrepaidInstance, held: set[str], resources: dict[str, ElasticResource], server: Server) -> Iterator[str]:
    asked = {reference.name for reference in instance.spec.attachments}
    if held - asked:
        yield f"{instance.metadata.name} holds {held - asked}, which it does not ask for"
    free = {name for name in asked - held if name in resources and is_free(resources[name], resources, server)}
    if free:
        yield f"{instance.metadata.name} asks for {free}, which is free"
    records = {record.name: record for record in instance.status.attachments}
    if set(records) != asked:
        yield f"{instance.metadata.name} tells of {set(records)} and asks for {asked}"
    for name, record in records.items():
        if (record.state is AttachmentState.PENDING) is not bool(record.message):
            yield f"{instance.metadata.name} says {record}"
        if record.state is AttachmentState.ATTACHED:
            yield from faults_of_pods(instance, resources[name], server)


def is_free(resource: ElasticResource, resources: dict[str, ElasticResource], server: Server) -> bool:
    """Nobody has it whom it cannot be shared with, and its target is there and nobody else's."""
    target = resource.spec.target_ref
    served = CLAIM if target.kind == CLAIM.kind else SERVICE
    is_alone = all(other.spec.target_ref != target for other in resources.values() if other is not resource)
    is_there = server.store.get(Address(served, NAMESPACE, target.name)) is not None
    is_left = resource.spec.type not in EXCLUSIVE or not resource.status.attached_to
    return is_left and is_there and is_alone and resource.metadata.deletion_timestamp is None


def faults_of_pods(instance: PrepaidInstance, resource: ElasticResource, server: Server) -> Iterator[str]:
    for pod in server.store.all(POD):
        if labels_of(pod).get(INSTANCE_UID) == instance.metadata.uid and not has(pod, resource):
            yield f"{pod['metadata']['name']} does not have {resource.metadata.name}"


def has(pod: Body, resource: ElasticResource) -> bool:
    name = resource.metadata.name
    if resource.spec.type in LABELLED:
        return labels_of(pod).get(f"{ATTACH_PREFIX}{name}") == "attached"
    return Fitting(name).volume in [volume["name"] for volume in pod["spec"].get("volumes", [])]
