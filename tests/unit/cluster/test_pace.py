"""How many writes may be in flight at once, after what the server let us see of itself."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from prepaid.cluster.pace import FIRST, LEAST, MOST, Pace, Write, after_refusal, after_write

NO_LOAD = 0.010


def put(seconds: float, in_flight: int, start_time: float = 0.0, sort: str = "PUT") -> Write:
    return Write(sort, start_time, seconds, in_flight)


def settled(pace: Pace, seconds: Callable[[int], float], rounds: int = 100) -> Pace:
    """After so many rounds with as many in flight as may be, where each takes what a server needs that has so many in hand."""
    for _ in range(rounds):
        for _ in range(pace.width):
            pace = after_write(pace, put(seconds(pace.width), pace.width))
    return pace


def known(width: int) -> Pace:
    """It is known what a write takes when nothing else is in flight."""
    return after_write(Pace(width), put(NO_LOAD, 1))


def after_round(width: int, slowness: float, in_flight: int | None = None) -> int:
    """The width after the rest of a round whose writes took so many times the best."""
    pace = known(width)
    for _ in range(width - 1):
        pace = after_write(pace, put(NO_LOAD * slowness, width if in_flight is None else in_flight))
    return pace.width


@pytest.mark.parametrize(
    ("width", "slowness", "after"),
    [
        pytest.param(12, 1.0, 13, id="nobody stands in a queue: one more"),
        pytest.param(12, 1.4, 13, id="three stand in a queue: one more"),
        pytest.param(12, 2.0, 12, id="six stand in a queue: it stays"),
        pytest.param(12, 5.0, 11, id="nine stand in a queue: one fewer"),
        pytest.param(12, 500.0, 11, id="they hardly come back: one fewer, it may be chance"),
        pytest.param(32, 1.2, 32, id="six of many in a queue: it stays"),
        pytest.param(32, 1.0, 32, id="it is at its most"),
        pytest.param(8, 500.0, 8, id="a queue of eight keeps a server busy: no fewer for slowness alone"),
        pytest.param(4, 500.0, 5, id="four are too few for any server: one more"),
    ],
)
def test_a_round_moves_it_by_one_at_most(width: int, slowness: float, after: int) -> None:
    assert after_round(width, slowness) == after


def test_before_the_round_is_over_nothing_moves() -> None:
    pace = Pace()
    for _ in range(FIRST - 1):
        pace = after_write(pace, put(NO_LOAD, FIRST))
    assert (pace.width, after_write(pace, put(NO_LOAD, FIRST)).width) == (FIRST, FIRST + 1)


@pytest.mark.parametrize("slowness", [1.0, 9.0], ids=["quick", "slow"])
def test_where_it_was_not_the_limit_it_stays(slowness: float) -> None:
    assert after_round(FIRST, slowness, in_flight=FIRST - 1) == FIRST


@pytest.mark.parametrize(
    ("seconds", "least", "most"),
    [
        pytest.param(lambda _: NO_LOAD, MOST, MOST, id="latency is flat: as many as may be"),
        pytest.param(lambda width: NO_LOAD * max(1, width / 2), 6, 10, id="a server with two hands: a few more than that"),
        pytest.param(lambda width: NO_LOAD * max(1, width / 12), 16, 20, id="a server with twelve hands: a few more than that"),
    ],
)
@pytest.mark.parametrize("first", [LEAST, FIRST, MOST])
def test_it_comes_to_what_the_server_can_do(first: int, seconds: Callable[[int], float], least: int, most: int) -> None:
    assert least <= settled(known(first), seconds).width <= most


def test_each_sort_is_compared_with_the_best_of_its_own() -> None:
    pace = after_write(after_write(Pace(), put(NO_LOAD / 10, 1, sort="POST events")), put(NO_LOAD, 1))
    assert settled(pace, lambda _: NO_LOAD).width == MOST


def test_a_server_that_has_become_slower_for_good_is_known_after_a_while() -> None:
    pace = settled(known(MOST), lambda _: 2 * NO_LOAD)
    assert pace.width == MOST / 2
    assert settled(pace, lambda _: 2 * NO_LOAD, rounds=4_000).width == MOST


def test_an_answer_in_no_time_is_possible() -> None:
    assert settled(Pace(), lambda _: 0.0).width == MOST


@pytest.mark.parametrize(("width", "after"), [(32, 16), (12, 6), (9, 4), (6, 4), (4, 4)])
def test_a_refusal_halves_it(width: int, after: int) -> None:
    assert after_refusal(Pace(width), start_time=1.0, now=2.0).width == after


@pytest.mark.parametrize(
    ("start_time", "after"),
    [
        pytest.param(1.5, 16, id="it was in flight beside the first"),
        pytest.param(2.0, 16, id="it started when the first was heard"),
        pytest.param(2.1, 8, id="it started afterwards"),
    ],
)
def test_refusals_of_what_was_in_flight_together_count_once(start_time: float, after: int) -> None:
    refused = after_refusal(Pace(32), start_time=1.0, now=2.0)
    assert after_refusal(refused, start_time, now=3.0).width == after


def test_what_started_before_a_refusal_tells_nothing_of_the_time_after_it() -> None:
    pace = refused = after_refusal(known(12), start_time=1.0, now=2.0)
    for _ in range(20):
        pace = after_write(pace, put(NO_LOAD, 12, start_time=1.9))
    assert pace == refused


def test_a_refusal_begins_a_new_round() -> None:
    pace = known(12)
    for _ in range(10):
        pace = after_write(pace, put(NO_LOAD, 12))
    pace = after_refusal(pace, start_time=1.0, now=2.0)
    assert after_write(pace, put(NO_LOAD, 6, start_time=2.1)).width == 6


def test_it_is_never_out_of_bounds() -> None:
    dice, pace, widths = Random(8), Pace(), set[int]()
    for now in range(20_000):
        start_time = now - dice.random() * 3
        refuses = dice.random() < (0.02 if now // 4000 % 2 else 0.0)
        taken = put(dice.choice((0.0, NO_LOAD, 0.5)) if now // 8000 else NO_LOAD, dice.choice((1, pace.width, MOST)), start_time)
        pace = after_refusal(pace, start_time, now) if refuses else after_write(pace, taken)
        widths.add(pace.width)
    assert (min(widths), max(widths)) == (LEAST, MOST)


def test_the_past_is_not_changed() -> None:
    pace = known(12)
    before = replace(pace, best_seconds=dict(pace.best_seconds))
    after_write(pace, put(NO_LOAD / 2, 12))
    assert pace == before
