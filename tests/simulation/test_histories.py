"""Random lives of instances, two operators that are killed and held up anywhere: no rule is ever broken (`make simulate` runs more)."""

import pytest

from simulation.outcome import outcome_of, story

BATCHES, EACH = 10, 30


@pytest.mark.parametrize("first", range(0, BATCHES * EACH, EACH))
def test_no_history_breaks_a_rule(first: int) -> None:
    for seed in range(first, first + EACH):
        if outcome_of(seed).fault:
            pytest.fail(story(outcome_of(seed, with_trace=True)))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_seed_tells_the_same_history_again(seed: int) -> None:
    assert outcome_of(seed, with_trace=True) == outcome_of(seed, with_trace=True)
