"""The cluster as it was at a number, as far as a purchase depends on it: could something that was asked for have been paid then?"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from prepaid.api.account import PrepaidAccount
from prepaid.api.bin_item import Disposition, RecycleBinItem
from prepaid.api.instance import PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.intent import IntentState
from prepaid.api.marks import ENDED
from prepaid.api.order import OrderSource, RenewalOrder
from prepaid.api.resource import API_VERSION, Resource
from prepaid.api.terms import Terms
from prepaid.lifecycle.offer import terms_on_offer
from prepaid.lifecycle.reasons import Problem
from simulation.served import Body, by_kind
from simulation.store import Store


@dataclass(frozen=True)
class Want:
    """Periods that were asked for, and the most that they may cost."""

    periods: int
    most: Decimal | None = None


@dataclass(frozen=True)
class Sight:
    """One instance and its surroundings at one number."""

    store: Store
    number: int
    uid: str

    def bodies(self, kind: type[Resource]) -> list[Body]:
        return self.store.all(by_kind()[API_VERSION, kind.kind], "", self.number)

    @property
    def instances(self) -> list[PrepaidInstance]:
        return [PrepaidInstance.parse(body) for body in self.bodies(PrepaidInstance)]

    @property
    def instance(self) -> PrepaidInstance | None:
        return next((instance for instance in self.instances if instance.metadata.uid == self.uid), None)

    def terms(self, instance: PrepaidInstance) -> Terms | None:
        """Those of the class, None while it cannot be read."""
        found = [InstanceClass.parse(body) for body in self.bodies(InstanceClass)]
        terms = [terms_on_offer(one) for one in found if one.metadata.name == instance.spec.instance_class]
        return terms[0] if terms and not isinstance(terms[0], Problem) else None

    def wants(self, instance: PrepaidInstance) -> Iterator[Want]:
        """Orders of the owner, a raised total, else the word on the bin item that is not answered yet."""
        for order in (RenewalOrder.parse(body) for body in self.bodies(RenewalOrder)):
            if is_waiting_for(order, instance):
                yield Want(order.spec.periods, order.spec.max_amount)
        if (more := instance.spec.purchased_periods - instance.status.requested_periods) > 0:
            yield Want(more)
        elif instance.status.recycle_time:
            yield from self.words(instance)

    def words(self, instance: PrepaidInstance) -> Iterator[Want]:
        for item in (RecycleBinItem.parse(body) for body in self.bodies(RecycleBinItem)):
            ref, spec = item.spec.instance_ref, item.spec
            is_own = (ref.uid, ref.stay) == (self.uid, instance.status.stay)
            is_unanswered = item.metadata.generation > item.status.observed_generation
            if is_own and is_unanswered and spec.disposition is Disposition.RECOVER:
                yield Want(spec.periods, spec.max_amount)

    def left(self, instance: PrepaidInstance, terms: Terms) -> Decimal:
        """What its account can spend on it: less what others have begun to buy and not paid yet; nothing in another currency."""
        found = [PrepaidAccount.parse(body) for body in self.bodies(PrepaidAccount)]
        account = next((one for one in found if one.metadata.name == instance.spec.account), None)
        if account is None or account.status.charged is None or account.spec.currency != terms.currency:
            return Decimal(-1)
        begun = [one.status.intent for one in self.instances if one.status.intent and one.status.intent.state is IntentState.OPEN]
        reserved = sum((intent.amount for intent in begun if intent.account and intent.account.uid == account.metadata.uid), Decimal(0))
        return account.spec.deposited - account.status.charged - reserved


def is_waiting_for(order: RenewalOrder, instance: PrepaidInstance) -> bool:
    ref = order.spec.instance_ref
    is_its = ref.name == instance.metadata.name and ref.uid in ("", instance.metadata.uid)
    is_open = order.status.phase is None and ENDED not in order.metadata.annotations and order.metadata.deletion_timestamp is None
    return is_its and is_open and order.spec.source is OrderSource.OWNER


def can_be_paid(want: Want, terms: Terms, left: Decimal) -> bool:
    amount = terms.price * want.periods
    if want.most is not None and amount > want.most:
        return False
    return not amount or amount <= left
