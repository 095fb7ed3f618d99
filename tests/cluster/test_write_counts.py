"""No transition costs more writes than the bench allows it: on a plane of its own, because the API server counts everybody's."""

from collections.abc import Mapping
from typing import Final

import pytest

from bench.cases.counts import TRANSITIONS, Transition, conflicts, line, writes_per_transition
from bench.counting import Requests
from bench.stage import Stage
from prepaid.local.plane import ControlPlane

N: Final = 2


@pytest.fixture(scope="module")
def spent(quiet_plane: ControlPlane) -> Mapping[str, Requests]:
    """By each transition of a few lives."""
    return writes_per_transition(Stage(quiet_plane, "counted"), N)


@pytest.mark.parametrize("transition", [each for each in TRANSITIONS if each.most is not None], ids=lambda each: each.name)
def test_a_transition_costs_no_more_writes_than_it_may(spent: Mapping[str, Requests], transition: Transition) -> None:
    figure = line(transition, N, spent[transition.name])
    assert figure.is_reached, f"{figure.value} writes instead of {figure.target}: {figure.detail}"


def test_hardly_any_write_meets_a_conflict(spent: Mapping[str, Requests]) -> None:
    figure = conflicts(N, list(spent.values()))
    assert figure.is_reached, f"{figure.value:.1f} % of all writes"
