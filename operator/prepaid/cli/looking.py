"""What a command knows of instances: the same facts that decide, as far as an owner can see them, in a few LISTs for all together."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from prepaid.api.account import PrepaidAccount
from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.instance import PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.order import UNENDED, RenewalOrder
from prepaid.api.resource import Resource
from prepaid.cli.session import Session
from prepaid.cluster.errors import Gone, Refused
from prepaid.lifecycle.facts import Facts, Seen
from prepaid.lifecycle.offer import Offer, offer_of
from prepaid.lifecycle.reasons import Problem, Reason

NO_ITEM = "it has no bin item yet; say it again in a moment"
ClassOrProblem = InstanceClass | Problem | None
R = TypeVar("R", bound=Resource)


async def look_at(instances: Sequence[PrepaidInstance], here: Session) -> list[Facts]:
    """The facts of each, in order. Raises ClusterError."""
    classes = {name: await read_class(name, here) for name in sorted({one.spec.instance_class for one in instances})}
    accounts = by_key(await here.cluster.all(PrepaidAccount, here.namespace))
    items = by_key(await here.cluster.all(RecycleBinItem, here.namespace))
    orders = await here.cluster.all(RenewalOrder, here.namespace, fields=UNENDED)
    now, agree = here.cluster.now(), here.cluster.clock.agree()

    def facts(one: PrepaidInstance) -> Facts:
        own = one.metadata
        offer = offer_from(classes[one.spec.instance_class], one)
        return Facts(
            one,
            Seen(
                terms_on_offer=offer.terms,
                class_version="",
                rendering=offer.rendering,
                workload=None,
                workload_is_ours=False,
                data=(),
                pods=0,
                item=items.get((own.namespace, own.name)),
                orders=tuple(order for order in orders if is_named(order, one)),
                account=accounts.get((own.namespace, one.spec.account)),
            ),
            now,
            agree,
        )

    return [facts(one) for one in instances]


async def read_class(name: str, here: Session) -> ClassOrProblem:
    """A class that may not be read costs its price, not the whole command."""
    try:
        return await here.cluster.read(InstanceClass, "", name)
    except Refused as error:
        return Problem(Reason.REFUSED_BY_SERVER, f"Its price is not known: {error}; ask an administrator for the right to read classes.")


async def newest(instance: PrepaidInstance, here: Session) -> PrepaidInstance:
    """The same one as it is now. Raises Gone where it is another one, or none."""
    own = instance.metadata
    found = await here.cluster.read(PrepaidInstance, own.namespace, own.name)
    if found is None or found.metadata.uid != own.uid:
        raise Gone(f"there is no PrepaidInstance {own.name} any more")
    return found


async def read_item(facts: Facts, here: Session) -> RecycleBinItem | None:
    """The item of this very stay, as it is now."""
    own = facts.instance.metadata
    item = await here.cluster.read(RecycleBinItem, own.namespace, own.name)
    is_own = item is not None and (item.spec.instance_ref.uid, item.spec.instance_ref.stay) == (own.uid, facts.status.stay)
    return item if is_own else None


def offer_from(sold: ClassOrProblem, instance: PrepaidInstance) -> Offer:
    return Offer(sold, sold) if isinstance(sold, Problem) else offer_of(sold, instance)


def is_named(order: RenewalOrder, instance: PrepaidInstance) -> bool:
    named = order.spec.instance_ref.name == instance.metadata.name
    return named and order.metadata.namespace == instance.metadata.namespace


def by_key(found: Iterable[R]) -> dict[tuple[str, str], R]:
    return {(one.metadata.namespace, one.metadata.name): one for one in found}
