"""A look that is held up between two of its reads, while the other operator goes on: what it decides must not come through."""

from collections.abc import Callable
from typing import Any

from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.instance import Phase, PrepaidInstance
from prepaid.cluster.client import Key
from simulation.history import History
from simulation.operators import Look, Process
from simulation.served import STATEFUL_SET, Body

MOST_STEPS = 3000
INSTANCE = Key(PrepaidInstance, "team-a", "web-1")
CALM: dict[str, Any] = {
    **{"names": ("web-1",), "accounts": (), "classes": ("standard",), "price": "0", "seconds_ahead": (0, 0)},
    **{"loss": 0.0, "deaths": 0.0, "late": 0.0, "holds": 0.0},
    **{"period_seconds": 20, "retention": {"count": 60, "unit": "Second", "rounding": "Exact"}, "renewal_anchor": "RenewalTime"},
}


def work_until(process: Process, history: History, is_done: Callable[[Body | None], bool]) -> None:
    """This process alone, and Kubernetes' own controllers, until the instance shows it."""
    for _ in range(MOST_STEPS):
        if is_done(history.owner.kubectl.find(PrepaidInstance, "web-1")):
            return
        history.server.progress()
        process.hear()
        process.wake()
        process.begin()
        for look in list(process.looks):
            process.step(look)
    raise AssertionError("it never came to that")


def is_in_phase(phase: Phase) -> Callable[[Body | None], bool]:
    """And nothing is under way."""

    def is_done(body: Body | None) -> bool:
        status = PrepaidInstance.parse(body).status if body else None
        said = {condition.type: condition.status for condition in status.conditions} if status else {}
        return status is not None and status.phase is phase and said.get("Reconciling") != "True"

    return is_done


def begun(process: Process) -> Look:
    """A look of its own at the instance, which has read just that."""
    look = Look(INSTANCE, process.queue, process._look(INSTANCE))
    process.looks = [look]
    process.step(look)
    process.step(look)
    return look


def test_a_stop_decided_in_the_bin_does_not_reach_the_workload_of_the_recovery() -> None:
    history = History(0, profile=CALM)
    sleeper, other = history.living()
    history.owner.buy("web-1")
    history.owner.kubectl.change(history.owner.kubectl.all(PrepaidInstance)[0], {"running": True, "autoRenew": False})
    work_until(other, history, is_in_phase(Phase.RUNNING))
    history.time.tick(60)
    work_until(other, history, is_in_phase(Phase.RECYCLED))
    look = begun(sleeper)
    history.owner.kubectl.change(history.owner.kubectl.all(RecycleBinItem)[0], {"disposition": "Recover", "periods": 5})
    work_until(other, history, is_in_phase(Phase.RUNNING))
    recovered = history.server.store.number
    while look in sleeper.looks:
        sleeper.step(look)
    history.end()
    assert [change.body for change in history.server.store.changes_after(recovered) if change.address.served is STATEFUL_SET] == []
