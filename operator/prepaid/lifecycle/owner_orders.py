"""Orders that a command makes for an owner. Their names are derived from what was asked and from the instance's state.

So a command that is repeated after a lost connection finds the order that it made before, instead of buying a second time: under the
same name while the purchase has not ended, and by its age for a while afterwards.
"""

import hashlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from whenever import Instant, TimeDelta

from prepaid.api.order import OrderInstanceRef, OrderPhase, OrderSource, RenewalOrder, RenewalOrderSpec
from prepaid.api.resource import ObjectMeta
from prepaid.lifecycle.facts import Facts

MARK: Final = "renew"
REPEAT_MINUTES: Final = 10
REPEAT: Final = TimeDelta(minutes=REPEAT_MINUTES)
"""For so long the same words are taken for the same purchase, unless their owner says otherwise."""


def owner_order(facts: Facts, periods: int, max_amount: Decimal | None) -> RenewalOrder:
    """So many periods for exactly this instance, paying no more than that."""
    own = facts.instance.metadata
    return RenewalOrder(
        metadata=ObjectMeta(name=order_name(facts, periods), namespace=own.namespace),
        spec=RenewalOrderSpec(instance_ref=OrderInstanceRef(name=own.name, uid=own.uid), periods=periods, max_amount=max_amount),
    )


def order_name(facts: Facts, periods: int) -> str:
    """`web-1-renew-` and ten digits that tell the instance, which purchase of it this is, and the number of periods.

    The sequence grows only once the order is settled: until then a repeat makes the same name, after that it finds a settled order.
    """
    own = facts.instance.metadata
    said = f"{own.uid}/{facts.status.sequence}/{periods}"
    return f"{own.name}-{MARK}-{hashlib.sha256(said.encode()).hexdigest()[:10]}"


def asks_for_the_same(found: RenewalOrder, wanted: RenewalOrder) -> bool:
    """Whether the order of this name is the one that was wanted; the price may have changed since."""
    mine, theirs = wanted.spec, found.spec
    return (theirs.instance_ref, theirs.periods, theirs.source) == (mine.instance_ref, mine.periods, mine.source)


def bought_before(facts: Facts, history: Iterable[RenewalOrder], periods: int | None) -> RenewalOrder | None:
    """The purchase that the same words have made a short while ago, if any: by a command, or by a Recover on the bin item."""
    return next((order for order in history if is_repeat_of(order, facts, periods)), None)


def is_repeat_of(order: RenewalOrder, facts: Facts, periods: int | None) -> bool:
    uid, settled = facts.instance.metadata.uid, order.status.settled_time
    is_said_here = order.spec.source is OrderSource.RECOVER or order.metadata.name.startswith(f"{facts.instance.metadata.name}-{MARK}-")
    return (
        is_said_here
        and order.status.phase is OrderPhase.SETTLED
        and order.spec.instance_ref.uid == uid
        and order.spec.periods == (periods or order.spec.periods)
        and is_recent(settled, facts.now)
    )


def is_recent(moment: Instant | None, now: Instant) -> bool:
    return moment is not None and now - moment < REPEAT
