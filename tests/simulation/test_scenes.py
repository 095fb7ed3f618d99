"""Scenes that once went wrong: the operator that we have breaks no rule in them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from prepaid.api.account import PrepaidAccount
from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.instance import Phase, PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.marks import INSTANCE_UID
from prepaid.api.order import UNENDED, OrderPhase, RenewalOrder
from prepaid.cluster.client import Key
from prepaid.cluster.errors import Unavailable
from prepaid.control.business import readable
from prepaid.control.memory import face
from simulation.faults import NO_FAULTS, Faults
from simulation.history import History
from simulation.operators import RETRY
from simulation.scenes import ACCOUNT, CALM, INSTANCE, SCENES, TERM_SECONDS, Stage, play
from simulation.served import CLAIM, STATEFUL_SET


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__.replace("_", " "))
def test_no_scene_breaks_a_rule(scene: Callable[[Stage], None]) -> None:
    assert play(scene).watchdog.seen > 0


def test_an_account_that_comes_after_its_instance_is_served_without_a_sweep() -> None:
    """Nothing depends on its class yet: the instance must be woken to mark it before the cashier may sell."""
    history = History(0, profile=CALM | {"price": "5", "is_open_early": False})
    stage = Stage(history)
    stage.ask()
    stage.other_works_until(lambda: bool(stage.one(PrepaidInstance).get("status", {}).get("conditions")) and stage.other.is_idle())
    stage.people.create(PrepaidAccount, "default", {"currency": "CNY", "deposited": "7"})
    stage.other_works_until(stage.is_at_rest_in(Phase.RUNNING))
    history.end()


def test_the_word_on_an_item_is_heard_in_a_crowd_though_its_labels_were_taken_off() -> None:
    stage = Stage(History(0, profile=CALM | {"names": ("web-1", "web-2")}))
    for name in ("web-1", "web-2"):
        stage.ask(name)
    stage.other_works_until(lambda: all(one.get("status", {}).get("phase") == Phase.RUNNING for one in stage.people.all(PrepaidInstance)))
    stage.pass_time(TERM_SECONDS)
    stage.other_works_until(lambda: len(stage.people.all(RecycleBinItem)) == 2 and stage.other.is_idle())
    item = stage.named(RecycleBinItem, "web-1")
    stage.people.patch(item, {"metadata": {"labels": None}, "spec": {"disposition": "Recover", "periods": 1}})
    stage.other_ends(stage.other_begins_together(INSTANCE, Key(PrepaidInstance, "team-a", "web-2")))
    assert {order["spec"]["source"] for order in stage.people.all(RenewalOrder)} == {"Initial", "Recover"}
    stage.history.end()


def priced(price: str, deposited: str) -> Stage:
    """A class that is not free, and an account."""
    stage = Stage(History(0, profile=CALM | {"price": price, "accounts": ("default",), "is_open_early": False}))
    stage.people.create(PrepaidAccount, "default", {"currency": "CNY", "deposited": deposited})
    return stage


def a_purchase_whose_order_is_deleted_in_flight(deposited: str) -> Stage:
    stage = priced("5", deposited)
    stage.ask()
    stage.other_works_until(stage.has_open_intent)
    stage.people.delete(stage.one(RenewalOrder))
    stage.other_works_until(stage.is_at_rest_in(Phase.RUNNING))
    return stage


def test_a_purchase_is_not_forgotten_with_an_order_that_was_deleted_in_flight() -> None:
    """Its order and its instance are no more when the account, which holds more than a few entries, asks what has become of them."""
    stage = a_purchase_whose_order_is_deleted_in_flight("20")
    stage.end_in_the_bin()
    stage.other_works_until(lambda: not stage.people.all(RenewalOrder))
    stage.ask()
    stage.other_works_until(stage.is_at_rest_in(Phase.RUNNING))
    assert stage.charged() == "10"
    stage.history.end()


def test_an_order_that_was_deleted_in_flight_goes_with_the_end_of_its_instance() -> None:
    """Not with its tombstone, which stays, or makes way for a namesake."""
    stage = a_purchase_whose_order_is_deleted_in_flight("5")
    stage.terminate_in_the_bin()
    stage.other_works_until(lambda: not stage.people.all(RenewalOrder))
    stage.history.end()


def test_an_order_that_vanishes_leaves_a_deposit_to_the_cashier() -> None:
    """Who writes an account with another balance wakes those that wait for money."""
    stage = a_purchase_whose_order_is_deleted_in_flight("5")
    key = Key(RenewalOrder, "team-a", stage.one(RenewalOrder)["metadata"]["name"])
    stage.pass_time(TERM_SECONDS)
    stage.other_works_until(stage.is_at_rest_in(Phase.RECYCLED))
    stage.change(RecycleBinItem, {"disposition": "Terminate", "confirm": "web-1"})
    stage.other_works_until(lambda: stage.one(PrepaidInstance)["status"]["phase"] == Phase.TERMINATED)
    stage.sleep_at("GET", "prepaidaccounts", stage.sleeper.look_at(key, stage.sleeper.queue))
    stage.change(PrepaidAccount, {"deposited": "30"})
    stage.wake()
    assert stage.one(PrepaidAccount)["status"]["balance"] == "0"
    stage.other_works_until(stage.other.is_idle)
    stage.pass_time(RETRY.total("seconds"))
    stage.other_works_until(lambda: not stage.people.all(RenewalOrder))
    assert stage.one(PrepaidAccount)["status"]["balance"] == "25"
    stage.history.end()


def test_who_waits_for_money_is_woken_by_a_refund() -> None:
    """An instance was taken away by force between its debit and its grant. That is found out when somebody else buys."""
    stage = priced("4", deposited="12")
    stage.buy()
    stage.order({"periods": 3, "maxAmount": ""})
    stage.other_works_until(stage.other.is_idle)
    stage.ask("lost", periods=2)
    stage.other_works_until(lambda: stage.charged() == "12")
    stage.take_away("lost")
    stage.change(PrepaidAccount, {"deposited": "20"})
    stage.ask("other")
    stage.other_works_until(stage.other.is_idle)
    assert (stage.charged(), stage.is_settled()) == ("20", True)
    stage.history.end()


def test_who_can_be_served_is_woken_although_another_cannot_be_told() -> None:
    """After a deposit: the cashier's word to an order that still does not fit is lost, and on the next look the balance is no news."""
    stage = priced("4", deposited="4")
    stage.buy()
    stage.order({"periods": 9, "maxAmount": ""})
    stage.ask("second")
    stage.other_works_until(lambda: len([one for one in stage.people.all(RenewalOrder) if "conditions" in one.get("status", {})]) == 2)
    stage.other_works_until(stage.other.is_idle)
    stage.change(PrepaidAccount, {"deposited": "8"})
    stage.other_works_until(stage.other_asks("PUT", "renewalorders/order-1/status"))
    stage.other.client.faults = Faults(Random(0), loss=1.0)
    stage.other_works_until(lambda: not stage.other_asks("PUT", "renewalorders/order-1/status")())
    stage.other.client.faults = NO_FAULTS
    stage.other_works_until(stage.other.is_idle)
    assert stage.charged() == "8"
    phases = {body["metadata"]["name"]: body["status"]["phase"] for body in stage.people.all(PrepaidInstance)}
    assert phases == {"web-1": Phase.RUNNING, "second": Phase.RUNNING}
    stage.history.end()


def test_a_deposit_asks_nobody_who_pays_from_another_account() -> None:
    """Until its owner changes to this one."""
    stage = priced("4", deposited="0")
    stage.people.create(PrepaidAccount, "other", {"currency": "CNY", "deposited": "0"})
    other = stage.named(PrepaidAccount, "other")
    stage.ask()
    stage.other_works_until(stage.other.is_idle)
    stage.people.change(other, {"deposited": "8"})
    stage.other_works_until(stage.other_asks("GET", "renewalorders"))
    asked = stage.other_works_on("GET", "prepaidinstances/web-1")
    stage.change(PrepaidInstance, {"account": "other"})
    stage.other_works_until(stage.is_at_rest_in(Phase.RUNNING))
    assert asked == 0
    stage.history.end()


def test_a_deposit_finds_who_has_just_changed_to_its_account() -> None:
    """Two are looked at together: the account is read for both, and short, before the deposit; the second look begins after it."""
    stage = priced("4", deposited="0")
    stage.people.create(PrepaidAccount, "other", {"currency": "CNY", "deposited": "4"})
    stage.ask("third")
    stage.people.change(stage.named(PrepaidInstance, "third"), {"account": "other"})
    stage.other_works_until(stage.other.is_idle)
    stage.ask()
    stage.ask("second")
    stage.other_works_until(lambda: len([one for one in stage.people.all(RenewalOrder) if "conditions" in one.get("status", {})]) == 2)
    stage.other_works_until(stage.other.is_idle)
    keys = [replace(INSTANCE, name="second"), INSTANCE]
    for key in keys:
        stage.people.change(stage.named(PrepaidInstance, key.name), {"account": "other"})
    stage.other_has_heard()
    together = stage.other.look_together(keys)
    stage.other.looks.append(together)
    stage.other_looks_at(together, stage.other_asks("PUT", "prepaidinstances/second/status"))
    stage.people.change(stage.named(PrepaidAccount, "other"), {"deposited": "12"})
    stage.other_has_heard()
    cashier = stage.other.look_at(replace(ACCOUNT, name="other"), stage.other.queue)
    stage.other.looks.append(cashier)
    stage.other_looks_at(cashier, lambda: cashier not in stage.other.looks)
    stage.other_works_until(stage.other.is_idle)
    assert stage.named(PrepaidAccount, "other")["status"]["charged"] == "12"
    stage.history.end()


def test_accounts_that_are_looked_at_together_read_once_who_waits_and_what_there_is() -> None:
    """The orders twice: who waits, and what waits for them once they have been read."""
    stage = priced("4", deposited="0")
    stage.people.create(PrepaidAccount, "other", {"currency": "CNY", "deposited": "0"})
    stage.ask()
    stage.ask("second")
    stage.people.change(stage.named(PrepaidInstance, "second"), {"account": "other"})
    stage.other_works_until(stage.other.is_idle)
    accounts = [ACCOUNT, replace(ACCOUNT, name="other")]
    for account in accounts:
        stage.people.change(stage.named(PrepaidAccount, account.name), {"deposited": "4"})
    stage.other_has_heard()
    look, lists = stage.other.look_together(accounts), Counter[tuple[str, str]]()
    stage.other.looks.append(look)

    def is_over() -> bool:
        if (asked := stage.other.client.asked) and asked.method == "GET":
            lists[asked.path.rpartition("/")[2], asked.query.get("fieldSelector", "")] += 1
        return look not in stage.other.looks

    stage.other_looks_at(look, is_over)
    assert (lists["renewalorders", UNENDED], lists["elasticresources", ""], lists["prepaidaccounts", ""]) == (2, 1, 1)
    stage.other_works_until(stage.other.is_idle)
    stage.pass_time(RETRY.total("seconds"))
    stage.other_works_until(lambda: all(stage.named(PrepaidAccount, one.name)["status"]["charged"] == "4" for one in accounts))
    stage.history.end()


def test_who_asks_while_accounts_are_looked_at_together_is_looked_at_again() -> None:
    """An order is settled after the common survey and before its account's turn: the next one waits no longer than that."""
    stage = priced("4", deposited="100")
    stage.buy()
    stage.ask("second")
    stage.other_works_until(lambda: stage.charged() == "8" and stage.other.is_idle())
    for name in ("order-1", "order-2"):
        stage.people.create(RenewalOrder, name, {"instanceRef": {"name": "web-1", "uid": ""}, "source": "Owner", "periods": 1})
    stage.other_works_until(stage.other_asks("PUT", "renewalorders/order-1/status"))
    (settling,) = [look for look in stage.other.looks if look.key == INSTANCE]
    for look in [look for look in stage.other.looks if look is not settling]:
        stage.other_ends(look)
    while ACCOUNT in stage.other.queue._waiting:
        stage.other_ends(stage.other_begins(ACCOUNT))
    stage.people.create(RenewalOrder, "order-3", {"instanceRef": {"name": "second", "uid": ""}, "source": "Owner", "periods": 1})
    stage.other_ends(stage.other_begins(replace(INSTANCE, name="second")))
    together = stage.other_begins_together(ACCOUNT)
    stage.other_looks_at(together, stage.other_asks("GET", "prepaidaccounts$"))
    stage.other_ends(settling)
    stage.other_ends(together)
    stage.other_works_until(stage.other.is_idle)
    assert stage.named(RenewalOrder, "order-2").get("status", {}).get("phase") == OrderPhase.SETTLED
    stage.history.end()


async def test_who_has_asked_still_asks_where_accounts_cannot_be_looked_at_together() -> None:
    stage = priced("4", deposited="0")
    stage.other.desk.ask(INSTANCE, ACCOUNT.name)
    stage.other.client.faults = Faults(Random(0), loss=1.0)
    with pytest.raises(Unavailable):
        await stage.other.gathers[PrepaidAccount]([ACCOUNT])
    assert stage.other.desk.take(ACCOUNT) == {INSTANCE.name}
    stage.history.end()


async def test_a_look_at_an_account_that_fails_leaves_no_echo_and_so_asks_everybody_the_next_time() -> None:
    stage = priced("4", deposited="0")
    stage.other.accounts.echoes[ACCOUNT] = "7"
    stage.other.client.faults = Faults(Random(0), loss=1.0)
    with pytest.raises(Unavailable):
        await stage.other.accounts.reconcile(ACCOUNT)
    assert ACCOUNT not in stage.other.accounts.echoes
    stage.history.end()


async def test_an_account_that_cannot_be_read_keeps_no_other_from_looking_together() -> None:
    stage = priced("4", deposited="0")
    stage.other.client.faults = Faults(Random(0), loss=1.0)
    assert await readable(ACCOUNT, stage.other.cluster) is None
    stage.history.end()


def test_where_an_instance_paid_is_forgotten_with_it() -> None:
    stage = priced("4", deposited="4")
    stage.buy()
    known = stage.other.desk.payers(INSTANCE)
    stage.end_in_the_bin()
    stage.other_works_until(stage.other.is_idle)
    assert (known, stage.other.desk.payers(INSTANCE)) == (("default",), None)
    stage.history.end()


def test_a_look_remembers_whether_the_instance_is_in_the_bin_and_what_was_made_for_one_that_is() -> None:
    stage = Stage(History(0, profile=CALM))
    stage.buy()
    remembered = [stage.other.memory.last(INSTANCE)]
    stage.pass_time(2 * TERM_SECONDS)
    stage.other_works_until(stage.is_at_rest_in(Phase.RECYCLED))
    stage.other_works_until(stage.other.is_idle)
    remembered.append(stage.other.memory.last(INSTANCE))
    made = [body for kind in (STATEFUL_SET, CLAIM) for body in stage.history.server.store.all(kind)]
    faces = {face(body["kind"], body["metadata"]) for body in made if INSTANCE_UID in body["metadata"].get("labels", {})}
    assert len(faces) == 2
    assert [(look.is_in_bin, look.faces) for look in remembered if look] == [(False, frozenset()), (True, faces)]
    stage.history.end()


def test_what_was_seen_before_a_recovery_files_no_item() -> None:
    """A walk of the sleeper has seen it in the bin; he hears nothing, and is woken in a crowd. There is no workload to stop."""
    stage = Stage(History(0, profile=CALM))
    stage.change(InstanceClass, {"workload": None})
    stage.buy()
    others = [replace(INSTANCE, name=name) for name in ("second", "third")]
    for key in others:
        stage.ask(key.name)
    stage.pass_time(2 * TERM_SECONDS)
    stage.other_works_until(lambda: len(stage.people.all(RecycleBinItem)) == 1 and stage.other.is_idle())
    stage.sleeper.queue.add(INSTANCE)
    stage.begin_look(stage.sleeper.look_together(others))
    stage.wake()
    stage.people.change(stage.named(RecycleBinItem, "web-1"), {"disposition": "Recover", "periods": 5})
    stage.other_works_until(lambda: not stage.people.find(RecycleBinItem, "web-1") and stage.other.is_idle())
    recovered = stage.named(PrepaidInstance, "web-1")["metadata"]["resourceVersion"]
    stage.begin_look(stage.sleeper.look_together([INSTANCE, others[0]]))
    stage.wake()
    last = stage.sleeper.memory.last(INSTANCE)
    assert (last and last.instance_version, stage.people.find(RecycleBinItem, "web-1")) == (recovered, None)
    stage.history.end()


def test_whoever_looks_alone_is_told_of_by_no_walk_any_more() -> None:
    stage = Stage(History(0, profile=CALM))
    stage.buy()
    others = [replace(INSTANCE, name=name) for name in ("second", "third")]
    for key in others:
        stage.ask(key.name)
    stage.other_works_until(lambda: len(stage.people.all(PrepaidInstance)) == 3)
    stage.sleeper.queue.add(INSTANCE)
    stage.begin_look(stage.sleeper.look_together(others))
    stage.wake()
    (walk,) = stage.sleeper.hearing.walks._walks.values()
    seen = len(walk.ahead)
    stage.look_whole()
    assert (seen, len(walk.ahead)) == (1, 0)
    stage.history.end()
