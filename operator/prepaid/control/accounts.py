"""The reconciler of accounts: the cashier. Reads the account first, then its customers; has their intents written (counter.py); debits them
all in one write.

The order of these reads is the protocol (architecture.md, "The purchase protocol", step 2): what conflicts is begun anew from the account.
Of several accounts that are looked at together all are read before the customers of any.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Final

from whenever import Instant

from prepaid.api.account import AccountStatus, PrepaidAccount
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.errors import ClusterError
from prepaid.cluster.glance import Glance
from prepaid.cluster.panorama import Panorama
from prepaid.cluster.recorder import Recorder
from prepaid.cluster.together import Together
from prepaid.control.business import Business, Call, business_of, seen_of, waiting_at
from prepaid.control.counter import Counter, Visit
from prepaid.control.crowd import orders_by_instance
from prepaid.control.desk import Desk
from prepaid.control.ledger import charged_so_far, sequences_of, without_what_is_over
from prepaid.control.look import look
from prepaid.control.queue import KeyQueue
from prepaid.control.workers import Gathering, nothing
from prepaid.lifecycle.applying import is_balanced
from prepaid.lifecycle.cashier import MOST_IN_FLIGHT, Customer, debited, to_resume, to_serve, with_charges, without_ended
from prepaid.lifecycle.idle_charges import charges_to_tell, next_charge_time, with_idle_charges, with_told_charges
from prepaid.lifecycle.overdrawing import overdraft
from prepaid.lifecycle.payers import may_pay_from, pays_from
from prepaid.lifecycle.purchasing import cleared
from prepaid.lifecycle.rules import is_to_be_refused, to_be_paid
from prepaid.lifecycle.usage import in_use, is_in_use

MOST_KEPT: Final = 150
log = logging.getLogger("prepaid.accounts")


@dataclass(frozen=True)
class Accounts:
    """Reconciles one account at a time."""

    cluster: Cluster
    queue: KeyQueue
    desk: Desk
    recorder: Recorder
    together: Together
    most_kept: int = MOST_KEPT
    """When more entries have gathered, all instances of the namespace are asked which of them are over."""
    echoes: dict[Key, str] = field(default_factory=dict)
    """The version of each account that we have written last, until we hear of it."""

    @property
    def counter(self) -> Counter:
        return Counter(self.cluster, self.desk, self.together)

    async def gather(self, keys: Sequence[Key]) -> Gathering:
        """Looks at accounts of one namespace that read their customers once for all. Raises ClusterError: then who has asked asks again."""
        calls = {key: self.call(key) for key in keys}
        try:
            business = await business_of(calls, self.cluster, self.desk, self.together)
        except BaseException:
            for key, call in calls.items():
                self.ask_again(key, call.asking)
            raise
        return Gathering(partial(self.reconcile, business=business), nothing)

    def call(self, key: Key) -> Call:
        """Taken before anything is read. A look that fails leaves no echo: the next asks everybody who waits."""
        return Call(frozenset(self.desk.take(key)), self.echoes.pop(key, ""))

    def ask_again(self, account: Key, names: Iterable[str]) -> None:
        for name in names:
            self.desk.ask(Key(PrepaidInstance, account.namespace, name), account.name)

    async def reconcile(self, key: Key, business: Business | None = None) -> Instant | None:
        """One look at one account; when the next idle unit is due. Raises ClusterError.

        Resources are read after the account, like everything that is charged: an entry that is forgotten is listed no more.
        """
        call = business.calls[key] if business else self.call(key)
        if business and key not in business.accounts:
            business = None
        account = business.accounts[key] if business else await self.cluster.read(PrepaidAccount, key.namespace, key.name)
        if account is None:
            await self.tell_of_the_end(key)
            return None
        is_new = account.status.charged is None
        if is_new:
            account, business = await self.open(account), None
        if call.asking and not is_in_use(account):
            await self.mark(account, call.asking)
            return None
        return await self.serve(key, account, call, business, is_other_balance=is_new or not is_balanced(account))

    async def serve(
        self, key: Key, account: PrepaidAccount, call: Call, business: Business | None, *, is_other_balance: bool
    ) -> Instant | None:
        """Whoever asks and whoever waits, in one debit; when the next idle unit is due. A refund is like a deposit: another balance.

        Who is resumed is told by the account as it was read before the customers: an entry that is over by now may have been in flight
        when its instance was read.
        """
        panorama, asking = business.panorama if business else None, call.asking
        glance = Glance(self.cluster, panorama)
        resources, now = await glance.all(ElasticResource, key.namespace), glance.now()
        if not call.is_echo(account):
            asking |= business.waiting[key] if business else await self.who_waits(key)
        if is_other_balance:
            asking |= await self.names_that_renew_themselves(account)
        visits = await self.visits(account, asking, panorama)
        customers = [visit.customer for visit in visits]
        kept = await self.without_old_entries(account, [customer.instance for customer in customers])
        if kept.status.charged != account.status.charged and not is_other_balance:
            return await self.serve(key, account, Call(asking, ""), business, is_other_balance=True)
        kept = with_idle_charges(kept, resources, now)
        resumed = to_resume(account, customers)
        to_pay = to_serve(kept, customers, resumed)
        if to_pay and not is_in_use(account):
            await self.mark(account, asking)
            return None
        payers = await self.counter.payers(resumed, to_pay, visits)
        account = await self.debit(key, account, debited(kept, payers))
        self.tell(account, resources)
        refused = [visit.customer for visit in visits if is_to_be_refused(visit.facts)]
        try:
            await self.counter.tell_who_waits(customers)
        finally:
            self.wake(customers if is_other_balance else [*resumed, *(customer for customer, _ in to_pay), *refused])
        return next_charge_time(account, resources, now)

    def wake(self, customers: Iterable[Customer]) -> None:
        """Whom this look concerned gets a look: who was to be served or is to be refused; all once the balance is another, or the first."""
        for metadata in (customer.instance.metadata for customer in customers):
            self.queue.add(Key(PrepaidInstance, metadata.namespace, metadata.name))

    def tell(self, account: PrepaidAccount, resources: Iterable[ElasticResource]) -> None:
        """Resources learn what they were charged; the owner learns once that there is a debt."""
        for name in charges_to_tell(account, resources):
            self.queue.add(Key(ElasticResource, account.metadata.namespace, name))
        for event in overdraft(account):
            self.recorder.tell(account, event)

    async def tell_of_the_end(self, key: Key) -> None:
        """Nobody pays for idle time at this account any more."""
        for resource in await self.resources(key.namespace):
            if any(span.account.name == key.name for span in resource.status.idle_spans):
                self.queue.add(Key(ElasticResource, key.namespace, resource.metadata.name))

    async def resources(self, namespace: str) -> list[ElasticResource]:
        return await self.cluster.all(ElasticResource, namespace)

    async def open(self, account: PrepaidAccount) -> PrepaidAccount:
        """A new account, or one that was made again or lost its status: charges are never forgotten.

        The settled orders tell them, and the elastic resources.
        """
        charged = await charged_so_far(account, self.cluster)
        opened = with_charges(account, charged, dict(account.status.purchases))
        return await self.cluster.write_status(with_told_charges(opened, await self.resources(account.metadata.namespace)))

    async def who_waits(self, account: Key) -> frozenset[str]:
        """The instances for which an order waits, but those that are known to pay from other accounts."""
        return waiting_at([account], await orders_by_instance(account.namespace, self.cluster), self.desk)[account]

    async def mark(self, account: PrepaidAccount, asking: Iterable[str]) -> None:
        """Before its first intent it is marked as in use, which makes another version of it: everything is begun anew."""
        self.ask_again(Key(PrepaidAccount, account.metadata.namespace, account.metadata.name), asking)
        balanced = with_charges(account, account.status.charged or Decimal(0), dict(account.status.purchases))
        await self.cluster.write_status(in_use(balanced, True, self.cluster.now()))

    async def names_that_renew_themselves(self, account: PrepaidAccount) -> set[str]:
        """Whom another balance may recover: a deposit wakes those that renew themselves in the bin."""
        found = await self.cluster.all(PrepaidInstance, account.metadata.namespace)
        return {one.metadata.name for one in found if one.spec.auto_renew and one.spec.account == account.metadata.name}

    async def visits(self, account: PrepaidAccount, names: Collection[str], panorama: Panorama | None) -> list[Visit]:
        """Everybody with business at this account, read after the account: now, unless the panorama shows all of them."""
        namespace = account.metadata.namespace
        if not names:
            return []
        if panorama is None or not all(panorama.shows(PrepaidInstance, namespace, name) for name in names):
            panorama = await seen_of(namespace, names, self.cluster, self.together)
        visits = await self.together(self.visit(account, Key(PrepaidInstance, namespace, name), panorama) for name in sorted(names))
        return [visit for visit in visits if visit is not None]

    async def visit(self, account: PrepaidAccount, key: Key, panorama: Panorama) -> Visit | None:
        """Who cannot be looked at delays nobody else: nothing is decided for that one now."""
        with self.patience_with(key.name):
            glance = Glance(self.cluster, panorama)
            instance = await glance.read(PrepaidInstance, key.namespace, key.name)
            if instance is None or not may_pay_from(account, instance):
                return None
            seen = await look(instance, glance)
            facts = cleared(replace(seen, seen=replace(seen.seen, account=account)))
            return Visit(Customer(facts.instance, to_be_paid(facts)), facts) if pays_from(account, facts.instance) else None
        return None

    @contextmanager
    def patience_with(self, name: str) -> Iterator[None]:
        try:
            yield
        except ClusterError as error:
            log.info("%s cannot be looked at and pays nothing now: %s", name, error)

    async def without_old_entries(self, account: PrepaidAccount, customers: Iterable[PrepaidInstance]) -> PrepaidAccount:
        """6, as far as it is known, or as far as all instances tell."""
        kept = without_ended(account, sequences_of(customers))
        return kept if len(kept.status.purchases) <= self.most_kept else await without_what_is_over(account, self.cluster)

    async def debit(self, key: Key, account: PrepaidAccount, written: PrepaidAccount) -> PrepaidAccount:
        """2, for all of them in one write, on the version that was read before their intents; also keeps the balance right.

        Who waits was told: that we hear of our own write is no reason to visit everybody again, unless there was no room for all.
        """
        balanced = with_charges(written, written.status.charged or Decimal(0), dict(written.status.purchases))
        if not is_news(account.status, balanced.status) and len(account.status.purchases) <= self.most_kept:
            return account
        after = await self.cluster.write_status(balanced)
        if len(after.status.purchases) < MOST_IN_FLIGHT:
            self.echoes[key] = after.metadata.resource_version
        return after


def is_news(old: AccountStatus, new: AccountStatus) -> bool:
    """Whether it is worth a write: purchases that have ended leave with the next one, unless many have gathered."""
    has_new = any(old.purchases.get(uid) != entry for uid, entry in new.purchases.items())
    has_charges = (old.charged, old.balance, old.idle, old.closed_idle) != (new.charged, new.balance, new.idle, new.closed_idle)
    return has_new or has_charges
