"""How storms grow, and how their floors do, from what the case `storm` has left."""

from collections import Counter

from bench.cases.growth import measure
from bench.counting import Requests
from bench.floor import Floor
from bench.plan import Plan
from bench.rounds import Rounds
from bench.run import Run
from bench.storm import Storm
from prepaid.local.display import Display


def rounds(storms: tuple[float, ...], floors: tuple[float, ...]) -> Rounds:
    none = Requests(Counter(), Counter(), 0, 0)
    return Rounds([Storm({}, seconds, none, {}, 1.0) for seconds in storms], [Floor(seconds, 12, {}) for seconds in floors])


STORMS = {2: rounds((1.0, 3.0), (1.0, 1.0)), 4: rounds((5.0, 5.0), (2.0, 2.0)), 8: rounds((8.0, 7.0), (6.0, 5.0))}


def test_the_worst_doubling_of_the_means_stands_beside_that_of_the_floors() -> None:
    (figure,) = measure(Run(Plan(8), Display(), STORMS))
    assert (figure.value, figure.floor, figure.is_reached) == (2.5, 2.75, False)


def test_all_that_was_tried_is_told() -> None:
    (figure,) = measure(Run(Plan(8), Display(), STORMS))
    assert figure.note == "1.0, 3.0; 5.0, 5.0; 8.0, 7.0 s; floors 1.0, 1.0; 2.0, 2.0; 6.0, 5.0 s"


def test_storms_that_were_measured_are_not_played_again() -> None:
    run = Run(Plan(8), Display(), STORMS)
    measure(run)
    assert run.storms is STORMS
