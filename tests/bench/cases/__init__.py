"""One module for each line of the table, by the name that CASES takes."""

from collections.abc import Callable, Mapping
from typing import Final

from bench.cases import calm, counts, growth, lateness, money, neighbour, peer, stateful, storm
from bench.figures import Figure
from bench.run import Run

Case = Callable[[Run], list[Figure]]
MEASURES: Final[Mapping[str, Case]] = {
    "storm": storm.measure,
    "money": money.measure,
    "stateful": stateful.measure,
    "counts": counts.measure,
    "lateness": lateness.measure,
    "calm": calm.measure,
    "growth": growth.measure,
    "neighbour": neighbour.measure,
    "peer": peer.measure,
}
