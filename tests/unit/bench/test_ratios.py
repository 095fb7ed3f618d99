"""What a figure says of its target, and the arithmetic behind it."""

import pytest

from bench.figures import Figure, doublings, missing, over_floor, percentile, ratio


@pytest.mark.parametrize(
    ("value", "target", "is_reached"),
    [
        pytest.param(1.2, 1.2, True, id="a target is reached at its very value"),
        pytest.param(1.204, 1.2, True, id="what the table shows as the target has reached it"),
        pytest.param(1.21, 1.2, False, id="a hundredth above it has not"),
        pytest.param(0.0, 0.0, True, id="nothing reaches nothing"),
        pytest.param(3.0, None, None, id="without a target there is nothing to reach"),
        pytest.param(None, 1.0, None, id="what was not measured has neither reached nor missed it"),
    ],
)
def test_a_figure_knows_whether_it_reached_its_target(value: float | None, target: float | None, is_reached: bool | None) -> None:
    assert Figure("case", "what", 1, value, "x", target).is_reached is is_reached


def test_a_ratio_to_the_floor_keeps_both_times() -> None:
    figure = over_floor("storm", "what", 10, 3.0, 2.0, 1.2)
    assert (figure.value, figure.seconds, figure.floor_seconds) == (1.5, 3.0, 2.0)


def test_a_case_that_failed_says_why() -> None:
    assert missing("storm", 10, "NeverCame: too late").to_json()["fault"] == "NeverCame: too late"


def test_nothing_is_endlessly_more_than_nothing() -> None:
    assert ratio(1.0, 0.0) == float("inf")


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        pytest.param(1, 1.0, id="the first percent is the smallest of ten"),
        pytest.param(50, 5.0, id="half of them do not exceed the median"),
        pytest.param(51, 6.0, id="one percent more takes the next one"),
        pytest.param(99, 10.0, id="99 percent of ten are all"),
        pytest.param(100, 10.0, id="all do not exceed the largest"),
    ],
)
def test_a_percentile_is_a_value_that_was_seen(percent: float, expected: float) -> None:
    assert percentile([float(value) for value in range(10, 0, -1)], percent) == expected


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="of nothing"):
        percentile([], 50)


def test_a_doubling_is_told_for_each_step() -> None:
    assert doublings([1.0, 2.0, 5.0]) == [2.0, 2.5]
