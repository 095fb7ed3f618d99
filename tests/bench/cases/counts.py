"""What each transition of a life costs in writes, as the API server counts them: the one after the other, nobody else lives there.

`writes_per_transition` is a table for whoever wants to hold the operator to it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bench.counting import Requests, requests_so_far
from bench.figures import Figure
from bench.run import Run
from bench.stage import Stage
from bench.troupe import Troupe, buy_all, condemn_all, expire_all, recover_all, renew_all, troupes
from cluster.operators import at_work
from cluster.waiting import wait_for

CONFLICTS_PERCENT: Final = 1.0
LIMIT_SECONDS: Final = 120.0
PAUSE_SECONDS: Final = 0.25
QUIET_LOOKS: Final = 3
PURCHASE: Final = 6
"""Order, intent, debit, grant, settlement, and the end of the order."""
Own = Counter[str]
"""The writes of the bench itself, which are not the operator's."""


@dataclass(frozen=True)
class Transition:
    """`most` writes of the operator, or None where it is only reported; `act` sets it off, `is_over` tells of one instance.

    `floor` are those of the protocol itself (architecture.md), where it tells how many.
    """

    name: str
    troupe: str
    act: Callable[[Troupe], Own]
    is_over: Callable[[Troupe], bool]
    most: float | None
    floor: float | None = None


TRANSITIONS: Final = (
    Transition("first purchase", "bare", buy_all, Troupe.are_running, 9, PURCHASE),
    Transition("renew", "bare", renew_all, Troupe.have_renewed, 6, PURCHASE),
    Transition("recycle", "bare", expire_all, Troupe.are_recycled, 2, 2),
    Transition("recover", "bare", recover_all, Troupe.are_running, None),
    Transition("first purchase with a workload", "stateful", buy_all, Troupe.are_running, None),
    Transition("recycle with a workload", "stateful", expire_all, Troupe.are_recycled, 4, 4),
    Transition("terminate with a workload and a claim", "stateful", condemn_all, Troupe.are_terminated, None),
    Transition("first purchase with a workload and 3 attachments", "attached", buy_all, Troupe.are_attached, None),
    Transition("recycle with a workload and 3 attachments", "attached", expire_all, Troupe.are_recycled, 4 + 1 + 2 * 3),
)


def writes_per_transition(stage: Stage, n: int) -> dict[str, Requests]:
    """By the transition's name, of n instances together; events are apart."""
    crowd = troupes(stage, n)
    with at_work(stage.operator()):
        for troupe in crowd.values():
            troupe.warm_up()
        settled(stage, lambda: all(troupe.is_warm() for troupe in crowd.values()))
        return {each.name: cost(stage, each, crowd[each.troupe]) for each in TRANSITIONS}


def cost(stage: Stage, transition: Transition, troupe: Troupe) -> Requests:
    before = requests_so_far(stage.admin)
    own = transition.act(troupe)
    return (settled(stage, lambda: transition.is_over(troupe)) - before).without(own)


def settled(stage: Stage, is_over: Callable[[], bool]) -> Requests:
    """Once it is over, and nobody has written for a while since."""
    wait_for("it is over", is_over, LIMIT_SECONDS, PAUSE_SECONDS)
    looks: list[Requests] = []

    def look() -> Requests | None:
        looks.append(requests_so_far(stage.admin))
        newest = [each.writes.total() for each in looks[-QUIET_LOOKS:]]
        return looks[-1] if len(newest) == QUIET_LOOKS and len(set(newest)) == 1 else None

    return wait_for("nobody writes any more", look, LIMIT_SECONDS, PAUSE_SECONDS)


def measure(run: Run) -> list[Figure]:
    n = run.plan.counted_n
    spent = writes_per_transition(run.shared_stage("counts"), n)
    return [*(line(transition, n, spent[transition.name]) for transition in TRANSITIONS), conflicts(n, list(spent.values()))]


def line(transition: Transition, n: int, spent: Requests) -> Figure:
    """Of the writes that were made: those that met a conflict have a line of their own."""
    made = spent.writes.total() - spent.conflicts
    return Figure("counts", transition.name, n, made / n, "writes", transition.most, floor=transition.floor, detail=spent.per(n))


def conflicts(n: int, spent: Sequence[Requests]) -> Figure:
    """Of all writes of all transitions."""
    percent = 100 * sum(each.conflicts for each in spent) / sum(each.writes.total() for each in spent)
    return Figure("counts", "conflicts", n, percent, "%", CONFLICTS_PERCENT)
