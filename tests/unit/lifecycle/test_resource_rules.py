"""What becomes of an elastic resource by itself: taken in, idle, freed of the dead, let go once it is settled (product.md P11)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from builders import HOUR, SECOND, START, Changes, account, resource, with_tariff
from prepaid.api.account import PrepaidAccount
from prepaid.api.elastic_resource import ElasticPhase, ElasticResourceStatus, Holder
from prepaid.lifecycle.idle_charges import with_idle_charges
from prepaid.lifecycle.idling import held_by, idle_from
from prepaid.lifecycle.resource_rules import (
    RULES,
    ResourceFacts,
    begin_idle,
    care_for,
    free,
    is_free_to_go,
    keep_account,
    let_go,
    mark,
)

WEB = Holder(name="web-1", uid="web-1-uid")
PAYER = with_tariff(account())
NOW = START + HOUR


def idle(metadata: Changes | None = None) -> ResourceFacts:
    """Idle since START on PAYER."""
    since_start = idle_from(resource(), PAYER, START)
    changed = since_start.model_copy(update={"metadata": since_start.metadata.model_copy(update=dict(metadata or {}))})
    return ResourceFacts(changed, NOW, PAYER, {PAYER.metadata.uid: PAYER})


def held(metadata: Changes | None = None) -> ResourceFacts:
    facts = idle(metadata)
    return replace(facts, resource=held_by(facts.resource, WEB, START))


def unseen(metadata: Changes) -> ResourceFacts:
    return replace(idle(), resource=resource(metadata=metadata).model_copy(update={"status": ElasticResourceStatus()}))


DELETED: Changes = {"deletion_timestamp": NOW}


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        pytest.param(unseen({"finalizers": ()}), mark, id="one that was just made is marked first"),
        pytest.param(unseen({}), begin_idle, id="then it is idle"),
        pytest.param(idle(), keep_account, id="an idle one is accounted for"),
        pytest.param(held(), keep_account, id="so is one that is held"),
        pytest.param(replace(held(), dead=frozenset({WEB.uid})), free, id="what an instance that is no more holds is freed"),
        pytest.param(replace(held(), dead=frozenset({"other"})), keep_account, id="but not what another one holds"),
        pytest.param(held(DELETED), keep_account, id="what is held cannot go"),
        pytest.param(idle(DELETED), keep_account, id="what is owed keeps it"),
        pytest.param(replace(idle(DELETED), is_namespace_going=True), let_go, id="in a namespace that is going it goes without a charge"),
        pytest.param(replace(idle(DELETED), accounts={}, payer=None), let_go, id="without an account as well"),
        pytest.param(unseen({"finalizers": (), **DELETED}), let_go, id="what was never taken in is not marked any more"),
    ],
)
def test_the_first_rule_that_applies(facts: ResourceFacts, rule: Callable[[ResourceFacts], object]) -> None:
    assert next(known.then for known in RULES if known.when(facts)) is rule


def charged(facts: ResourceFacts, payer: PrepaidAccount = PAYER) -> ResourceFacts:
    """After the cashier has looked."""
    after = with_idle_charges(payer, [facts.resource], facts.now)
    return replace(facts, payer=after, accounts={after.metadata.uid: after})


def test_a_deleted_resource_goes_once_its_last_unit_is_charged() -> None:
    closed = replace(idle(DELETED), resource=care_for(idle(DELETED)).resource)
    assert [span.until_time for span in closed.resource.status.idle_spans] == [NOW]
    assert not is_free_to_go(closed)
    assert is_free_to_go(charged(closed))
    assert care_for(charged(closed)).finalizers == ()


def test_what_the_dead_held_is_idle_from_now_on() -> None:
    freed = care_for(replace(held(), dead=frozenset({WEB.uid}))).resource.status
    assert (freed.phase, freed.attached_to, freed.idle_since_time) == (ElasticPhase.IDLE, (), NOW)
    assert freed.idle_spans[-1].since_time == NOW


def test_once_accounted_for_nothing_more_is_written() -> None:
    once = care_for(charged(idle())).resource
    assert care_for(replace(charged(idle()), resource=once)).resource == once


def test_the_condition_says_what_idling_costs() -> None:
    said = care_for(idle()).resource.status.conditions[0]
    assert (said.reason, said.message) == ("Idle", "Nobody holds it; each started hour costs 0.50 CNY until it is attached or deleted.")
    assert care_for(held()).resource.status.conditions[0].message == "Held by web-1."


def test_what_is_charged_is_told() -> None:
    later = replace(idle(), now=NOW + SECOND)
    assert str(care_for(charged(later)).resource.status.idle_charged) == "1.00"
