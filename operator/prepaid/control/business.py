"""What brings accounts a look, and what those of one namespace that are looked at together have in common: read once, after all of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from prepaid.api.account import PrepaidAccount
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.errors import ClusterError
from prepaid.cluster.panorama import Panorama
from prepaid.cluster.together import Together
from prepaid.control.crowd import orders_by_instance, survey
from prepaid.control.desk import Desk


@dataclass(frozen=True)
class Call:
    """Why an account is looked at: the instances that have asked, and `echo`, the version that we have written last, if it is that."""

    asking: frozenset[str]
    echo: str

    def is_echo(self, account: PrepaidAccount) -> bool:
        """Whether we hear of nothing but our own write: who waits was told then."""
        return self.echo == account.metadata.resource_version


@dataclass(frozen=True)
class Business:
    """Each account as it was read, those that could be; who of those that wait may pay from it; and what was seen after all of them."""

    calls: Mapping[Key, Call]
    accounts: Mapping[Key, PrepaidAccount]
    waiting: Mapping[Key, frozenset[str]]
    panorama: Panorama


async def business_of(calls: Mapping[Key, Call], cluster: Cluster, desk: Desk, together: Together) -> Business:
    """Of accounts of one namespace. One that cannot be read, or is no more, is left to its own look. Raises ClusterError."""
    namespace = next(iter(calls)).namespace
    found = zip(calls, await together(readable(key, cluster) for key in calls), strict=True)
    accounts = {key: account for key, account in found if account}
    waiting = waiting_at(calls, await orders_by_instance(namespace, cluster), desk)
    heard = [waiting[key] for key, account in accounts.items() if not calls[key].is_echo(account)]
    names = frozenset[str]().union(*(call.asking for call in calls.values()), *heard)
    return Business(calls, accounts, waiting, await seen_of(namespace, names, cluster, together))


async def readable(key: Key, cluster: Cluster) -> PrepaidAccount | None:
    with suppress(ClusterError):
        return await cluster.read(PrepaidAccount, key.namespace, key.name)
    return None


def waiting_at(accounts: Iterable[Key], names: Iterable[str], desk: Desk) -> Mapping[Key, frozenset[str]]:
    """Of these instances those that are not known to pay from other accounts."""
    by_name, found = {key.name: key for key in accounts}, defaultdict[Key, set[str]](set)
    namespace = next(iter(by_name.values())).namespace
    for name in names:
        payers = desk.payers(Key(PrepaidInstance, namespace, name))
        for account in by_name if payers is None else by_name.keys() & payers:
            found[by_name[account]].add(name)
    return {key: frozenset(found[key]) for key in by_name.values()}


async def seen_of(namespace: str, names: Iterable[str], cluster: Cluster, together: Together) -> Panorama:
    """All instances first, then all orders that wait: one that is seen to be waiting has waited since its instance was read."""
    if keys := [Key(PrepaidInstance, namespace, name) for name in sorted(names)]:
        return await survey(keys, cluster, together)
    panorama = Panorama(cluster)
    panorama.take_moment()
    await panorama.take_in(ElasticResource, namespace)
    return panorama
