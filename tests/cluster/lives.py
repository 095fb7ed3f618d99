"""The lives that test_life*.py look at: each is lived once, all at the same time, by the tenant alice in her namespace."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from whenever import Instant

from cluster.apiserver import DEPLOYMENTS, INSTANCES, ITEMS, Refusal
from cluster.scenes import Life, Scene, Sight
from cluster.waiting import wait_for
from cluster.wares import a_class, stateful_workload, stateless_workload
from prepaid.api.instance import InstanceStatus, Phase

STATEFUL, STATELESS, BARE, SHORT = "life", "life-stateless", "life-bare", "life-short"
SHORT_SECONDS: Final = 15
CLASSES_ON_SALE: Final = (
    a_class(STATEFUL, workload=stateful_workload()),
    a_class(STATELESS, workload=stateless_workload()),
    a_class(BARE),
    a_class(SHORT, term=SHORT_SECONDS, retention=60, workload=stateful_workload()),
)


@dataclass(frozen=True)
class Lived:
    """A life, and looks at it at rest: by the phase in which they were taken."""

    life: Life
    running: Sight
    in_bin: Sight
    afterwards: Sight
    directory: Path | None = None


def forgotten(scene: Scene) -> Lived:
    """Bought, never renewed, erased; its owner clears the tombstone away."""
    life = scene.buy("forgotten", STATEFUL)
    life.until_phase(Phase.RUNNING)
    directory, running = life.write_note(), life.see()
    life.until_phase(Phase.RECYCLED)
    in_bin = life.see()
    life.until_phase(Phase.TERMINATED)
    wait_for("the receipt", lambda: life.need(ITEMS)["status"]["phase"] == "Terminated")
    afterwards = life.see()
    life.delete()
    life.until_gone(INSTANCES)
    life.until_gone(ITEMS)
    return Lived(life, running, in_bin, afterwards, directory)


def stateless(scene: Scene) -> Lived:
    """A Deployment: nothing of it is kept."""
    life = scene.buy("stateless", STATELESS)
    return whole_life(life)


def bare(scene: Scene) -> Lived:
    """No workload at all: a term, and nothing else."""
    return whole_life(scene.buy("bare", BARE))


def whole_life(life: Life) -> Lived:
    life.until_phase(Phase.RUNNING)
    running = life.see(DEPLOYMENTS)
    life.until_phase(Phase.RECYCLED)
    in_bin = life.see(DEPLOYMENTS)
    life.until_phase(Phase.TERMINATED)
    return Lived(life, running, in_bin, life.see(DEPLOYMENTS))


@dataclass(frozen=True)
class Paused:
    life: Life
    running: Sight
    stopped: Sight
    again: Sight


def paused(scene: Scene) -> Paused:
    """Stopped and started by its owner while the term runs."""
    life = scene.buy("paused", STATEFUL, purchasedPeriods=2)
    life.until_phase(Phase.RUNNING)
    life.write_note()
    running = life.see()
    life.set(running=False)
    life.until_phase(Phase.STOPPED)
    stopped = life.see()
    life.set(running=True)
    life.until_phase(Phase.RUNNING)
    return Paused(life, running, stopped, life.see())


def unused(scene: Scene) -> Life:
    """Stopped from the first day on: it expires all the same."""
    life = scene.buy("unused", STATEFUL, running=False)
    life.until_phase(Phase.STOPPED)
    life.until_phase(Phase.RECYCLED)
    life.until_phase(Phase.TERMINATED)
    return life


@dataclass(frozen=True)
class Renewed:
    life: Life
    before: Sight
    after: Sight


def renewed(scene: Scene) -> Renewed:
    """In time: looked at again after the first term would have ended."""
    life = scene.buy("renewed", STATEFUL)
    first = life.until_phase(Phase.RUNNING)
    before = life.see()
    life.set(purchasedPeriods=6)
    wait_until_past(first.expiration_time)
    return Renewed(life, before, life.see())


def self_renewing(scene: Scene) -> Life:
    """With auto-renewal for two terms, then without."""
    life = scene.buy("self-renewing", SHORT, autoRenew=True)
    life.until("renewed twice", lambda status: status.periods >= 3)
    life.set(autoRenew=False)
    life.until_phase(Phase.RECYCLED)
    return life


@dataclass(frozen=True)
class Recovered:
    life: Life
    running: Sight
    in_bin: Sight
    again: Sight


def recovered_by_total(scene: Scene) -> Recovered:
    """Its owner raises purchasedPeriods in the bin."""
    life = scene.buy("recovered-by-total", STATEFUL)
    return recovered(life, lambda: life.set(purchasedPeriods=6))


def recovered_by_item(scene: Scene) -> Recovered:
    """Its owner says Recover on the bin item, and has edited the instance before."""
    life = scene.buy("recovered-by-item", STATEFUL)

    def edit_then_recover() -> None:
        life.set(parameters={"image": "nginx:2"})
        life.say(disposition="Recover", periods=5)

    return recovered(life, edit_then_recover)


def recovered(life: Life, recover: Callable[[], None]) -> Recovered:
    life.until_phase(Phase.RUNNING)
    life.write_note()
    running = life.see()
    life.until_phase(Phase.RECYCLED)
    in_bin = life.see()
    recover()
    life.until("running again", lambda status: status.phase is Phase.RUNNING and status.periods == 6)
    life.until_phase(Phase.RUNNING)
    life.until_gone(ITEMS)
    return Recovered(life, running, in_bin, life.see())


@dataclass(frozen=True)
class TooLittle:
    life: Life
    rejected: InstanceStatus
    advice: str
    recovered: InstanceStatus


def too_little(scene: Scene) -> TooLittle:
    """Raised in the bin by less than it takes to reach now, then to what the answer names."""
    life = scene.buy("too-little", SHORT)
    status = life.until_phase(Phase.RECYCLED)
    assert status.expiration_time
    wait_until_past(status.expiration_time.add(seconds=SHORT_SECONDS))
    life.set(purchasedPeriods=2)
    rejected = life.until("rejected", lambda status: status.requested_periods == 2)
    advice = next(known.message for known in rejected.conditions if known.reason == "RenewalRejected")
    life.set(purchasedPeriods=int(advice.rpartition(" ")[2].rstrip(".")))
    return TooLittle(life, rejected, advice, life.until("recovered", lambda status: status.recycle_time is None))


@dataclass(frozen=True)
class Condemned:
    life: Life
    refusal: str
    directory: Path
    afterwards: Sight


def condemned(scene: Scene) -> Condemned:
    """Its owner terminates it from the bin: first without the confirmation, then with it."""
    life = scene.buy("condemned", SHORT)
    life.until_phase(Phase.RUNNING)
    directory = life.write_note()
    life.until_phase(Phase.RECYCLED)
    refusal = refusal_of_unconfirmed_end(life)
    life.say(disposition="Terminate", confirm=life.name)
    life.until_phase(Phase.TERMINATED)
    return Condemned(life, refusal, directory, life.see())


def refusal_of_unconfirmed_end(life: Life) -> str:
    try:
        life.say(disposition="Terminate")
    except Refusal as refusal:
        return refusal.message
    return ""


def deleted(scene: Scene) -> Lived:
    """DELETE while the term runs, which the policies refuse to its owner: it lives its whole life, and vanishes with its end."""
    life = scene.buy("deleted", STATELESS)
    life.until_phase(Phase.RUNNING)
    life.tear_down()
    running = life.see(DEPLOYMENTS)
    life.until_phase(Phase.RECYCLED)
    in_bin = life.see(DEPLOYMENTS)
    life.until_gone(INSTANCES)
    return Lived(life, running, in_bin, in_bin)


def regretted(scene: Scene) -> Life:
    """Deleted before anything was bought: its class is missing."""
    life = scene.buy("regretted", "no-such-class")
    life.until_held("ClassMissing")
    life.delete()
    life.until_gone(INSTANCES)
    return life


def wait_until_past(moment: Instant | None) -> None:
    assert moment is not None
    wait_for(f"{moment} has passed", lambda: Instant.now() > moment.add(seconds=1))


LIVES: Final = (
    forgotten,
    stateless,
    bare,
    paused,
    unused,
    renewed,
    self_renewing,
    recovered_by_total,
    recovered_by_item,
    too_little,
    condemned,
    deleted,
    regretted,
)
