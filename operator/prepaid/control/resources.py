"""The reconciler of elastic resources: takes them in, frees them of the dead, tells what their accounts charged, lets them go.

Attaching and releasing is their instances' doing, charging their accounts'.
"""

from dataclasses import dataclass

from whenever import Instant, TimeDelta

from prepaid.api.account import PrepaidAccount
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.api.reference import Reference
from prepaid.cluster.client import Cluster, Key
from prepaid.control.queue import KeyQueue
from prepaid.control.selectors import of_uid
from prepaid.control.waiting_room import WaitingRoom
from prepaid.lifecycle.idle_charges import waits_for_charge
from prepaid.lifecycle.leaving import erasure_sentence
from prepaid.lifecycle.objects import ObjectRef
from prepaid.lifecycle.resource_rules import Care, ResourceFacts, care_for

MOST_TURNS = 4


@dataclass(frozen=True)
class ElasticResources:
    """Reconciles one elastic resource at a time; one that goes is looked at again after `retry`.

    The sweep asks for those whose holder is no more and left pods behind.
    """

    cluster: Cluster
    queue: KeyQueue
    room: WaitingRoom
    retry: TimeDelta

    async def reconcile(self, key: Key) -> Instant | None:
        """One look at one resource, and another after each write. Raises ClusterError."""
        resource = await self.cluster.read(ElasticResource, key.namespace, key.name)
        for _ in range(MOST_TURNS):
            if resource is None:
                break
            facts = await self.observe(resource)
            written = await self.report(care_for(facts), resource)
            is_done = written is resource or not is_there(written)
            resource = written if is_there(written) else None
            if is_done:
                self.tell_accounts(facts)
                break
        self.room.call(key, [holder.name for holder in resource.status.attached_to] if resource else [])
        return self.cluster.now() + self.retry if resource and is_under_way(resource) else None

    async def observe(self, resource: ElasticResource) -> ResourceFacts:
        """The moment is taken after the resource was read."""
        now, namespace = self.cluster.now(), resource.metadata.namespace
        names = {resource.spec.account, *(span.account.name for span in resource.status.idle_spans)}
        read = [await self.cluster.read(PrepaidAccount, namespace, name) for name in sorted(names)]
        accounts = [account for account in read if account]
        return ResourceFacts(
            resource=resource,
            now=now,
            payer=next((account for account in accounts if account.metadata.name == resource.spec.account), None),
            accounts={account.metadata.uid: account for account in accounts},
            dead=frozenset([holder.uid for holder in resource.status.attached_to if await self.is_dead(holder, namespace)]),
            is_namespace_going=resource.metadata.deletion_timestamp is not None and await self.is_namespace_going(namespace),
        )

    async def is_dead(self, holder: Reference, namespace: str) -> bool:
        """No more, or terminated, and without any pod left: what it held may be freed."""
        instance = await self.cluster.read(PrepaidInstance, namespace, holder.name)
        if instance and instance.metadata.uid == holder.uid and erasure_sentence(instance.status) is None:
            return False
        return not await self.cluster.list_objects("v1", "Pod", namespace, of_uid(holder.uid))

    async def is_namespace_going(self, name: str) -> bool:
        namespace = await self.cluster.read_object(ObjectRef("v1", "Namespace", "", name))
        return namespace is None or namespace.metadata.deletion_timestamp is not None

    async def report(self, care: Care, resource: ElasticResource) -> ElasticResource:
        """What was written; the resource itself when nothing had to be."""
        if care.finalizers is not None and care.finalizers != resource.metadata.finalizers:
            return await self.cluster.patch(resource, {"metadata": {"finalizers": list(care.finalizers)}})
        return resource if care.resource.status == resource.status else await self.cluster.write_status(care.resource)

    def tell_accounts(self, facts: ResourceFacts) -> None:
        """An account that has not charged what is due gets a look; when the next unit is due it knows itself."""
        for account in facts.accounts.values():
            if waits_for_charge(account, facts.resource):
                self.queue.add(Key(PrepaidAccount, account.metadata.namespace, account.metadata.name))


def is_there(resource: ElasticResource) -> bool:
    """Whether it can still be read: one that is deleted goes with its last finalizer."""
    return resource.metadata.deletion_timestamp is None or bool(resource.metadata.finalizers)


def is_under_way(resource: ElasticResource) -> bool:
    """Deleted and still here."""
    return resource.metadata.deletion_timestamp is not None
