"""What is played again where there was too little time before the storm, and with how much more."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.stage import Stage
from bench.storm import TooLittleTime, played
from cluster.waiting import NeverCame
from prepaid.local.layout import Layout
from prepaid.local.plane import ControlPlane

Ground = tuple[str, float]
"""Its namespace, and how patient it is."""
GROUND: Ground = ("storm-1", 1)
OTHER: Ground = ("storm-1-0", 3)


def play_failing_on(*failing: Ground, tried: list[Ground], fault: type[NeverCame] = TooLittleTime) -> Callable[[Stage], Ground]:
    def play(stage: Stage) -> Ground:
        tried.append((stage.namespace, stage.patience))
        if tried[-1] in failing:
            raise fault("no")
        return tried[-1]

    return play


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(ControlPlane(Layout(tmp_path)), GROUND[0])


def test_what_succeeds_is_played_once(stage: Stage) -> None:
    tried: list[Ground] = []
    assert played(stage, play_failing_on(tried=tried)) == GROUND
    assert tried == [GROUND]


def test_with_too_little_time_it_is_played_on_another_ground_with_more(stage: Stage) -> None:
    assert played(stage, play_failing_on(GROUND, tried=[])) == OTHER


def test_it_is_not_played_a_third_time(stage: Stage) -> None:
    tried: list[Ground] = []
    with pytest.raises(TooLittleTime):
        played(stage, play_failing_on(GROUND, OTHER, tried=tried))
    assert tried == [GROUND, OTHER]


def test_what_fails_otherwise_is_not_played_again(stage: Stage) -> None:
    tried: list[Ground] = []
    with pytest.raises(NeverCame):
        played(stage, play_failing_on(GROUND, tried=tried, fault=NeverCame))
    assert tried == [GROUND]
