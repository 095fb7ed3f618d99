"""A paid workload that has been told to run, and was seen to, is never stopped by us: a stop that was held up must not come through."""

from prepaid.api.instance import Phase, PrepaidInstance
from prepaid.api.marks import INSTANCE_UID, STAY
from simulation.accounts import instance_of
from simulation.filling import at
from simulation.moments import Ledger, Moment, Violation
from simulation.selection import labels_of
from simulation.server import Server
from simulation.store import Change


def note_readiness(moment: Moment) -> None:
    """Ready from the write that says so, up to the next stay. Where its owner stopped it, a stop may be under way until it is recovered."""
    instance, ledger = moment.new, moment.ledger
    if moment.granted and moment.before.recycle_time:
        ledger.stopped.discard(moment.uid)
    if not instance.spec.running:
        ledger.stopped.add(moment.uid)
    if instance.status.recycle_time or moment.uid in ledger.stopped:
        ledger.ready.discard(moment.uid)
    elif is_ready(instance):
        ledger.ready.add(moment.uid)


def is_ready(instance: PrepaidInstance) -> bool:
    said = any(condition.type == "Ready" and condition.status == "True" for condition in instance.status.conditions)
    return said and instance.status.phase is Phase.RUNNING


def no_paid_workload_is_stopped(change: Change, server: Server, ledger: Ledger) -> None:
    before, uid = change.before, labels_of(change.body).get(INSTANCE_UID, "")
    if before is None or change.type == "DELETED" or uid not in ledger.ready:
        return
    is_stop = str(at(change.body, ("metadata", "annotations", STAY))).endswith("-stopped")
    instance = instance_of(server, uid)
    end = instance.status.expiration_time if instance else None
    if is_stop and before["spec"]["replicas"] and not change.body["spec"]["replicas"] and end and server.read_time() < end:
        raise Violation(f"{change.address.name} is stopped although it is paid until {end} and was told to run")
