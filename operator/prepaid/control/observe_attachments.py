"""What the cluster shows of an instance's attachments: the resources that it names or holds, their targets, and its pods. Reads only."""

from collections.abc import Iterable

from whenever import Instant

from prepaid.api.account import PrepaidAccount
from prepaid.api.elastic_resource import ElasticResource, ElasticType
from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Cluster, parse
from prepaid.cluster.errors import Gone, Refused
from prepaid.control.intruders import find_intruders
from prepaid.control.selectors import of_uid
from prepaid.lifecycle.facts import SeenPod, SeenResource
from prepaid.lifecycle.objects import ENDED_PODS, LiveObject, ObjectRef
from prepaid.lifecycle.reasons import Problem, Reason

MOST_OWNERS = 3


async def observe_resources(instance: PrepaidInstance, cluster: Cluster) -> tuple[SeenResource, ...]:
    """Those that it asks for, has attached, still has to give up, or holds without knowing (its status may have been emptied)."""
    pages = cluster.pages(ElasticResource, instance.metadata.namespace)
    found = {resource.metadata.name: resource async for body in pages if (resource := parse(ElasticResource, body))}
    held = [name for name, resource in found.items() if holds(instance, resource)]
    asked = [reference.name for reference in instance.spec.attachments]
    known = [record.name for record in (*instance.status.attachments, *instance.status.pending_detachments)]
    names = dict.fromkeys((*asked, *known, *held))
    return tuple([await observe_resource(name, found, cluster, is_held=name in held) for name in names])


def holds(instance: PrepaidInstance, resource: ElasticResource) -> bool:
    return any(holder.uid == instance.metadata.uid for holder in resource.status.attached_to)


async def observe_resource(name: str, found: dict[str, ElasticResource], cluster: Cluster, *, is_held: bool) -> SeenResource:
    resource = found.get(name)
    if resource is None:
        return SeenResource(name, None)
    namespace = resource.metadata.namespace
    return SeenResource(
        name,
        resource,
        target=await observe_target(resource, cluster),
        rival=rival_of(resource, found.values()),
        account=await cluster.read(PrepaidAccount, namespace, resource.spec.account),
        intruder="" if is_held else await observe_intruder(resource, cluster),
    )


async def observe_intruder(resource: ElasticResource, cluster: Cluster) -> str:
    """A pod of nobody's that mounts the disk."""
    if resource.spec.type is not ElasticType.CLOUD_DISK:
        return ""
    found = await find_intruders(resource.metadata.namespace, [resource.spec.target_ref.name], cluster)
    return found[0].metadata.name if found else ""


async def observe_target(resource: ElasticResource, cluster: Cluster) -> LiveObject | Problem | None:
    """The target, None when there is none, or why it cannot be seen."""
    target = resource.spec.target_ref
    try:
        return await cluster.read_object(ObjectRef(target.api_version, target.kind, resource.metadata.namespace, target.name))
    except Gone as error:
        return Problem(Reason.UNKNOWN_KIND, f"Its target cannot be seen: {error}; install it.")
    except Refused as error:
        return Problem(Reason.REFUSED_BY_SERVER, f"Its target cannot be seen: {error}.")


def rival_of(resource: ElasticResource, others: Iterable[ElasticResource]) -> str:
    """The oldest other resource with the same target, if it is older: one resource for each target."""
    alike = [other for other in others if other.spec.target_ref == resource.spec.target_ref]
    first = min(alike, key=age)
    return first.metadata.name if age(first) < age(resource) else ""


def age(resource: ElasticResource) -> tuple[Instant, str]:
    return resource.metadata.creation_timestamp or Instant.MAX, resource.metadata.name


async def observe_pods(instance: PrepaidInstance, workload: LiveObject | None, cluster: Cluster) -> tuple[SeenPod, ...]:
    """Its pods that are not gone; ended ones have no address and mount nothing."""
    found = await cluster.list_objects("v1", "Pod", instance.metadata.namespace, of_uid(instance.metadata.uid))
    living = [pod for pod in found if pod.at("status.phase") not in ENDED_PODS]
    return tuple([SeenPod(pod, await is_controlled(pod, workload, cluster)) for pod in living])


async def is_controlled(pod: LiveObject, workload: LiveObject | None, cluster: Cluster) -> bool:
    """Whether the chain of controllers leads from the pod to the workload: a label alone can be forged."""
    below: LiveObject | None = pod
    for _ in range(MOST_OWNERS):
        owner = next((one for one in below.metadata.owner_references if one.controller), None) if below else None
        if workload is None or owner is None or below is None:
            return False
        if owner.uid == workload.metadata.uid:
            return True
        above = await read_owner(ObjectRef(owner.api_version, owner.kind, pod.metadata.namespace, owner.name), cluster)
        below = above if above and above.metadata.uid == owner.uid else None
    return False


async def read_owner(ref: ObjectRef, cluster: Cluster) -> LiveObject | None:
    try:
        return await cluster.read_object(ref)
    except (Gone, Refused):
        return None
