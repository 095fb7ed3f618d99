"""Several instances of one namespace, looked at together: what each of them needs is read once, for all.

The order of these reads is that of observe.py: first the instances, then the moment, the items before the orders, the accounts last.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from prepaid.api.account import PrepaidAccount
from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.order import UNENDED, RenewalOrder
from prepaid.api.resource import Resource
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.panorama import Panorama
from prepaid.cluster.together import Together
from prepaid.control.observe import named
from prepaid.lifecycle.objects import Manifest

FEW: Final = 4
"""So few are cheaper to read one by one than a page of everything."""


async def survey(keys: Sequence[Key], cluster: Cluster, together: Together) -> Panorama:
    """What looks at these instances of one namespace have in common. Raises ClusterError.

    An instance that was read after the orders could have one bought again that is settled in between: all are read before.
    """
    namespace, panorama = keys[0].namespace, Panorama(cluster)
    await take_in(PrepaidInstance, keys, panorama, together)
    panorama.take_moment()
    await panorama.take_in(InstanceClass)
    await take_in(RecycleBinItem, keys, panorama, together)
    await panorama.take_in(ElasticResource, namespace)
    orders = await orders_by_instance(namespace, cluster)
    for key in keys:
        put_orders(orders.get(key.name, ()), key, panorama)
    await panorama.take_in(PrepaidAccount, namespace)
    return panorama


async def take_in(kind: type[Resource], keys: Sequence[Key], panorama: Panorama, together: Together) -> None:
    """What has the names of the instances: of many, what a page shows; all others one by one."""
    if len(keys) > FEW:
        await panorama.take_in(kind, keys[0].namespace)
    await together(panorama.take_in_one(kind, key.namespace, key.name) for key in keys)


def put_orders(waiting: Sequence[Manifest], key: Key, panorama: Panorama) -> None:
    """The list of those that wait for the instance; the one that is in flight is among them until it has ended."""
    panorama.put(RenewalOrder, key.namespace, named(key.name, UNENDED), waiting)
    for order in waiting:
        panorama.put_one(RenewalOrder, order)


async def orders_by_instance(namespace: str, cluster: Cluster) -> dict[str, list[Manifest]]:
    """The orders in this namespace that have not ended, by the instance that they wait for."""
    found: dict[str, list[Manifest]] = defaultdict(list)
    async for body in cluster.pages(RenewalOrder, namespace, fields=UNENDED):
        found[body["spec"]["instanceRef"]["name"]].append(body)
    return found
