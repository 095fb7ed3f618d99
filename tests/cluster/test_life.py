"""The whole life of an instance that is bought and forgotten, on a real cluster: to the last directory on disk."""

import pytest

from cluster.apiserver import CLAIMS, INSTANCES, PODS, STATEFUL_SETS
from cluster.histories import early_steps, phases, standings, statuses, unclear_standings, wrong_turns
from cluster.lives import Lived, forgotten
from cluster.stories import Outcomes
from prepaid.api.instance import DataState, NextActionType, Phase
from prepaid.api.marks import LIFECYCLE_FINALIZER


@pytest.fixture(scope="module")
def lived(lives: Outcomes) -> Lived:
    return lives.of(forgotten)


def test_an_instance_that_is_bought_runs_with_a_pod_and_a_bound_claim(lived: Lived) -> None:
    assert (len(lived.running.pods), lived.running.claim_phase, lived.running.has_note) == (1, "Bound", True)


def test_at_its_expiration_its_pod_goes_and_its_data_stays(lived: Lived) -> None:
    assert (lived.in_bin.pods, lived.in_bin.claim, lived.in_bin.has_note) == ((), lived.running.claim, True)


def test_its_pod_is_not_touched_before_the_expiration(lived: Lived) -> None:
    pods = lived.life.recorder.history(PODS, lived.life.namespace, "forgotten-0")
    ended = next(seen.moment for seen in pods if "deletionTimestamp" in seen.body["metadata"])
    assert lived.running.status.expiration_time
    assert ended >= lived.running.status.expiration_time


def test_the_bin_item_tells_the_moments_of_the_stay(lived: Lived) -> None:
    status, item = lived.in_bin.status, lived.in_bin.item
    assert item
    assert status.recycle_time
    assert status.release_time
    spec = item["spec"]
    assert spec["instanceRef"]["stay"] == 1
    assert (spec["recycleTime"], spec["releaseTime"]) == (status.recycle_time.format_iso(), status.release_time.format_iso())


def test_after_its_days_in_the_bin_everything_of_it_is_erased(lived: Lived) -> None:
    end = lived.afterwards
    assert lived.directory is not None
    assert (end.workload, end.pods, end.claim, lived.directory.exists()) == (None, (), "", False)
    assert [record.state for record in end.status.data] == [DataState.ERASED]


def test_its_data_is_not_touched_before_the_release(lived: Lived) -> None:
    claims = lived.life.recorder.history(CLAIMS, lived.life.namespace, "data-forgotten-0")
    ended = next(seen.moment for seen in claims if "deletionTimestamp" in seen.body["metadata"])
    assert lived.in_bin.status.release_time
    assert ended >= lived.in_bin.status.release_time


def test_the_item_of_a_terminated_instance_stays_as_its_receipt(lived: Lived) -> None:
    assert lived.afterwards.item is not None
    assert lived.afterwards.item["status"]["phase"] == "Terminated"


def test_the_tombstone_goes_with_its_receipt_when_its_owner_deletes_it(lived: Lived) -> None:
    last = lived.life.history[-1]
    assert last.is_gone
    assert LIFECYCLE_FINALIZER not in last.instance.metadata.finalizers


def test_no_phase_is_skipped(lived: Lived) -> None:
    expected = [Phase.PENDING, Phase.RUNNING, Phase.RECYCLED, Phase.TERMINATING, Phase.TERMINATED]
    assert phases(lived.life.history) == expected


@pytest.mark.parametrize(
    ("phase", "standing", "ready_reason", "next_action"),
    [
        pytest.param(Phase.RUNNING, "Ready", "Running", NextActionType.RECYCLE, id="running it is ready"),
        pytest.param(Phase.RECYCLED, "Stalled", "InRecycleBin", NextActionType.TERMINATE, id="in the bin it waits for its owner"),
        pytest.param(Phase.TERMINATED, "Stalled", "Terminated", NextActionType.NONE, id="terminated it is at its end"),
    ],
)
def test_each_phase_comes_to_rest(lived: Lived, phase: Phase, standing: str, ready_reason: str, next_action: NextActionType) -> None:
    last = [status for status in statuses(lived.life.history) if status.phase is phase][-1]
    ready = next(known for known in last.conditions if known.type == "Ready")
    assert last.next_action is not None
    assert (standings(last), ready.reason, last.next_action.type) == ([standing], ready_reason, next_action)


@pytest.mark.parametrize("phase", [Phase.PENDING, Phase.TERMINATING])
def test_what_is_under_way_reconciles(lived: Lived, phase: Phase) -> None:
    assert {tuple(standings(status)) for status in statuses(lived.life.history) if status.phase is phase} == {("Reconciling",)}


def test_the_next_action_names_the_very_moment(lived: Lived) -> None:
    running, in_bin = lived.running.status, lived.in_bin.status
    assert running.next_action
    assert in_bin.next_action
    assert (running.next_action.time, in_bin.next_action.time) == (running.expiration_time, in_bin.release_time)


def test_every_event_is_told_once(lived: Lived) -> None:
    expected = ["Purchased", "Recycled", "Terminated", "Terminating"]
    assert lived.life.told(*expected) == expected


def test_the_workload_is_written_twice_for_a_life(lived: Lived) -> None:
    versions = lived.life.recorder.history(STATEFUL_SETS, lived.life.namespace, "forgotten")
    assert max(seen.body["metadata"]["generation"] for seen in versions) == 2


def test_every_status_of_every_life_is_as_it_should_be(lives: Outcomes) -> None:
    histories = lives.scene.recorder.histories(INSTANCES, lives.scene.namespace)
    wrong = {
        name: [*wrong_turns(history), *unclear_standings(history), *early_steps(history, by_owner=name == "condemned")]
        for name, history in histories.items()
    }
    assert {name: sentences for name, sentences in wrong.items() if sentences} == {}
