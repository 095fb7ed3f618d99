"""How many there are decides whether all are listed or each is read; it is asked for again after a while."""

import pytest

from prepaid.cluster.census import GOOD_SECONDS, LARGEST_PAGE, LEAST_PAGE, USUAL_PAGE, WORTH, Census

PATH = "/apis/prepaid.dev/v1alpha1/namespaces/team-a/prepaidinstances"


@pytest.mark.parametrize(
    ("count", "wanted", "page"),
    [
        pytest.param(None, 5, LEAST_PAGE, id="nothing is known: one page tells"),
        pytest.param(0, 5, LEAST_PAGE, id="there was none"),
        pytest.param(5 * WORTH, 5, LEAST_PAGE, id="few, of which enough are wanted"),
        pytest.param(5 * WORTH + 1, 5, 0, id="few, of which fewer are wanted"),
        pytest.param(1000, 512, 1100, id="many, of which enough are wanted"),
        pytest.param(2500, 512, LARGEST_PAGE, id="more than a page may show"),
        pytest.param(5000, 512, 0, id="very many"),
    ],
)
def test_the_page_that_is_asked_for(count: int | None, wanted: int, page: int) -> None:
    census = Census(lambda: 0.0)
    if count is not None:
        census.take(PATH, count)
    assert census.page_for(PATH, wanted) == page


@pytest.mark.parametrize(
    ("later", "page"),
    [pytest.param(GOOD_SECONDS, 0, id="a minute ago"), pytest.param(GOOD_SECONDS + 1, LEAST_PAGE, id="longer ago")],
)
def test_what_was_learnt_is_good_for_a_while(later: float, page: int) -> None:
    now = [0.0]
    census = Census(lambda: now[0])
    census.take(PATH, 5000)
    now[0] = later
    assert census.page_for(PATH, 5) == page


def test_another_namespace_is_another_matter() -> None:
    census = Census(lambda: 0.0)
    census.take(PATH, 5000)
    assert census.page_for(PATH.replace("team-a", "team-b"), 5) == LEAST_PAGE


def test_where_there_was_none_a_page_shows_what_two_crowds_have_made_since() -> None:
    census = Census(lambda: 0.0)
    census.take(PATH, 0)
    assert census.page_for(PATH, USUAL_PAGE) >= 2 * USUAL_PAGE
