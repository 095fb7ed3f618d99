"""How many there are decides whether all are listed or each is read; it is asked for again after a while."""

import pytest

from prepaid.cluster.census import GOOD_SECONDS, WORTH, WORTH_OF_METADATA, Census

PATH = "/apis/prepaid.dev/v1alpha1/namespaces/team-a/prepaidinstances"


@pytest.mark.parametrize(
    ("count", "is_worth_it"),
    [
        pytest.param(None, True, id="nothing is known: one page tells"),
        pytest.param(0, True, id="there was none"),
        pytest.param(5 * WORTH, True, id="few, of which enough are wanted"),
        pytest.param(5 * WORTH + 1, False, id="few, of which fewer are wanted"),
    ],
)
def test_whether_a_page_is_asked_for(count: int | None, is_worth_it: bool) -> None:
    census = Census(lambda: 0.0)
    if count is not None:
        census.take(PATH, count)
    assert census.is_worth_a_page(PATH, 5) is is_worth_it


def test_of_a_page_that_costs_less_fewer_are_enough() -> None:
    census = Census(lambda: 0.0)
    census.take(PATH, 5 * WORTH_OF_METADATA)
    assert (census.is_worth_a_page(PATH, 5), census.is_worth_a_page(PATH, 5, WORTH_OF_METADATA)) == (False, True)


@pytest.mark.parametrize(
    ("later", "is_worth_it"),
    [pytest.param(GOOD_SECONDS, False, id="a minute ago"), pytest.param(GOOD_SECONDS + 1, True, id="longer ago")],
)
def test_what_was_learnt_is_good_for_a_while(later: float, is_worth_it: bool) -> None:
    now = [0.0]
    census = Census(lambda: now[0])
    census.take(PATH, 5000)
    now[0] = later
    assert census.is_worth_a_page(PATH, 5) is is_worth_it


def test_another_namespace_is_another_matter() -> None:
    census = Census(lambda: 0.0)
    census.take(PATH, 5000)
    assert census.is_worth_a_page(PATH.replace("team-a", "team-b"), 5)
