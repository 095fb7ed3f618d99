"""Decisions for an instance whose term runs: run, or stay stopped because its owner says so."""

from whenever import Instant

from prepaid.api.instance import NextAction, NextActionType, Phase
from prepaid.lifecycle.actions import Action, ApplyWorkload, CreateWorkload, DeleteObject, PatchObject
from prepaid.lifecycle.attaching import attachment_steps, with_fittings
from prepaid.lifecycle.attachment_records import with_attachments
from prepaid.lifecycle.decision import Decision, Standing
from prepaid.lifecycle.detaching import detachment_events
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.failing import payment_failure
from prepaid.lifecycle.granting import workload_record
from prepaid.lifecycle.leaving import item_left_behind
from prepaid.lifecycle.marking import unprotected
from prepaid.lifecycle.obstacles import obstacle
from prepaid.lifecycle.ordering import auto_renew_time, lowered
from prepaid.lifecycle.reasons import Reason
from prepaid.lifecycle.records import known_workload, with_records
from prepaid.lifecycle.reminders import Reminder, expiring_reminder
from prepaid.lifecycle.rendering import Rendering
from prepaid.lifecycle.running import is_as_wanted, is_ready, is_stopped, running_manifest, stop_patch, stopped_manifest


def run(facts: Facts) -> Decision:
    """It is paid for, and its owner wants it to run."""
    problem = obstacle(facts)
    if problem:
        return paid(facts, Phase.RUNNING, Standing.STALLED, problem.reason, problem.message)
    rendering = facts.seen.rendering
    if rendering is None:
        return paid(facts, Phase.RUNNING, Standing.READY, Reason.RUNNING, running_sentence(facts))
    assert isinstance(rendering, Rendering)
    return run_workload(facts, rendering)


def run_workload(facts: Facts, rendering: Rendering) -> Decision:
    live, plain = facts.seen.workload, running_manifest(rendering, facts)
    manifest = with_fittings(plain, rendering, facts)
    if live is None:
        is_plain = manifest == plain
        create = CreateWorkload(rendering.ref, plain if is_plain else stopped_manifest(manifest, rendering, facts), not is_plain)
        return paid(facts, starting_phase(facts), Standing.WORKING, Reason.STARTING, f"{rendering.ref} is being made.", (create,))
    if live.metadata.deletion_timestamp:
        return paid(facts, Phase.RUNNING, Standing.WORKING, Reason.STARTING, f"{live.ref} is being deleted; it is made again.")
    if is_to_be_replaced(facts, rendering):
        return paid(
            facts, Phase.RUNNING, Standing.WORKING, Reason.STARTING, f"{live.ref} makes way for {rendering.ref}.", (DeleteObject(live),)
        )
    actions = () if is_as_wanted(live, manifest) else (ApplyWorkload(live, manifest),)
    if is_ready(live, rendering) and not actions:
        return paid(facts, Phase.RUNNING, Standing.READY, Reason.RUNNING, running_sentence(facts))
    return paid(facts, Phase.RUNNING, Standing.WORKING, Reason.NOT_READY, f"{live.ref} is not ready yet.", actions)


def is_to_be_replaced(facts: Facts, rendering: Rendering) -> bool:
    """Whether the class as bought makes another object than the one that is there."""
    record, live = facts.status.workload, facts.seen.workload
    return bool(record and live and record.class_version == facts.seen.class_version and live.ref != rendering.ref)


def starting_phase(facts: Facts) -> Phase:
    """Pending until a workload was there once."""
    record = facts.status.workload
    return Phase.RUNNING if record and record.uid else Phase.PENDING


def stop(facts: Facts) -> Decision:
    """It is paid for, and its owner wants it stopped; its term runs on."""
    live, record = facts.seen.workload, known_workload(facts, facts.status.workload)
    message = f"Stopped by its owner; the term runs until {facts.term.expiration_time}. Set spec.running to true to start it."
    if live is None or record is None or not facts.seen.workload_is_ours:
        return paid(facts, Phase.STOPPED, Standing.READY, Reason.STOPPED_BY_OWNER, message)
    if not is_stopped(live, record, facts):
        patch = PatchObject(live, stop_patch(record, facts))
        return paid(facts, Phase.STOPPED, Standing.WORKING, Reason.STOPPING, f"{live.ref} is being stopped.", (patch,))
    if facts.seen.pods:
        return paid(facts, Phase.STOPPED, Standing.WORKING, Reason.STOPPING, f"{live.ref} is being stopped.")
    return paid(facts, Phase.STOPPED, Standing.READY, Reason.STOPPED_BY_OWNER, message)


def paid(facts: Facts, phase: Phase, standing: Standing, reason: Reason, message: str, actions: tuple[Action, ...] = ()) -> Decision:
    """What all decisions of a running term share: records, attachments, reminders, what comes next.

    The workload comes first: attachments never keep it from running.
    """
    reminder = expiring_reminder(facts.term, facts.status.sequence, facts.now)
    known = facts.status.model_copy(update={"workload": facts.status.workload or workload_record(facts)})
    status = with_attachments(facts, with_records(facts, known))
    return Decision(
        phase=phase,
        standing=standing,
        reason=reason,
        message=message,
        status=status,
        actions=(*item_left_behind(facts), *(actions or attachment_steps(facts))),
        events=(*lowered(facts), *reminder.events, *payment_failure(facts), *detachment_events(facts, status), *unprotected(facts)),
        wake_time=next_look(facts, reminder),
        next_action=next_action(facts),
    )


def next_action(facts: Facts) -> NextAction:
    """What ends the term, or lengthens it; auto-renewal that was due and is not possible leaves the end."""
    due = auto_renew_time(facts)
    if due and due > facts.now:
        return NextAction(type=NextActionType.AUTO_RENEW, time=due)
    return NextAction(type=NextActionType.RECYCLE, time=facts.term.expiration_time)


def next_look(facts: Facts, reminder: Reminder) -> Instant | None:
    """The next moment at which something may change by itself."""
    moments = [facts.term.expiration_time, auto_renew_time(facts), reminder.next_time]
    return min((moment for moment in moments if moment and moment > facts.now), default=None)


def running_sentence(facts: Facts) -> str:
    end = facts.term.expiration_time
    if facts.instance.spec.auto_renew:
        return f"Paid until {end}; then it renews itself."
    return f"Paid until {end}; then it is stopped and recycled, unless it is renewed."
