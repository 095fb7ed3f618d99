"""What a run is told by its environment."""

from pathlib import Path

import pytest

from bench.cases import MEASURES
from bench.plan import CASES, WIDTHS, Plan, plan_from


def test_a_run_without_wishes_measures_everything_at_its_usual_size() -> None:
    assert plan_from({}) == Plan(500, CASES, is_long=False, out=Path())


def test_a_long_run_is_ten_times_as_large_and_idle_for_an_hour() -> None:
    plan = plan_from({"LONG": "1"})
    assert (plan.n, plan.idle_seconds) == (5000, 3600)


def test_cases_are_measured_in_the_order_of_the_table() -> None:
    assert plan_from({"CASES": "counts,storm", "N": "200"}).cases == ("storm", "counts")


def test_each_round_has_a_concurrency_of_its_own() -> None:
    assert (plan_from({}).widths, plan_from({"ROUNDS": "3"}).widths) == (WIDTHS[:2], WIDTHS)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        pytest.param({"N": "0"}, "1 or more", id="none at all"),
        pytest.param({"N": "many"}, "1 or more", id="no number"),
        pytest.param({"ROUNDS": "4"}, "1 to 3", id="more rounds than concurrencies"),
        pytest.param({"ROUNDS": "some"}, "1 to 3", id="no number of rounds"),
        pytest.param({"CASES": "storm,tea"}, "CASES=tea: there are storm", id="a case that there is not"),
    ],
)
def test_what_cannot_be_measured_is_said_in_words(environment: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        plan_from(environment)


@pytest.mark.parametrize("n", [1, 2, 6, 19, 500, 5000])
def test_every_case_has_something_to_measure_at_every_size(n: int) -> None:
    plan = Plan(n)
    smallest, *_ = plan.growth_sizes
    assert min(plan.stateful_n, plan.peer_n, plan.counted_n, plan.steady_seconds, smallest) >= 1
    assert max(plan.money_n, plan.stateful_n, plan.neighbour_n, plan.peer_n, plan.counted_n) <= n


def test_every_case_that_can_be_asked_for_can_be_measured() -> None:
    assert set(MEASURES) == set(CASES)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        pytest.param(Plan(500), (125, 250, 500), id="a half and a quarter as well"),
        pytest.param(Plan(1), (1,), id="there is nothing smaller than one"),
        pytest.param(Plan(3), (1, 3), id="none twice"),
        pytest.param(Plan(500, cases=("storm",)), (500,), id="nobody asks how storms grow"),
    ],
)
def test_storms_are_played_in_the_sizes_that_somebody_asks_for(plan: Plan, expected: tuple[int, ...]) -> None:
    assert plan.storm_sizes == expected
