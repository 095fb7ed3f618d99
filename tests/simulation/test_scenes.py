"""Scenes that once went wrong: the operator that we have breaks no rule in them."""

from collections.abc import Callable

import pytest

from simulation.scenes import SCENES, Stage, play


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__.replace("_", " "))
def test_no_scene_breaks_a_rule(scene: Callable[[Stage], None]) -> None:
    assert play(scene).watchdog.seen > 0
