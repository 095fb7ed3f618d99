"""What a recovery says on its item, and what it takes for an answer: also after a refusal, and after an answer that was lost."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import pytest

from builders import (
    DEAR,
    MIDTERM,
    NONE,
    SECOND_EXPIRATION,
    Changes,
    account,
    instance,
    instance_class,
    item,
    order,
    recycled,
    recycled_status,
    running_status,
)
from prepaid.api.bin_item import BinItemPhase, Disposition, RecycleBinItem
from prepaid.api.order import OrderPhase, RenewalOrder, RenewalOrderStatus
from prepaid.api.resource import Condition, Resource
from prepaid.cli.recover import Recovery
from prepaid.cli.results import Outcome
from prepaid.cli.session import Session
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import Gone, Refused
from prepaid.cluster.transport import Answer, Request
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.objects import Manifest
from prepaid.lifecycle.ordering import recovery_of
from prepaid.lifecycle.quoting import quote
from prepaid.lifecycle.template import merge_patch

SEEN = recycled(sold=instance_class(price=DEAR), account=account("999.00"))
ORDER = recovery_of(SEEN).metadata.name
RECYCLED = instance(recycled_status())
RECOVERED = instance(running_status(expiration_time=SECOND_EXPIRATION))
PAID = RenewalOrderStatus(phase=OrderPhase.SETTLED, amount=Decimal("120.00"), currency="CNY", settled_time=MIDTERM)


@dataclass
class Shelf:
    """A server that shows what is on it; a patch of a spec that changes anything makes a new generation."""

    there: list[Resource] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    async def call(self, request: Request) -> Answer:
        name = request.path.split("/")[-1]
        plural = request.path.split("/")[-2]
        found = [one for one in self.there if (one.plural, one.metadata.name) == (plural, name)]
        if not found:
            raise Gone(f"{name} is not there")
        if request.method == "PATCH":
            self.there[self.there.index(found[0])] = found[0] = self.patched(found[0], request.body or {})
        return Answer(found[0].to_manifest())

    def patched(self, resource: Resource, changes: Manifest) -> Resource:
        self.said.append(changes["spec"]["disposition"])
        after = type(resource).parse(merge_patch(resource.to_manifest(), {"spec": changes["spec"]}))
        own = resource.metadata
        is_new = after.to_manifest() != resource.to_manifest()
        return after.model_copy(update={"metadata": own.model_copy(update={"generation": own.generation + is_new})})

    def stream(self, request: Request) -> Any:  # noqa: ANN401
        raise AssertionError(request)


def recovery(*there: Resource, seen: Facts = SEEN) -> Recovery:
    return at(Shelf(list(there)), seen)


def at(shelf: Shelf, seen: Facts = SEEN) -> Recovery:
    return Recovery(Session(Cluster(shelf, Clock()), "team-a"), quote(seen, None))


def asked(status: Changes) -> RecycleBinItem:
    """The item with the very words on it that the recovery says."""
    words = {"disposition": Disposition.RECOVER, "periods": 1, "max_amount": Decimal("120.00")}
    return item(words, status, {"generation": 3})


def told(reason: str, phase: BinItemPhase, observed: int) -> Changes:
    """What the operator said to those words of generation 3."""
    condition = Condition(
        type="Recovered", status="False", reason=reason, message="why", observed_generation=3, last_transition_time=MIDTERM
    )
    return {"phase": phase, "observed_generation": observed, "conditions": (condition,)}


TURNED_DOWN: Final = told("MaxAmount", BinItemPhase.RECYCLED, 3)
LACKS_MONEY: Final = told("InsufficientFunds", BinItemPhase.RECOVERING, 2)


@pytest.mark.parametrize(
    ("status", "said", "generation"),
    [
        pytest.param(TURNED_DOWN, ["Retain", "Recover"], 5, id="what was turned down is said anew"),
        pytest.param(LACKS_MONEY, ["Recover"], 3, id="what waits is not"),
        pytest.param(NONE, ["Recover"], 3, id="nor what nobody has answered yet"),
    ],
)
async def test_the_word_on_an_item_that_has_it_already(status: Changes, said: list[str], generation: int) -> None:
    shelf = Shelf([RECYCLED, asked(status)])
    spoken = at(shelf)
    await spoken.send()
    assert (shelf.said, spoken.generation) == (said, generation)


@pytest.mark.parametrize(
    ("status", "money", "outcome"),
    [
        pytest.param(TURNED_DOWN, "999.00", None, id="a refusal"),
        pytest.param(LACKS_MONEY, "999.00", None, id="too little money, and there is enough by now"),
        pytest.param(LACKS_MONEY, "0", Outcome.WAITING, id="too little money, and there still is"),
    ],
)
async def test_an_answer_from_before_is_none(status: Changes, money: str, outcome: Outcome | None) -> None:
    seen = recycled(sold=instance_class(price=DEAR), account=account(money))
    spoken = recovery(RECYCLED, asked(status), seen=seen)
    await spoken.send()
    result = await spoken.look()
    assert (result.outcome if result else None) is outcome


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
