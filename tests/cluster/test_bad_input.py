"""Whatever is wrong: what it concerns is held and says what to do, nothing is destroyed, and it goes on by itself once it is put right."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from cluster.apiserver import CLAIMS, INSTANCES, Api
from cluster.faults import (
    BAD_CLASSES,
    BAD_WISHES,
    BRIEF,
    DAMAGES,
    EMPTIED,
    LONG,
    NAMES_TAKEN,
    DamagedStatus,
    EmptiedStatus,
    bad_while_running,
    bystander,
    class_comes_later,
    class_goes,
    copied_from_a_backup,
    kind_and_right_come_later,
    torn_away,
)
from cluster.histories import early_steps, phases, standings, unclear_standings
from cluster.operators import Operator, at_work, operator_of
from cluster.recording import Recorder
from cluster.scenes import Scene
from cluster.stories import Outcomes, Story, tell
from cluster.wares import a_class, stateful_workload
from prepaid.api.instance import Phase
from prepaid.local.plane import ControlPlane

SWEEP_SECONDS: Final = 1.0
"""What is held is looked at again as often as that."""
UNBOUGHT: Final = (*BAD_CLASSES, *BAD_WISHES, *NAMES_TAKEN)
OTHERS: Final[tuple[Story[Any], ...]] = (
    bystander,
    class_comes_later,
    copied_from_a_backup,
    class_goes,
    bad_while_running,
    kind_and_right_come_later,
    torn_away,
)


@dataclass(frozen=True)
class Afterwards:
    """What the stories came to, and how the operator took it."""

    outcomes: Outcomes
    operator: Operator
    is_alive: bool


@pytest.fixture(scope="module")
def afterwards(control_plane: ControlPlane, meddler: Api, recorder: Recorder) -> Iterator[Afterwards]:
    scene = Scene("bad-input", meddler, meddler, recorder)
    scene.prepare()
    scene.sell(a_class(LONG, term=600, workload=stateful_workload()))
    scene.sell(a_class(BRIEF, term=35, retention=600, workload=stateful_workload()))
    with at_work(operator_of(control_plane, "bad-input", SWEEP_SECONDS)) as operator:
        outcomes = tell((*UNBOUGHT, *DAMAGES, *EMPTIED, *OTHERS), scene)
        yield Afterwards(outcomes, operator, operator.is_alive)
    scene.clear()


@pytest.fixture(scope="module")
def outcomes(afterwards: Afterwards) -> Outcomes:
    return afterwards.outcomes


@pytest.mark.parametrize("fault", UNBOUGHT, ids=lambda fault: fault.name)
def test_what_cannot_be_made_is_not_sold_until_it_is_put_right(outcomes: Outcomes, fault: Any) -> None:  # noqa: ANN401
    held = outcomes.of(fault)
    assert fault.words in held.message
    assert held.status.phase is Phase.PENDING


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_a_damaged_status_is_told(outcomes: Outcomes, damage: DamagedStatus) -> None:
    held = outcomes.of(damage)
    assert damage.words in held.message
    assert standings(held.status) == ["Stalled"]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_a_damaged_status_destroys_nothing(outcomes: Outcomes, damage: DamagedStatus) -> None:
    held = outcomes.of(damage)
    assert held.before
    assert held.meanwhile
    assert (held.meanwhile.pods, held.meanwhile.claim, held.meanwhile.has_note) == (held.before.pods, held.before.claim, True)
    assert (held.meanwhile.item is None) is (held.before.item is None)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_a_restored_status_is_lived_on(outcomes: Outcomes, damage: DamagedStatus) -> None:
    held = outcomes.of(damage)
    assert held.before
    assert held.after
    before, after = held.before.status, held.after.status
    assert (after.phase, after.periods, after.expiration_time) == (before.phase, before.periods, before.expiration_time)
    assert (after.recycle_time, after.release_time, held.after.pods) == (before.recycle_time, before.release_time, held.before.pods)


@pytest.mark.parametrize("emptied", EMPTIED, ids=lambda emptied: emptied.name)
def test_an_emptied_status_is_rebuilt_from_what_was_bought(outcomes: Outcomes, emptied: EmptiedStatus) -> None:
    before, after = outcomes.of(emptied)
    assert (after.status.periods, after.status.expiration_time) == (1, before.status.expiration_time)
    assert (after.pods, after.claim, after.has_note) == (before.pods, before.claim, True)


def test_a_stay_that_was_forgotten_is_begun_anew_with_all_its_days(outcomes: Outcomes) -> None:
    before, after = outcomes.of(EMPTIED[1])
    assert before.status.release_time
    assert after.status.release_time
    assert after.status.release_time >= before.status.release_time
    assert after.status.stay > before.status.stay


def test_an_instance_waits_for_its_class(outcomes: Outcomes) -> None:
    assert "There is no InstanceClass comes-later; create it" in outcomes.of(class_comes_later).message


def test_a_restored_copy_is_never_bought(outcomes: Outcomes) -> None:
    held = outcomes.of(copied_from_a_backup)
    assert "delete it and apply it anew" in held.message
    assert held.status.periods == 0


def test_an_instance_waits_for_its_kind_and_then_for_the_right(outcomes: Outcomes) -> None:
    unknown, forbidden = outcomes.of(kind_and_right_come_later)
    assert "serves no kind Machine in machines.test/v1; install it" in unknown.message
    assert 'cannot get resource "machines"' in forbidden.message


def test_an_instance_lives_on_without_its_class(outcomes: Outcomes) -> None:
    whole = [Phase.PENDING, Phase.RUNNING, Phase.RECYCLED, Phase.TERMINATING, Phase.TERMINATED]
    assert phases(outcomes.of(class_goes).history) == whole


def test_a_bad_parameter_is_no_way_to_run_for_free(outcomes: Outcomes) -> None:
    held, recycled = outcomes.of(bad_while_running)
    assert (held.phase, recycled.phase, recycled.periods) == (Phase.RUNNING, Phase.RECYCLED, 1)


def test_the_data_of_an_instance_that_was_torn_away_stays(outcomes: Outcomes) -> None:
    life = outcomes.of(torn_away)
    assert life.find(CLAIMS, f"data-{life.name}-0") is not None


def test_nobody_else_is_delayed(outcomes: Outcomes) -> None:
    """Its story fails where its end does not come in time; nor is it early."""
    late = outcomes.of(bystander)
    assert late.recycled >= 0
    assert late.terminated >= 0


def test_every_status_says_how_it_stands_and_nothing_comes_early(outcomes: Outcomes) -> None:
    damaged = {fault.name for fault in (*DAMAGES, *EMPTIED)}
    histories = outcomes.scene.recorder.histories(INSTANCES, outcomes.scene.namespace)
    wrong = {name: [*unclear_standings(history), *early_steps(history)] for name, history in histories.items() if name not in damaged}
    assert {name: sentences for name, sentences in wrong.items() if sentences} == {}


def test_the_operator_took_it_calmly(afterwards: Afterwards) -> None:
    assert afterwards.is_alive
    assert "Traceback" not in afterwards.operator.said()
