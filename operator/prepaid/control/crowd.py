"""Several instances of one namespace, looked at together: what each of them needs is read once, for all.

The order of these reads is that of observe.py: first the instances, then the moment, the items before the orders and the accounts.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeVar

from whenever import Instant

from prepaid.api.account import PrepaidAccount
from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.marks import INSTANCE, INSTANCE_UID
from prepaid.api.order import UNENDED, RenewalOrder
from prepaid.api.resource import Resource
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.errors import ClusterError
from prepaid.cluster.glance import Glance
from prepaid.cluster.panorama import Panorama
from prepaid.cluster.together import Together
from prepaid.cluster.walk import Walks, alone
from prepaid.control.observe import needs_pods
from prepaid.control.selectors import NOBODYS, named, of_instances, of_uid
from prepaid.control.watching import ALWAYS, POD
from prepaid.lifecycle.objects import Manifest

MOST_NAMES: Final = 100
"""In a selector: proxies take request lines of up to 8 KB."""
R = TypeVar("R", bound=Resource)


async def survey(keys: Sequence[Key], cluster: Cluster, together: Together, walks: Walks | None = None) -> Panorama:
    """What looks at these instances of one namespace have in common. Raises ClusterError.

    They may have been seen by `walks` a moment ago; without them nothing is older than this call.

    An instance that was read after the orders could have one bought again that is settled in between: all are read before.
    """
    walks = walks or alone(PrepaidInstance, cluster)
    namespace, panorama, are_many = keys[0].namespace, Panorama(cluster), len(keys) > walks.few
    await take_in_instances(keys, panorama, cluster, together, walks)
    panorama.take_moment()
    items = take_in_items(keys, panorama, together, are_many=are_many)
    await together((items, panorama.take_in(InstanceClass), panorama.take_in(ElasticResource, namespace)))
    others = [take_in_orders(keys, panorama, cluster), panorama.take_in(PrepaidAccount, namespace)]
    if are_many:
        others.append(take_in_made(keys, panorama, cluster, together))
    await together(others)
    return panorama


async def take_in_instances(keys: Sequence[Key], panorama: Panorama, cluster: Cluster, together: Together, walks: Walks) -> None:
    """Of many, those that a walk meets; all others one by one."""
    met = await walks.find(cluster, keys[0].namespace, [key.name for key in keys])
    for body in met.bodies:
        (panorama.put_from_before if met.are_from_before else panorama.put_one)(PrepaidInstance, body)
    for path in met.absent:
        panorama.put_absent(path)
    await together(panorama.take_in_one(PrepaidInstance, key.namespace, key.name) for key in keys)


async def take_in_items(keys: Sequence[Key], panorama: Panorama, together: Together, *, are_many: bool) -> None:
    """Of many, whose names are there at all, and those that are labelled as theirs; all others one by one: labels may be taken off."""
    if are_many:
        namespace = keys[0].namespace
        names = sorted(await panorama.take_in_names(RecycleBinItem, namespace, [key.name for key in keys]))
        parts = [names[start : start + MOST_NAMES] for start in range(0, len(names), MOST_NAMES)]
        await together(panorama.take_in_labelled(RecycleBinItem, namespace, of_instances(part)) for part in parts)
    await together(panorama.take_in_one(RecycleBinItem, key.namespace, key.name) for key in keys)


async def take_in_orders(keys: Iterable[Key], panorama: Panorama, cluster: Cluster) -> None:
    """Those that wait for each instance; the one that is in flight is among them until it has ended."""
    namespace = next(iter(keys)).namespace
    waiting = await orders_by_instance(namespace, cluster)
    for key in keys:
        panorama.put(RenewalOrder, namespace, named(key.name, UNENDED), waiting.get(key.name, ()))
    for order in (order for key in keys for order in waiting.get(key.name, ())):
        panorama.put_one(RenewalOrder, order)


async def orders_by_instance(namespace: str, cluster: Cluster) -> dict[str, list[Manifest]]:
    """The orders in this namespace that have not ended, by the instance that they wait for."""
    found: dict[str, list[Manifest]] = defaultdict(list)
    async for body in cluster.pages(RenewalOrder, namespace, fields=UNENDED):
        found[body["spec"]["instanceRef"]["name"]].append(body)
    return found


async def take_in_made(keys: Sequence[Key], panorama: Panorama, cluster: Cluster, together: Together) -> None:
    """What was made for them: workloads, pods and claims that carry our label. What cannot be listed is left.

    Where some are not to run, or will not be in a moment, the pods of nobody's as well: each look at those asks for them.
    """
    glance = Glance(cluster, panorama)
    instances = await readable(PrepaidInstance, keys, glance)
    sold = {one.spec.instance_class for one in instances}
    classes = await readable(InstanceClass, [Key(InstanceClass, "", name) for name in sorted(sold)], glance)
    templates = [one.spec.workload.template for one in classes if one.spec.workload]
    if not templates:
        return
    kinds = dict.fromkeys([*((str(one.get("apiVersion")), str(one.get("kind"))) for one in templates), *ALWAYS])
    uids = [one.metadata.uid for one in instances]
    await together(take_in_labelled(Made(*kind, keys[0].namespace), uids, panorama) for kind in kinds)
    if any(needs_pods(one) or is_over(one, cluster.now()) for one in instances):
        await take_in_nobodys(Made(*POD, keys[0].namespace), panorama, cluster)


def is_over(instance: PrepaidInstance, now: Instant) -> bool:
    expiration = instance.status.expiration_time
    return expiration is not None and expiration <= now


async def readable(kind: type[R], keys: Iterable[Key], glance: Glance) -> list[R]:
    """Those that are there; one that cannot be read is left to its own look."""
    found: list[R | None] = []
    for key in keys:
        with suppress(ClusterError):
            found.append(await glance.read(kind, key.namespace, key.name))
    return [one for one in found if one]


@dataclass(frozen=True)
class Made:
    """A kind of what is made for instances, in their namespace."""

    api_version: str
    kind: str
    namespace: str


async def take_in_labelled(made: Made, uids: Iterable[str], panorama: Panorama) -> None:
    """Each object by its name, and by the label of its instance."""
    with suppress(ClusterError):
        found = await panorama.take_in_objects(made.api_version, made.kind, made.namespace, INSTANCE)
        by_uid = defaultdict(list)
        for body in found:
            by_uid[body["metadata"]["labels"].get(INSTANCE_UID, "")].append(body)
        for uid in uids:
            await panorama.put_objects(made.api_version, made.kind, made.namespace, of_uid(uid), by_uid[uid])


async def take_in_nobodys(made: Made, panorama: Panorama, cluster: Cluster) -> None:
    """Those without our label, as a list."""
    with suppress(ClusterError):
        found = await cluster.list_bodies(made.api_version, made.kind, made.namespace, NOBODYS)
        await panorama.put_objects(made.api_version, made.kind, made.namespace, NOBODYS, found)
