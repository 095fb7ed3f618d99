"""Whatever happens to the operator, and when: the same end, no stage skipped, nothing early."""

import os
import random
import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import pytest
from whenever import Instant

from cluster.apiserver import CLAIMS, CRDS, ORDERS, OURS, STATEFUL_SETS, Api
from cluster.histories import early_steps, phases, unclear_standings, wrong_turns
from cluster.operators import STOP_SECONDS, at_work, operator_of
from cluster.recording import Recorder
from cluster.scenes import Life, Scene
from cluster.waiting import wait_for
from cluster.wares import a_class, stateful_workload
from prepaid.api.instance import DataState, Phase
from prepaid.local.personas import ADMIN
from prepaid.local.plane import ControlPlane

CLASS, BRIEF_CLASS, LONG_CLASS, CALM_CLASS = "crashes", "crashes-brief", "crashes-long", "crashes-calm"
TERM, RETENTION = 6, 5
LONG_TERM: Final = 15
"""Long enough for a workload to be made between two deaths of the operator."""
KILLS: Final = 10
LONGEST_MOMENT: Final = 2.0
SEED: Final = "PREPAID_SEED"
"""Tells the dice which moments to choose, so that a failure can be had again."""


@dataclass(frozen=True)
class Survivors:
    """Lives that are over, and when the operator came back to them."""

    lives: tuple[Life, ...]
    return_time: Instant


def end_of(life: Life) -> tuple[Phase | None, int, int, int, tuple[DataState, ...]]:
    """What its last status says: phase, periods, purchases, stays, data."""
    status = life.history[-1].status
    return status.phase, status.periods, status.sequence, status.stay, tuple(record.state for record in status.data)


def scars(life: Life) -> list[str]:
    """What went wrong on its way."""
    found = [*wrong_turns(life.history), *unclear_standings(life.history), *early_steps(life.history)]
    found += [
        f"{kind.kind} is left" for kind, name in ((STATEFUL_SETS, life.name), (CLAIMS, f"data-{life.name}-0")) if life.find(kind, name)
    ]
    told = life.told()
    return found + sorted({f"{reason} was told twice" for reason in told if told.count(reason) > 1})


def until_all(lives: Iterable[Life], phase: Phase) -> None:
    for life in lives:
        life.until_phase(phase)


def buy_all(scene: Scene, names: Iterable[str], of_class: str = CLASS) -> tuple[Life, ...]:
    """All at once."""
    with ThreadPoolExecutor(8) as pool:
        return tuple(pool.map(lambda name: scene.buy(name, of_class), names))


@pytest.fixture(scope="module")
def scene(quiet_plane: ControlPlane, quiet_recorder: Recorder) -> Scene:
    """On a plane of its own: an operator that comes back from the dead has these lives to see to, and no others."""
    admin = Api(quiet_plane.kubeconfig(ADMIN))
    scene = Scene("crashes", admin, admin, quiet_recorder)
    scene.prepare()
    scene.sell(a_class(CLASS, term=TERM, retention=RETENTION, workload=stateful_workload()))
    scene.sell(a_class(LONG_CLASS, term=LONG_TERM, retention=RETENTION, workload=stateful_workload()))
    scene.sell(a_class(CALM_CLASS, term=LONG_TERM, retention=LONG_TERM, workload=stateful_workload()))
    scene.sell(a_class(BRIEF_CLASS, term=4, retention=1, workload=stateful_workload()))
    return scene


@pytest.fixture(scope="module")
def killed(scene: Scene, quiet_plane: ControlPlane, tell_reader: Callable[[str], None]) -> Survivors:
    """Ten times SIGKILL, at any moment or right after a write; a life begins between the first ones."""
    seed = int(os.environ.get(SEED) or secrets.randbelow(10**6))
    tell_reader(f"the operator is killed at moments chosen by {SEED}={seed}")
    dice, lives = random.Random(seed), []
    with at_work(operator_of(quiet_plane, "killed")) as operator:
        for number in range(KILLS):
            if number < KILLS // 2:
                lives.append(scene.buy(f"killed-{number}", LONG_CLASS))
            wait_for_any_moment(dice, scene.recorder)
            operator.restart()
        until_all(lives, Phase.TERMINATED)
    return Survivors(tuple(lives), Instant.now())


def wait_for_any_moment(dice: random.Random, recorder: Recorder) -> None:
    if dice.random() < 0.5:
        recorder.has_news_within(LONGEST_MOMENT, dice.randint(1, 12))
        return
    moment = Instant.now().add(seconds=dice.uniform(0, LONGEST_MOMENT))
    wait_for("any moment", lambda: Instant.now() >= moment)


@pytest.fixture(scope="module")
def neglected(scene: Scene, quiet_plane: ControlPlane) -> Survivors:
    """The operator is off from the middle of their term until long after their days in the bin would have been over."""
    with at_work(operator_of(quiet_plane, "neglected")) as operator:
        lives = buy_all(scene, ("neglected-0", "neglected-1"), LONG_CLASS)
        until_all(lives, Phase.RUNNING)
        operator.kill()
        end = lives[0].history[-1].status.expiration_time
        assert end
        wait_for("their terms and days are over", lambda: Instant.now() > end.add(seconds=RETENTION + 2))
        return_time = Instant.now()
        operator.start()
        until_all(lives, Phase.TERMINATED)
    return Survivors(lives, return_time)


@pytest.fixture(scope="module")
def fought_over(scene: Scene, quiet_plane: ControlPlane) -> Survivors:
    """Two operators at once; one of them stands still from the first expiration until the other has ended every life."""
    rival = operator_of(quiet_plane, "rival")
    with at_work(operator_of(quiet_plane, "first")), at_work(rival):
        lives = buy_all(scene, [f"fought-over-{number}" for number in range(4)])
        lives[0].until("in the bin", lambda status: status.recycle_time is not None)
        rival.pause()
        until_all(lives, Phase.TERMINATED)
        return_time = Instant.now()
        rival.resume()
        newcomer = scene.buy("newcomer", BRIEF_CLASS)
        newcomer.until_phase(Phase.TERMINATED)
    return Survivors((*lives, newcomer), return_time)


@pytest.fixture(scope="module")
def redefined(scene: Scene, quiet_plane: ControlPlane) -> Survivors:
    """The definitions of our kinds are written anew while instances run, and are in the bin: the server ends every watch of such a kind."""
    with at_work(operator_of(quiet_plane, "redefined")):
        lives = buy_all(scene, ("redefined-0", "redefined-1"), CALM_CLASS)
        until_all(lives, Phase.RUNNING)
        redefine(scene.admin, "once")
        until_all(lives, Phase.RECYCLED)
        redefine(scene.admin, "twice")
        return_time = Instant.now()
        until_all(lives, Phase.TERMINATED)
    return Survivors(lives, return_time)


def redefine(admin: Api, word: str) -> None:
    """Another category for every kind of ours."""
    for kind in (*OURS, ORDERS):
        name = f"{kind.plural}.{kind.api.partition('/')[0]}"
        admin.merge(CRDS, "", name, {"spec": {"names": {"categories": [word]}}})


@dataclass(frozen=True)
class Stopped:
    """How an operator took SIGTERM, and what became of what it was busy with."""

    code: int
    seconds: float
    lives: tuple[Life, ...]


@pytest.fixture(scope="module")
def stopped(scene: Scene, quiet_plane: ControlPlane) -> Stopped:
    """SIGTERM amid a rush of purchases."""
    with at_work(operator_of(quiet_plane, "stopped")) as operator:
        lives = buy_all(scene, [f"rush-{number}" for number in range(12)])
        scene.recorder.has_news_within(LONGEST_MOMENT, 10)
        asked = Instant.now()
        code = operator.stop()
        seconds = (Instant.now() - asked).total("seconds")
        operator.start()
        until_all(lives, Phase.TERMINATED)
    return Stopped(code, seconds, lives)


@pytest.mark.parametrize("fate", ["killed", "neglected", "fought_over", "redefined"])
def test_it_comes_to_the_same_end(request: pytest.FixtureRequest, fate: str) -> None:
    survivors: Survivors = request.getfixturevalue(fate)
    assert {end_of(life) for life in survivors.lives} == {(Phase.TERMINATED, 1, 1, 1, (DataState.ERASED,))}


@pytest.mark.parametrize("fate", ["killed", "neglected", "fought_over", "redefined"])
def test_no_stage_is_skipped_and_nothing_is_early_or_twice(request: pytest.FixtureRequest, fate: str) -> None:
    survivors: Survivors = request.getfixturevalue(fate)
    assert {life.name: scars(life) for life in survivors.lives if scars(life)} == {}
    assert {tuple(phases(life.history))[-3:] for life in survivors.lives} == {(Phase.RECYCLED, Phase.TERMINATING, Phase.TERMINATED)}


def test_the_watches_had_been_ended(redefined: Survivors) -> None:
    assert redefined.lives[0].recorder.ended_watches > 0


def test_after_any_downtime_the_days_in_the_bin_are_whole_and_from_the_real_entry(neglected: Survivors) -> None:
    for life in neglected.lives:
        status = life.history[-1].status
        assert status.recycle_time
        assert status.release_time
        assert status.recycle_time >= neglected.return_time.subtract(seconds=1)
        assert status.release_time >= status.recycle_time.add(seconds=RETENTION)


def test_a_stop_finishes_what_is_in_flight_and_exits_with_0(stopped: Stopped) -> None:
    assert stopped.code == 0
    assert stopped.seconds < STOP_SECONDS


def test_what_a_stop_interrupted_is_lived_on(stopped: Stopped) -> None:
    assert {life.name: scars(life) for life in stopped.lives if scars(life)} == {}
