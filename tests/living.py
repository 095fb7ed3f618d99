"""A cluster of the imagination: what a look would show after a decision was carried out, as a value. No server, no clock, no waiting.

Only what the rules look at is played: one instance, its workload, one claim with its volume, its bin item.
"""

from collections.abc import Mapping
from dataclasses import replace

from whenever import Instant

from builders import CLAIM, LABELS, VOLUME, VOLUME_UID, changed, live
from prepaid.api.account import PrepaidAccount
from prepaid.api.bin_item import BinItemPhase, RecycleBinItem
from prepaid.api.instance import AttachmentReference, InstanceSpec, InstanceStatus
from prepaid.api.instance_class import InstanceClass
from prepaid.api.intent import IntentState
from prepaid.api.marks import LIFECYCLE_FINALIZER, STAY
from prepaid.api.order import RenewalOrder
from prepaid.api.resource import ObjectMeta
from prepaid.lifecycle.actions import (
    Action,
    ApplyWorkload,
    CreateWorkload,
    DeleteObject,
    DropItem,
    DropReferences,
    FileInBin,
    FileOrder,
    MarkInstance,
    MarkInUse,
    PatchObject,
    TakeOrder,
    WriteItemStatus,
    WriteOrderStatus,
    WriteResourceStatus,
)
from prepaid.lifecycle.applying import intent_for
from prepaid.lifecycle.cashier import Customer, Payer, debited, to_resume, to_serve, without_ended
from prepaid.lifecycle.conditions import status_to_report
from prepaid.lifecycle.decision import Decision
from prepaid.lifecycle.facts import Facts, Seen, SeenData
from prepaid.lifecycle.objects import LiveObject
from prepaid.lifecycle.ordering import has_ended
from prepaid.lifecycle.purchasing import cleared
from prepaid.lifecycle.rules import decide, to_be_paid
from prepaid.lifecycle.template import merge_patch
from prepaid.lifecycle.usage import in_use

MOST_LOOKS = 40


def settled(facts: Facts) -> Facts:
    """Looks, as control/ does, until there is nothing left to do now."""
    for _ in range(MOST_LOOKS):
        decision = decide(facts)
        after = carried_out(decision, facts)
        if not decision.actions and not decision.commits and after.status == facts.status:
            return after
        facts = after
    raise AssertionError(f"it does not come to rest: {decide(facts)}")


def at(now: Instant, facts: Facts) -> Facts:
    """The same, later."""
    return replace(facts, now=now)


def lived(facts: Facts) -> Facts:
    """Like settled, with a cashier who pays for whoever asks."""
    for _ in range(MOST_LOOKS):
        facts = settled(facts)
        if not decide(facts).asks_cashier:
            return facts
        facts = pay(facts)
    raise AssertionError(f"it asks the cashier for ever: {decide(facts)}")


def pay(facts: Facts) -> Facts:
    """1 and 2 of the purchase protocol, as control/accounts.py does them for one customer; without an account nothing.

    What is to be done before the cashier is asked has been done.
    """
    for action in decide(facts).actions:
        facts = done(action, facts)
    account = facts.seen.account
    if account is None:
        return facts
    cleared_facts = cleared(facts)
    customer = Customer(cleared_facts.instance, to_be_paid(cleared_facts))
    kept = without_ended(account, {customer.instance.metadata.uid: customer.instance.status.sequence})
    resumed = to_resume(kept, [customer])
    after, order = facts, facts.seen.intent_order
    for _, application in to_serve(kept, [customer], resumed):
        intent, order = intent_for(application, cleared_facts, IntentState.OPEN), application.order
        after = with_status(facts, cleared_facts.status.model_copy(update={"intent": intent}))
    payer = Payer(after.instance, order)
    if order and not (payer.is_cancelled or payer.is_taken):
        after = done(TakeOrder(order), after)
    payers = [payer] if resumed or after is not facts else []
    return observed(replace(after, seen=replace(after.seen, account=debited(kept, payers))))


def spoken(facts: Facts) -> Facts:
    """The look at which something is told: orders are filed and taken, settled and rejected in silence before."""
    for _ in range(MOST_LOOKS):
        decision = decide(facts)
        if not decision.is_silent or not decision.actions:
            return facts
        facts = carried_out(decision, facts)
    raise AssertionError(f"it never says anything: {decide(facts)}")


def locked(facts: Facts) -> Facts:
    """The look after its item was locked, if it was: the door takes two."""
    decision = decide(facts)
    locks = any(isinstance(action, WriteItemStatus) and action.item.status.phase is BinItemPhase.TERMINATING for action in decision.actions)
    return carried_out(decision, facts) if locks else facts


def carried_out(decision: Decision, facts: Facts) -> Facts:
    """The next look. Its actions come first; the status is written when there was nothing to do, or when that is the step."""
    after = facts
    for action in decision.actions:
        after = done(action, after)
    if decision.is_silent or (decision.actions and not decision.commits):
        return observed(after)
    return observed(with_status(after, status_to_report(decision, facts)))


def with_status(facts: Facts, status: InstanceStatus) -> Facts:
    return replace(facts, instance=facts.instance.model_copy(update={"status": status}))


def done(action: Action, facts: Facts) -> Facts:
    """The cluster after one action."""
    match action:
        case MarkInstance(metadata):
            return replace(facts, instance=facts.instance.model_copy(update={"metadata": marked(facts.instance.metadata, metadata)}))
        case MarkInUse(sold):
            marked_class = in_use(sold, True, facts.now)
            assert isinstance(marked_class, InstanceClass)
            return replace(facts, seen=replace(facts.seen, sold=marked_class))
        case CreateWorkload(_, manifest, _):
            return started(facts, LiveObject.parse(merge_patch(manifest, {"metadata": {"uid": f"workload-{facts.status.sequence}"}})))
        case ApplyWorkload(workload, manifest):
            return started(facts, changed(workload, manifest))
        case PatchObject(home, patch) if home.ref.kind == "Namespace":
            return replace(facts, seen=replace(facts.seen, home=changed(home, patch)))
        case PatchObject(patched, patch) if patched.ref.kind == "Pod":
            pods = (replace(pod, live=changed(patched, patch)) if pod.live == patched else pod for pod in facts.seen.own_pods)
            return replace(facts, seen=replace(facts.seen, own_pods=tuple(pods)))
        case PatchObject(workload, patch) if STAY not in str(patch):
            return replace(facts, seen=replace(facts.seen, workload=changed(workload, patch)))
        case PatchObject(workload, patch):
            stopped = changed(workload, merge_patch(patch, {"status": {"readyReplicas": 0}}))
            return replace(facts, seen=replace(facts.seen, workload=stopped, pods=0))
        case DeleteObject(gone):
            return replace(facts, seen=without(facts.seen, gone))
        case FileInBin(item):
            return with_item(facts, filed(item, facts.now))
        case WriteItemStatus(item):
            return with_item(facts, item)
        case DropItem():
            return with_item(facts, None)
        case FileOrder(order):
            return with_order(facts, made(order, facts.now))
        case TakeOrder(order):
            finalizers = (*order.metadata.finalizers, LIFECYCLE_FINALIZER)
            return with_order(facts, order.model_copy(update={"metadata": order.metadata.model_copy(update={"finalizers": finalizers})}))
        case WriteOrderStatus(order):
            return with_order(facts, order)
        case WriteResourceStatus(resource):
            kept = (replace(one, resource=resource) if one.name == resource.metadata.name else one for one in facts.seen.resources)
            return replace(facts, seen=replace(facts.seen, resources=tuple(kept)))
        case DropReferences(names):
            left = tuple(reference for reference in facts.instance.spec.attachments if reference.name not in names)
            return replace(facts, instance=facts.instance.model_copy(update={"spec": with_attachments(facts, left)}))


def with_attachments(facts: Facts, left: tuple[AttachmentReference, ...]) -> InstanceSpec:
    return facts.instance.spec.model_copy(update={"attachments": left})


def marked(metadata: ObjectMeta, changes: Mapping[str, object]) -> ObjectMeta:
    return ObjectMeta.model_validate(merge_patch(metadata.model_dump(mode="json", by_alias=True), changes))


def started(facts: Facts, workload: LiveObject) -> Facts:
    """Ready at once, with its claim bound."""
    ready = changed(workload, {"status": {"readyReplicas": 1}})
    fresh = SeenData(None, bound_claim(facts.status.sequence), bound_volume(), is_ours=True)
    data = facts.seen.data or (fresh,)
    return replace(facts, seen=replace(facts.seen, workload=ready, workload_is_ours=True, data=data, pods=1))


def bound_claim(sequence: int) -> LiveObject:
    metadata = {"labels": LABELS}
    return live("PersistentVolumeClaim", CLAIM, f"claim-{sequence}", metadata=metadata, spec={"volumeName": VOLUME})


def bound_volume() -> LiveObject:
    return live("PersistentVolume", VOLUME, VOLUME_UID, namespace="", spec={"persistentVolumeReclaimPolicy": "Delete"})


def without(seen: Seen, gone: LiveObject) -> Seen:
    """A workload goes with its pods, a claim with its volume."""
    if seen.workload is not None and seen.workload.metadata.uid == gone.metadata.uid:
        return replace(seen, workload=None, workload_is_ours=False, pods=0)
    kept = (replace(data, live=None, volume=None, is_ours=False) if data.live == gone else data for data in seen.data)
    return replace(seen, data=tuple(kept))


def made(order: RenewalOrder, now: Instant) -> RenewalOrder:
    metadata = order.metadata.model_copy(update={"uid": f"{order.metadata.name}-uid", "generation": 1, "creation_timestamp": now})
    return order.model_copy(update={"metadata": metadata})


def with_order(facts: Facts, order: RenewalOrder) -> Facts:
    """An order that has ended is seen only as the one that the purchase in flight names."""
    others = tuple(known for known in facts.seen.orders if known.metadata.uid != order.metadata.uid)
    orders = others if has_ended(order) else (*others, order)
    intent = facts.status.intent
    named = order if intent and intent.order.uid == order.metadata.uid else facts.seen.intent_order
    return replace(facts, seen=replace(facts.seen, orders=orders, intent_order=named))


def filed(item: RecycleBinItem, now: Instant) -> RecycleBinItem:
    metadata = item.metadata.model_copy(update={"uid": f"item-{item.spec.instance_ref.stay}", "generation": 1, "creation_timestamp": now})
    status = item.status.model_copy(update={"phase": BinItemPhase.RECYCLED})
    return item.model_copy(update={"metadata": metadata, "status": status})


def with_item(facts: Facts, item: RecycleBinItem | None) -> Facts:
    return replace(facts, seen=replace(facts.seen, item=item))


def observed(facts: Facts) -> Facts:
    """Data as control/ brings it: what is on record with its record, and until the door what is new."""
    by_uid = {data.live.metadata.uid: data for data in facts.seen.data if data.live}
    recorded = tuple(
        SeenData(record, found.live, found.volume, is_ours=True)
        if (found := by_uid.get(record.uid))
        else SeenData(record, None, None, is_ours=False)
        for record in facts.status.data
    )
    known = {record.uid for record in facts.status.data}
    fresh = () if facts.status.termination_time else tuple(data for uid, data in by_uid.items() if uid not in known)
    data = (*recorded, *(replace(data, record=None) for data in fresh))
    seen = replace(facts.seen, data=data, intent_order=order_in_flight(facts), intent_account=account_in_flight(facts))
    return replace(facts, seen=seen)


def account_in_flight(facts: Facts) -> PrepaidAccount | None:
    """The account that the intent names, as it is now; one that is not the owner's choice any more stays as it was seen."""
    named, account = facts.status.intent and facts.status.intent.account, facts.seen.account
    return account if named and account and account.metadata.uid == named.uid else facts.seen.intent_account


def order_in_flight(facts: Facts) -> RenewalOrder | None:
    """The order that the intent names, ended or not."""
    intent, last = facts.status.intent, facts.seen.intent_order
    known = (*facts.seen.orders, last) if last else facts.seen.orders
    return next((order for order in known if intent and order.metadata.uid == intent.order.uid), last)
