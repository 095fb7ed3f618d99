"""`now` is never later than what either clock proves, and whether the two agree (product.md P12; architecture.md, "Time")."""

from dataclasses import dataclass

import pytest
from whenever import Instant, TimeDelta

from prepaid.cluster.clock import Clock

NOON = Instant.parse_iso("2026-06-01T12:00:00Z")


@dataclass
class Hands:
    """What the two clocks of a machine show; the test turns them."""

    wall: Instant = NOON
    ticks: float = 1000.0

    def clock(self) -> Clock:
        return Clock(lambda: self.wall, lambda: self.ticks)

    def go_by(self, seconds: float) -> None:
        self.wall += TimeDelta(seconds=seconds)
        self.ticks += seconds


def date(moment: Instant) -> str:
    """An HTTP Date."""
    return moment.format_rfc2822()


def shifted(seconds: float) -> Instant:
    return NOON + TimeDelta(seconds=seconds)


def test_without_a_server_our_own_clock_is_all_there_is() -> None:
    clock = Hands().clock()
    assert (clock.now(), clock.agree()) == (NOON, True)


def test_now_is_in_whole_seconds_rounded_down() -> None:
    assert Hands(NOON + TimeDelta(milliseconds=999)).clock().now() == NOON


@pytest.mark.parametrize(
    ("server", "now"),
    [
        pytest.param(0, 0, id="both show the same"),
        pytest.param(-5, -5, id="ours is ahead: the server's counts"),
        pytest.param(5, 0, id="ours is behind: ours counts"),
        pytest.param(-3600, -3600, id="ours is an hour ahead"),
        pytest.param(3600, 0, id="ours is an hour behind"),
    ],
)
def test_the_earlier_of_both_counts(server: float, now: float) -> None:
    clock = Hands().clock()
    clock.observe(date(shifted(server)))
    assert clock.now() == shifted(now)


@pytest.mark.parametrize(
    ("server", "agree"),
    [
        pytest.param(0, True, id="the same"),
        pytest.param(-30, True, id="ours is 30 s ahead"),
        pytest.param(-31, False, id="ours is 31 s ahead"),
        pytest.param(30, True, id="ours is 30 s behind"),
        pytest.param(31, False, id="ours is 31 s behind"),
    ],
)
def test_they_agree_within_30_seconds(server: float, agree: bool) -> None:
    clock = Hands().clock()
    clock.observe(date(shifted(server)))
    assert clock.agree() is agree


def test_time_goes_by_without_an_answer_of_the_server() -> None:
    hands = Hands()
    clock = hands.clock()
    clock.observe(date(shifted(-5)))
    hands.go_by(10)
    assert clock.now() == shifted(5)


def test_a_slow_answer_takes_nothing_back_that_was_proved() -> None:
    hands = Hands()
    clock = hands.clock()
    clock.observe(date(NOON))
    hands.go_by(10)
    clock.observe(date(shifted(3)))
    assert clock.now() == shifted(10)


def test_our_clock_that_jumps_ahead_brings_nothing_forward() -> None:
    hands = Hands()
    clock = hands.clock()
    clock.observe(date(NOON))
    hands.wall = shifted(86_400)
    assert (clock.now(), clock.agree()) == (NOON, False)


def test_our_clock_that_jumps_back_is_followed() -> None:
    hands = Hands()
    clock = hands.clock()
    clock.observe(date(NOON))
    hands.wall = shifted(-100)
    assert (clock.now(), clock.agree()) == (shifted(-100), False)


@pytest.mark.parametrize(
    ("seconds", "now"),
    [
        pytest.param(59, 59, id="within a minute the older proof still counts"),
        pytest.param(119, 59, id="after two it does not"),
    ],
)
def test_a_server_clock_that_was_set_back_is_followed_after_a_while(seconds: int, now: int) -> None:
    hands = Hands()
    clock = hands.clock()
    clock.observe(date(NOON))
    for _ in range(seconds + 3):
        hands.go_by(1)
        clock.observe(date(hands.wall - TimeDelta(seconds=60)))
    assert clock.now() == (hands.wall if now == seconds else hands.wall - TimeDelta(seconds=60))


@pytest.mark.parametrize("header", ["", "soon", "Mon, 99 Foo 2026 12:00:00 GMT", "2026-06-01T12:00:00Z"])
def test_a_date_that_cannot_be_read_proves_nothing(header: str) -> None:
    clock = Hands().clock()
    clock.observe(header)
    assert clock.now() == NOON


def test_seconds_until_a_moment_are_by_our_own_clock() -> None:
    clock = Hands().clock()
    clock.observe(date(shifted(-20)))
    assert (clock.seconds_until(shifted(7)), clock.seconds_until(shifted(-7))) == (7.0, -7.0)
