"""Several instances of one namespace, looked at together: what each of them needs is read once, for all.

The order of these reads is that of observe.py: first the instances, then the moment, the items before the orders, the accounts last.
"""

from collections import defaultdict
from collections.abc import Sequence

from prepaid.api.account import PrepaidAccount
from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.order import UNENDED, RenewalOrder
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.panorama import Panorama
from prepaid.cluster.together import Together
from prepaid.control.observe import named
from prepaid.lifecycle.objects import Manifest


async def survey(keys: Sequence[Key], cluster: Cluster, together: Together) -> Panorama:
    """What looks at these instances of one namespace have in common. Raises ClusterError.

    An instance that was read after the orders could have one bought again that is settled in between: all are read before.
    """
    namespace = keys[0].namespace
    panorama = Panorama(cluster)
    await panorama.take_in(PrepaidInstance, namespace)
    await together(panorama.take_in_one(PrepaidInstance, namespace, key.name) for key in keys)
    panorama.take_moment()
    await panorama.take_in(InstanceClass)
    await panorama.take_in(RecycleBinItem, namespace)
    await panorama.take_in(ElasticResource, namespace)
    orders = await orders_by_instance(namespace, cluster)
    for key in keys:
        panorama.put(RenewalOrder, namespace, named(key.name, UNENDED), orders.get(key.name, ()))
    await panorama.take_in(PrepaidAccount, namespace)
    return panorama


async def orders_by_instance(namespace: str, cluster: Cluster) -> dict[str, list[Manifest]]:
    """The orders in this namespace that have not ended, by the instance that they wait for."""
    found: dict[str, list[Manifest]] = defaultdict(list)
    async for body in cluster.pages(RenewalOrder, namespace, fields=UNENDED):
        found[body["spec"]["instanceRef"]["name"]].append(body)
    return found
