"""Of a few storms and floors the best of each count, and in which order those of several sizes are played."""

from collections import Counter
from pathlib import Path

from bench.counting import Requests
from bench.floor import Floor
from bench.rounds import Rounds, rounds_of
from bench.stage import Stage
from bench.storm import Storm
from prepaid.local.layout import Layout
from prepaid.local.plane import ControlPlane


def storm(seconds: float) -> Storm:
    requests = Requests(Counter({"POST items": round(10 * seconds)}), Counter(), 0, 0)
    return Storm({"i1": 0.0}, seconds, requests, {"etcd": seconds / 2, "operator": seconds}, 1.0)


def floor(seconds: float, width: int) -> Floor:
    return Floor(seconds, width, {"etcd": seconds})


ROUNDS = Rounds([storm(5.0), storm(4.0), storm(9.0)], [floor(3.0, 8), floor(2.0, 12), floor(4.0, 16)])


def test_the_best_storm_stands_over_the_best_floor() -> None:
    figure = ROUNDS.figure("storm", "all done", 10, 1.2)
    assert (figure.value, figure.seconds, figure.floor_seconds) == (2.0, 4.0, 2.0)


def test_the_requests_are_those_of_the_best_storm() -> None:
    assert ROUNDS.figure("storm", "all done", 10, 1.2).detail["POST items"] == 40


def test_all_that_was_tried_is_told() -> None:
    assert ROUNDS.note == "best of 5.0, 4.0, 9.0 s; floors 3.0, 2.0, 4.0 s with 8, 12, 16 in flight"


def test_the_processor_time_is_that_of_the_best_as_milliseconds_of_one() -> None:
    figure = ROUNDS.figure("storm", "all done", 10, 1.2)
    assert (figure.cpu, figure.floor_cpu) == ({"etcd": 200.0, "operator": 400.0}, {"etcd": 200.0})


def test_sizes_are_played_up_and_down_each_on_a_ground_of_its_own(tmp_path: Path) -> None:
    played: list[tuple[str, int]] = []

    def play(stage: Stage, n: int, width: int) -> tuple[Storm, Floor]:
        played.append((stage.namespace, width))
        return storm(n + width), floor(n, width)

    rounds = rounds_of(Stage(ControlPlane(Layout(tmp_path)), "s"), (1, 2, 4), (12, 16), play)
    assert played == [("s-1-1", 12), ("s-2-1", 12), ("s-4-1", 12), ("s-4-2", 16), ("s-2-2", 16), ("s-1-2", 16)]
    assert rounds[2] == Rounds([storm(14), storm(18)], [floor(2, 12), floor(2, 16)])
