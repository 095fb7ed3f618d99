"""How long a sight is good for: a commit makes it one from before, on which nothing is bought and nothing new is said."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from builders import EXPIRATION, START, account, instance_class, intent, item, live, order, recycled, running
from nobody import Nobody
from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.instance import Phase
from prepaid.api.intent import IntentState
from prepaid.api.order import OrderPhase, RenewalOrderStatus
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.panorama import Panorama
from prepaid.control.sight import Sight
from prepaid.lifecycle.actions import (
    Action,
    DeleteObject,
    DropItem,
    FileInBin,
    FileOrder,
    MarkInUse,
    PatchObject,
    WriteItemStatus,
    WriteOrderStatus,
)
from prepaid.lifecycle.conditions import status_to_report
from prepaid.lifecycle.decision import Decision
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.rules import decide

MACHINE = live("StatefulSet", "web-1", "machine", "apps/v1")


def a_sight() -> Sight:
    return Sight(Cluster(Nobody(), Clock(lambda: START, lambda: 0.0)))


def at_rest() -> tuple[Decision, Facts]:
    """In the bin, filed and told: the status says already what is decided."""
    facts = recycled(item=item())
    status = status_to_report(decide(facts), facts)
    told = replace(facts, instance=facts.instance.model_copy(update={"status": status}))
    decision = decide(told)
    assert decision.phase is Phase.RECYCLED
    return replace(decision, actions=()), told


AT_REST, TOLD = at_rest()


@pytest.mark.parametrize(
    ("decision", "is_good"),
    [
        pytest.param(AT_REST, True, id="nothing is to be done, nothing to be said"),
        pytest.param(replace(AT_REST, message="Another sentence."), False, id="something else is to be said"),
        pytest.param(replace(AT_REST, actions=(FileInBin(item()),)), True, id="it is filed"),
        pytest.param(replace(AT_REST, actions=(PatchObject(MACHINE, {}),)), True, id="its workload is stopped"),
        pytest.param(replace(AT_REST, actions=(WriteOrderStatus(order()),), is_silent=True), True, id="the ledger is told"),
        pytest.param(replace(AT_REST, is_silent=True), False, id="somebody else goes on"),
        pytest.param(replace(AT_REST, actions=(FileOrder(order()),)), False, id="a purchase is asked for"),
        pytest.param(replace(AT_REST, asks_cashier="default"), False, id="a purchase is to be paid"),
        pytest.param(replace(AT_REST, commits=True), False, id="another step is taken"),
        pytest.param(replace(AT_REST, actions=(WriteItemStatus(item()),)), False, id="the door is locked"),
        pytest.param(replace(AT_REST, actions=(DropItem(item()),)), False, id="an item is dropped"),
        pytest.param(replace(AT_REST, actions=(DeleteObject(MACHINE),)), False, id="something is deleted"),
        pytest.param(replace(AT_REST, actions=(FileInBin(item()), DropItem(item()))), False, id="an item is filed, and another dropped"),
    ],
)
def test_a_sight_from_before_is_good_for(decision: Decision, is_good: bool) -> None:
    sight = a_sight()
    before = sight.is_good_for(decision, TOLD)
    sight.commit(TOLD, TOLD.instance)
    assert (before, sight.is_good_for(decision, TOLD)) == (True, is_good)


NOT_FILED = replace(TOLD, seen=replace(TOLD.seen, item=None))


def a_sight_of_an_item(changes: Mapping[str, object] = MappingProxyType({})) -> Sight:
    """And of nothing else: whoever looks for more asks somebody who must not be asked."""
    cluster = Cluster(Nobody(), Clock(lambda: START, lambda: 0.0))
    panorama = Panorama(cluster)
    panorama.put_one(RecycleBinItem, {**item().to_manifest(), **changes})
    return Sight(cluster, panorama)


async def test_after_a_filing_only_the_item_is_looked_at() -> None:
    sight = a_sight_of_an_item()
    sight.act((FileInBin(item()),), NOT_FILED)
    assert await sight.look(NOT_FILED.instance) == replace(NOT_FILED, seen=replace(NOT_FILED.seen, item=item()))


async def test_an_item_that_cannot_be_read_is_told_of_by_a_whole_look() -> None:
    sight = a_sight_of_an_item({"spec": {}})
    sight.act((FileInBin(item()),), NOT_FILED)
    with pytest.raises(AssertionError, match="instanceclasses"):
        await sight.look(NOT_FILED.instance)


async def test_whether_the_clocks_agree_is_asked_again() -> None:
    sight = a_sight_of_an_item()
    sight.act((FileInBin(item()),), NOT_FILED)
    sight.cluster.clock.observe("Tue, 01 Jan 2036 00:00:00 GMT")
    assert not (await sight.look(NOT_FILED.instance)).clocks_agree


@pytest.mark.parametrize(
    "actions",
    [
        pytest.param((FileInBin(item()), PatchObject(MACHINE, {})), id="its workload was stopped as well"),
        pytest.param((MarkInUse(instance_class()),), id="something else was done"),
    ],
)
async def test_after_more_than_that_all_is_looked_at(actions: tuple[Action, ...]) -> None:
    sight = a_sight_of_an_item()
    sight.act(actions, NOT_FILED)
    with pytest.raises(AssertionError, match="instanceclasses"):
        await sight.look(NOT_FILED.instance)


@pytest.mark.parametrize("then", [Sight.renew, lambda sight: sight.commit(TOLD, TOLD.instance)], ids=["made anew", "after a commit"])
async def test_what_was_seen_before_a_filing_is_not_good_any_more_once_it_is(then: Callable[[Sight], None]) -> None:
    sight = a_sight_of_an_item()
    sight.act((FileInBin(item()),), NOT_FILED)
    then(sight)
    with pytest.raises(AssertionError, match="instanceclasses"):
        await sight.look(NOT_FILED.instance)


@pytest.mark.parametrize(
    ("action", "is_kept", "is_kept_after_a_commit"),
    [
        pytest.param(MarkInUse(instance_class()), True, True, id="what prepares"),
        pytest.param(FileInBin(item()), True, True, id="what prepares, and follows"),
        pytest.param(PatchObject(MACHINE, {}), False, True, id="what follows"),
    ],
)
def test_it_is_kept_after(action: Action, is_kept: bool, is_kept_after_a_commit: bool) -> None:
    fresh, from_before = a_sight(), a_sight()
    from_before.commit(TOLD, TOLD.instance)
    glances = fresh.glance, from_before.glance
    for sight in (fresh, from_before):
        sight.act((action,), TOLD)
    assert (fresh.glance is glances[0], from_before.glance is glances[1]) == (is_kept, is_kept_after_a_commit)


def test_a_sight_that_is_made_anew_is_good_for_everything() -> None:
    sight = a_sight()
    sight.commit(TOLD, TOLD.instance)
    sight.renew()
    assert sight.is_good_for(replace(AT_REST, commits=True), TOLD)


def changed(metadata: Mapping[str, str]) -> PatchObject:
    return PatchObject(replace(MACHINE, metadata=MACHINE.metadata.model_copy(update=metadata)), {})


@pytest.mark.parametrize(
    ("action", "is_written", "is_vouched_for"),
    [
        pytest.param(changed({}), True, True, id="the workload that was seen before"),
        pytest.param(changed({}), False, False, id="nothing was written: somebody may have come between"),
        pytest.param(changed({"resource_version": "77"}), True, False, id="it has changed since"),
        pytest.param(changed({"uid": "machine-2"}), True, False, id="another one of the same version"),
        pytest.param(DeleteObject(MACHINE), True, False, id="it is to be deleted"),
    ],
)
def test_a_commit_vouches_for(action: Action, is_written: bool, is_vouched_for: bool) -> None:
    sight = a_sight()
    facts = recycled(workload=MACHINE)
    newer = facts.instance.metadata.model_copy(update={"resource_version": "1001"})
    sight.commit(facts, facts.instance.model_copy(update={"metadata": newer}) if is_written else facts.instance)
    before = sight.vouches_for(action)
    sight.renew()
    assert (before, sight.vouches_for(action)) == (is_vouched_for, False)


def granted() -> Facts:
    """A renewal was granted, and its order is settled: nothing is left to be said but that it is over."""
    paid = order(status=RenewalOrderStatus(phase=OrderPhase.SETTLED))
    facts = running(status={"intent": intent(state=IntentState.GRANTED)}, intent_order=paid, orders=(), account=account())
    status = status_to_report(decide(facts), facts)
    kept = status.model_copy(update={"intent": facts.status.intent, "sequence": facts.status.sequence})
    return replace(facts, instance=facts.instance.model_copy(update={"status": kept}))


@pytest.mark.parametrize(
    ("facts", "is_good"),
    [
        pytest.param(granted(), True, id="its purchase is over: that is said, and nothing else"),
        pytest.param(replace(granted(), now=EXPIRATION), False, id="its purchase is over, and so is its term"),
    ],
)
def test_that_a_purchase_is_over_is_said_on_a_sight_from_before(facts: Facts, is_good: bool) -> None:
    sight = a_sight()
    sight.commit(TOLD, TOLD.instance)
    decision = decide(facts)
    assert (sight.is_good_for(decision, facts), decision.status.intent) == (is_good, None)
