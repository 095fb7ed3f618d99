"""Scenes that once went wrong: the operator that we have breaks no rule in them."""

from collections.abc import Callable

import pytest

from prepaid.api.account import PrepaidAccount
from prepaid.api.instance import Phase, PrepaidInstance
from prepaid.api.order import RenewalOrder
from simulation.history import History
from simulation.scenes import CALM, SCENES, Stage, play


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


def test_a_purchase_is_not_forgotten_with_an_order_that_was_deleted_in_flight() -> None:
    """Its order and its instance are no more when the account, which holds more than a few entries, asks what has become of them."""
    history = History(0, profile=CALM | {"price": "5", "accounts": ("default",), "is_open_early": False})
    stage = Stage(history)
    stage.people.create(PrepaidAccount, "default", {"currency": "CNY", "deposited": "20"})
    stage.ask()
    stage.other_works_until(stage.has_open_intent)
    stage.people.delete(stage.one(RenewalOrder))
    stage.other_works_until(stage.is_at_rest_in(Phase.RUNNING))
    stage.end_in_the_bin()
    stage.other_works_until(lambda: not stage.people.all(RenewalOrder))
    stage.ask()
    stage.other_works_until(stage.is_at_rest_in(Phase.RUNNING))
    assert stage.charged() == "10"
    history.end()
