"""A recovery whose answer was lost: the item is gone by the next try, and what was bought is told all the same."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from builders import (
    DEAR,
    MIDTERM,
    SECOND_EXPIRATION,
    account,
    instance,
    instance_class,
    item,
    order,
    recycled,
    recycled_status,
    running_status,
)
from prepaid.api.order import OrderPhase, RenewalOrder, RenewalOrderStatus
from prepaid.api.resource import Resource
from prepaid.cli.recover import Recovery
from prepaid.cli.results import Outcome
from prepaid.cli.session import Session
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import Gone, Refused
from prepaid.cluster.transport import Answer, Request
from prepaid.lifecycle.ordering import recovery_of
from prepaid.lifecycle.quoting import quote

SEEN = recycled(sold=instance_class(price=DEAR), account=account("999.00"))
ORDER = recovery_of(SEEN).metadata.name
RECOVERED = instance(running_status(expiration_time=SECOND_EXPIRATION))
PAID = RenewalOrderStatus(phase=OrderPhase.SETTLED, amount=Decimal("120.00"), currency="CNY", settled_time=MIDTERM)


@dataclass
class Shelf:
    """A server that shows what is on it."""

    there: list[Resource] = field(default_factory=list)

    async def call(self, request: Request) -> Answer:
        name = request.path.split("/")[-1]
        plural = request.path.split("/")[-2]
        found = [one for one in self.there if (one.plural, one.metadata.name) == (plural, name)]
        if not found:
            raise Gone(f"{name} is not there")
        return Answer(found[0].to_manifest())

    def stream(self, request: Request) -> Any:  # noqa: ANN401
        raise AssertionError(request)


def recovery(*there: Resource) -> Recovery:
    return Recovery(Session(Cluster(Shelf(list(there)), Clock()), "team-a"), quote(SEEN, None))


async def test_what_is_recovered_already_needs_no_word() -> None:
    await recovery(RECOVERED).send()


@pytest.mark.parametrize("there", [(), (item(stay=2),)], ids=["no item", "the item of another stay"])
async def test_without_its_item_nothing_can_be_said(there: tuple[Resource, ...]) -> None:
    with pytest.raises(Refused, match="no bin item yet"):
        await recovery(instance(recycled_status()), *there).send()


@pytest.mark.parametrize(
    ("found", "outcome", "amount"),
    [
        pytest.param(order(ORDER, PAID), Outcome.DONE, "120.00", id="its order is settled"),
        pytest.param(None, Outcome.DONE, "0", id="another purchase was faster"),
        pytest.param(order(ORDER), None, "0", id="its order is not settled yet"),
    ],
)
async def test_what_it_cost_is_told_by_the_ledger(found: RenewalOrder | None, outcome: Outcome | None, amount: str) -> None:
    result = await recovery(RECOVERED, *([found] if found else [])).look()
    assert (result.outcome if result else None, str(result.amount) if result else "0") == (outcome, amount)
