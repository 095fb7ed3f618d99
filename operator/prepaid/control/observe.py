"""What the cluster shows of an instance: its class, workload, pods, data and bin item. Reads only; decides nothing."""

from collections.abc import Collection

from prepaid.api.account import PrepaidAccount
from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.instance import DataRecord, InstanceStatus, PrepaidInstance, WorkloadRecord
from prepaid.api.instance_class import InstanceClass
from prepaid.api.marks import INSTANCE_ID, INSTANCE_UID
from prepaid.api.order import UNENDED, RenewalOrder
from prepaid.cluster.client import Cluster
from prepaid.cluster.errors import Gone, Refused
from prepaid.control.intruders import find_intruders
from prepaid.control.observe_attachments import observe_pods, observe_resources
from prepaid.control.selectors import named, of_uid
from prepaid.lifecycle.facts import Seen, SeenData
from prepaid.lifecycle.leaving import erasure_sentence
from prepaid.lifecycle.objects import ENDED_PODS, LiveObject, ObjectRef
from prepaid.lifecycle.offer import offer_of
from prepaid.lifecycle.ordering import has_ended
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.rendering import Rendering
from prepaid.lifecycle.term import has_traces

CLAIM = "PersistentVolumeClaim"


async def observe(instance: PrepaidInstance, cluster: Cluster) -> Seen:
    """One look. Raises ClusterError.

    The order of the purchase in flight is read before the orders that wait: once it is seen to be settled it must not wait among them.
    The item is read before the orders and the account: a door that is seen to be locked opens on what was ordered before its lock.
    """
    namespace, name = instance.metadata.namespace, instance.metadata.name
    instance_class = await cluster.read(InstanceClass, "", instance.spec.instance_class)
    offer = offer_of(instance_class, instance)
    rendering = await checked_kind(offer.rendering, cluster)
    workload = await read_workload(instance.status, rendering, namespace, cluster)
    is_ours = workload is not None and (is_labelled(workload, instance) or has_lost_its_label(workload, instance.status))
    is_over = erasure_sentence(instance.status) is not None
    in_flight = await intent_order(instance, cluster)
    item = await cluster.read(RecycleBinItem, namespace, name)
    resources = () if is_over else await observe_resources(instance, cluster)
    history = await orders_of(namespace, name, cluster) if may_have_lost_status(instance) else None
    orders = () if is_over else history if history is not None else await orders_of(namespace, name, cluster, UNENDED)
    data = () if is_over else await observe_data(instance, rendering, workload if is_ours else None, cluster)
    return Seen(
        terms_on_offer=offer.terms,
        class_version=f"{instance_class.metadata.uid}-{instance_class.metadata.generation}" if instance_class else "",
        rendering=rendering,
        workload=workload,
        workload_is_ours=is_ours,
        data=data,
        pods=await count_pods(instance, cluster) if needs_pods(instance) and may_have_pods(instance, workload, rendering) else 0,
        item=item,
        intent_order=in_flight,
        orders=tuple(order for order in orders if not has_ended(order) and is_not_overtaken(order, instance, in_flight)),
        account=None if is_over else await cluster.read(PrepaidAccount, namespace, instance.spec.account),
        intent_account=await intent_account(instance, cluster),
        history=history or (),
        sold=instance_class,
        home=None if has_traces(instance.status) else await read_if_served(ObjectRef("v1", "Namespace", "", namespace), cluster),
        resources=resources,
        own_pods=await observe_pods(instance, workload if is_ours else None, cluster) if resources else (),
        intruders=await observe_intruders(instance, data, cluster),
    )


def is_not_overtaken(order: RenewalOrder, instance: PrepaidInstance, in_flight: RenewalOrder | None) -> bool:
    """Of the order in flight the reading counts that was made of it alone: a list from before may show it as it was."""
    intent = instance.status.intent
    return intent is None or intent.order.uid != order.metadata.uid or (in_flight is not None and not has_ended(in_flight))


async def orders_of(namespace: str, instance: str, cluster: Cluster, *fields: str) -> tuple[RenewalOrder, ...]:
    """The orders that name the instance, by a fresh LIST."""
    return tuple(await cluster.all(RenewalOrder, namespace, fields=named(instance, *fields)))


async def intent_order(instance: PrepaidInstance, cluster: Cluster) -> RenewalOrder | None:
    """The order of the purchase in flight, if it is still that one."""
    intent = instance.status.intent
    order = await cluster.read(RenewalOrder, instance.metadata.namespace, intent.order.name) if intent else None
    return order if order and intent and order.metadata.uid == intent.order.uid else None


async def intent_account(instance: PrepaidInstance, cluster: Cluster) -> PrepaidAccount | None:
    """The account of the purchase in flight, if it is still that one."""
    named = instance.status.intent.account if instance.status.intent else None
    account = await cluster.read(PrepaidAccount, instance.metadata.namespace, named.name) if named else None
    return account if account and named and account.metadata.uid == named.uid else None


def may_have_lost_status(instance: PrepaidInstance) -> bool:
    """Marked before, and yet without any trace of a purchase; or marked as another one, which its orders may know better."""
    mark = instance.metadata.annotations.get(INSTANCE_ID)
    return mark is not None and (not has_traces(instance.status) or mark != instance.metadata.uid)


async def checked_kind(rendering: Rendering | Problem | None, cluster: Cluster) -> Rendering | Problem | None:
    """A rendering of a kind that the cluster serves in namespaces."""
    if not isinstance(rendering, Rendering):
        return rendering
    ref = rendering.ref
    try:
        endpoint = await cluster.discovery.endpoint(ref.api_version, ref.kind)
    except Gone as error:
        return Problem(Reason.UNKNOWN_KIND, f"The class's workload cannot be made: {error}; install it, or change the class.")
    if not endpoint.namespaced:
        return Problem(
            Reason.CLASS_UNREADABLE, f"The class's workload is a {ref.kind}, which lies in no namespace; name a namespaced kind."
        )
    return rendering


async def read_workload(
    status: InstanceStatus, rendering: Rendering | Problem | None, namespace: str, cluster: Cluster
) -> LiveObject | None:
    """The workload on record, else what stands where the class would make one."""
    ref = recorded_ref(status.workload, namespace) if status.workload else None
    live = await read_if_served(ref, cluster) if ref else None
    if live is None and isinstance(rendering, Rendering) and rendering.ref != ref:
        live = await read_if_served(rendering.ref, cluster)
    return live


def recorded_ref(record: WorkloadRecord | DataRecord, namespace: str) -> ObjectRef:
    return ObjectRef(record.api_version, record.kind, namespace, record.name)


async def read_if_served(ref: ObjectRef, cluster: Cluster) -> LiveObject | None:
    try:
        return await cluster.read_object(ref)
    except Gone:
        return None


def is_labelled(live: LiveObject, instance: PrepaidInstance) -> bool:
    return live.metadata.labels.get(INSTANCE_UID) == instance.metadata.uid


def has_lost_its_label(live: LiveObject, status: InstanceStatus) -> bool:
    """Whether it is the very workload on record, and somebody took our label off; another instance's label makes it another's."""
    return INSTANCE_UID not in live.metadata.labels and status.workload is not None and status.workload.uid == live.metadata.uid


async def read_data(ref: ObjectRef, cluster: Cluster) -> LiveObject | None:
    """Data of a kind that is not served is not gone, it cannot be seen: Refused, so that the instance is held (P15)."""
    try:
        return await cluster.read_object(ref)
    except Gone as error:
        raise Refused(f"{error}; install it again", "NoSuchKind") from error


def needs_pods(instance: PrepaidInstance) -> bool:
    is_deleted = instance.metadata.deletion_timestamp is not None
    return instance.status.recycle_time is not None or not instance.spec.running or is_deleted


def may_have_pods(instance: PrepaidInstance, workload: LiveObject | None, rendering: Rendering | Problem | None) -> bool:
    """Whether there is, or was, or should be a workload: what never had one has no pods."""
    return not (instance.status.workload is None and workload is None and rendering is None)


async def count_pods(instance: PrepaidInstance, cluster: Cluster) -> int:
    """Pods of the instance that still do something: ended ones keep no machine busy, but are waited for once they are erased."""
    found = await cluster.list_objects("v1", "Pod", instance.metadata.namespace, of_uid(instance.metadata.uid))
    ended = ENDED_PODS if instance.status.termination_time is None else ()
    return sum(pod.at("status.phase") not in ended for pod in found)


async def observe_data(
    instance: PrepaidInstance, rendering: Rendering | Problem | None, workload: LiveObject | None, cluster: Cluster
) -> tuple[SeenData, ...]:
    """What is on record; until the door also what else lives under the names that the class lists or the records have.

    `workload` is ours, or None: what it owns is our data as well.
    """
    namespace = instance.metadata.namespace
    recorded = [await observe_record(record, namespace, cluster) for record in instance.status.data]
    if instance.status.termination_time:
        return tuple(recorded)
    known = {data.record.uid for data in recorded if data.record}
    refs = dict.fromkeys([*(recorded_ref(record, namespace) for record in instance.status.data), *data_refs(rendering)])
    if workload is not None and not (instance.status.data and data_refs(rendering)):
        refs |= dict.fromkeys(await labelled_claims(instance, cluster))
    fresh = [await observe_fresh(ref, known, instance, workload, cluster) for ref in refs]
    return (*recorded, *filter(None, fresh))


async def labelled_claims(instance: PrepaidInstance, cluster: Cluster) -> list[ObjectRef]:
    """The claims that were made for it, whatever its class says of data now: it may be gone, or another than when they were made."""
    found = await cluster.list_objects("v1", CLAIM, instance.metadata.namespace, of_uid(instance.metadata.uid))
    return [claim.ref for claim in found]


async def observe_intruders(instance: PrepaidInstance, data: tuple[SeenData, ...], cluster: Cluster) -> tuple[LiveObject, ...]:
    """Asked for when data is first seen, since a pod may have waited for it, and again where the instance is not to run.

    A list from before the claim could lack a pod that came between; later the admission policies let none come.
    """
    claims = [one.live.ref.name for one in data if one.is_ours and one.live and one.live.ref.kind == CLAIM]
    is_new = any(one.record is None for one in data)
    if not claims or not (is_new or needs_pods(instance)):
        return ()
    return await find_intruders(instance.metadata.namespace, claims, cluster.afresh if is_new else cluster)


def data_refs(rendering: Rendering | Problem | None) -> tuple[ObjectRef, ...]:
    return rendering.data if isinstance(rendering, Rendering) else ()


async def observe_record(record: DataRecord, namespace: str, cluster: Cluster) -> SeenData:
    """A piece on record; another object that has taken its name is not it. A volume on record is of interest once its claim is gone."""
    live = await read_data(recorded_ref(record, namespace), cluster)
    if live is not None and live.metadata.uid != record.uid:
        live = None
    is_known = live is not None and record.volume is not None
    volume = None if is_known else await read_volume(record, live, cluster)
    return SeenData(record, live, volume, is_ours=live is not None)


async def observe_fresh(
    ref: ObjectRef, known: Collection[str], instance: PrepaidInstance, workload: LiveObject | None, cluster: Cluster
) -> SeenData | None:
    """What lives under a name of data, if it is none of those that are `known`."""
    live = await read_data(ref, cluster)
    if live is None or live.metadata.uid in known:
        return None
    is_ours = is_labelled(live, instance) or is_owned(live, workload)
    return SeenData(None, live, await read_volume(None, live, cluster), is_ours)


def is_owned(live: LiveObject, workload: LiveObject | None) -> bool:
    return workload is not None and any(owner.uid == workload.metadata.uid for owner in live.metadata.owner_references)


async def read_volume(record: DataRecord | None, live: LiveObject | None, cluster: Cluster) -> LiveObject | None:
    """The PersistentVolume on record, or the one that a claim names; another uid under its name is not it."""
    known = record.volume if record else None
    claimed = live.at("spec.volumeName") if live and live.ref.kind == CLAIM else None
    name = known.name if known else claimed
    if not isinstance(name, str) or not name:
        return None
    volume = await read_if_served(ObjectRef("v1", "PersistentVolume", "", name), cluster)
    is_other = known is not None and volume is not None and volume.metadata.uid != known.uid
    return None if is_other else volume
