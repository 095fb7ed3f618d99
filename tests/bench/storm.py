"""A storm: a crowd becomes due while an operator runs; how long until all are in their end state, and what that took."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from time import time
from typing import Final, TypeVar

from bench.counting import Requests, requests_so_far
from bench.cpu import Cpu, between, cpu_so_far
from bench.figures import Detail
from bench.observing import FILED, End, Observer
from bench.populate import Crowd
from bench.processes import until_calm
from bench.stage import Stage
from cluster.operators import at_work
from cluster.waiting import NeverCame

SECONDS_EACH: Final = 0.3
LEAST_SECONDS: Final = 60.0
T = TypeVar("T")


@dataclass(frozen=True)
class Storm:
    """`moments` is when each was done, by its name, in seconds of the wall clock; `seconds` from the first expiration to the last.

    `cpu` is of the same time; the requests are those since the operator was at rest.
    """

    moments: dict[str, float]
    seconds: float
    requests: Requests
    cpu: Cpu
    slack: float

    @property
    def detail(self) -> Detail:
        """Of one instance, but the slack: how many seconds before the storm the operator was at rest."""
        n = len(self.moments)
        return {
            **self.requests.per(n),
            "events": round(self.requests.events / n, 3),
            "conflicts": round(self.requests.conflicts / n, 4),
            "slack s": round(self.slack, 1),
        }


class TooLittleTime(NeverCame):
    """Whoever was to meet the storm was not at rest before it."""


def played(stage: Stage, play: Callable[[Stage], T]) -> T:
    """On this ground; where there was too little time before the storm, once more on another with more. Raises NeverCame."""
    try:
        return play(stage)
    except TooLittleTime:
        return play(stage.with_more_time())


def ease(n: int) -> float:
    """Seconds that an operator has to start and to look at so many before they are due."""
    return 4.0 + n / 200


def weather(stage: Stage, crowd: Crowd, end: End = FILED, without: frozenset[str] = frozenset()) -> Storm:
    """The operator lives through the storm; `without` names those that never come to their end.

    Raises TooLittleTime once it is over, so that nothing is left to do for the next.
    """
    names = [name for name in crowd.names if name not in without]
    with Observer(stage.kubeconfig, stage.namespace, end) as observer, at_work(stage.operator()) as operator:
        until_calm(operator.pid, LEAST_SECONDS + len(names))
        slack = crowd.first_expiration - time()
        if slack < 0:
            observer.wait_for(names, patience_for(names))
            raise TooLittleTime(f"the operator was at rest {-slack:.0f} s after the storm should have begun: it had too little time")
        before = requests_so_far(stage.admin)
        Event().wait(crowd.first_expiration - time())
        cpu = cpu_so_far(stage, operator.pid)
        done = observer.wait_for(names, patience_for(names))
        used, requests = between(cpu, cpu_so_far(stage, operator.pid)), requests_so_far(stage.admin) - before
    return Storm(dict(zip(names, done, strict=True)), max(done) - crowd.first_expiration, requests, used, slack)


def patience_for(names: Sequence[str]) -> float:
    """Seconds until so many must be done."""
    return max(LEAST_SECONDS, SECONDS_EACH * len(names))
