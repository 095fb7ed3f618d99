"""Random lives of instances, two operators that are killed and held up anywhere: no rule is ever broken (`make simulate` runs more)."""

import pytest

from simulation.outcome import Outcome, outcome_of, outcomes, story

HISTORIES = 120


@pytest.fixture(scope="module")
def told() -> list[Outcome]:
    """How each went."""
    return list(outcomes(range(HISTORIES)))


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_no_history_breaks_a_rule(seed: int, told: list[Outcome]) -> None:
    if told[seed].fault:
        pytest.fail(story(outcome_of(seed, with_trace=True)))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_seed_tells_the_same_history_again(seed: int) -> None:
    assert outcome_of(seed, with_trace=True) == outcome_of(seed, with_trace=True)
