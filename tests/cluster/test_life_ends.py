"""Other lives on a real cluster: other workloads, stopped by the owner, terminated by the owner, deleted in between."""

import pytest

from cluster.apiserver import PODS
from cluster.histories import phases, statuses
from cluster.lives import Condemned, Lived, Paused, bare, condemned, deleted, paused, regretted, stateless, unused
from cluster.stories import Outcomes
from prepaid.api.instance import Phase

WHOLE = [Phase.PENDING, Phase.RUNNING, Phase.RECYCLED, Phase.TERMINATING, Phase.TERMINATED]


@pytest.fixture(scope="module")
def broken_off(lives: Outcomes) -> Paused:
    return lives.of(paused)


@pytest.fixture(scope="module")
def ended(lives: Outcomes) -> Condemned:
    return lives.of(condemned)


def test_a_deployment_lives_the_same_life(lives: Outcomes) -> None:
    lived = lives.of(stateless)
    assert phases(lived.life.history) == WHOLE
    assert [len(sight.pods) for sight in (lived.running, lived.in_bin, lived.afterwards)] == [1, 0, 0]
    assert [sight.workload is not None for sight in (lived.running, lived.in_bin, lived.afterwards)] == [True, True, False]


def test_a_class_without_a_workload_sells_a_term_and_nothing_else(lives: Outcomes) -> None:
    lived = lives.of(bare)
    assert phases(lived.life.history)[-4:] == WHOLE[-4:]
    assert lived.afterwards.status.workload is None


def test_nothing_had_to_be_erased_and_that_is_said(lives: Outcomes) -> None:
    erased = [known for known in lives.of(bare).afterwards.status.conditions if known.type == "DataErased"]
    assert [(known.status, "nothing" in known.message) for known in erased] == [("True", True)]


def test_an_owner_stops_an_instance_and_keeps_its_data(broken_off: Paused) -> None:
    stopped = broken_off.stopped
    assert (stopped.pods, stopped.claim, stopped.has_note) == ((), broken_off.running.claim, True)


def test_an_owner_starts_it_again_on_the_same_data(broken_off: Paused) -> None:
    again = broken_off.again
    assert (len(again.pods), again.claim, again.has_note) == (1, broken_off.running.claim, True)


def test_a_stop_does_not_lengthen_the_term(broken_off: Paused) -> None:
    assert len({sight.status.expiration_time for sight in (broken_off.running, broken_off.stopped, broken_off.again)}) == 1


def test_a_stopped_instance_still_expires(lives: Outcomes) -> None:
    assert phases(lives.of(unused).history) == [Phase.STOPPED, *WHOLE[2:]]


def test_an_instance_that_is_never_started_never_has_a_pod(lives: Outcomes) -> None:
    life = lives.of(unused)
    assert life.recorder.history(PODS, life.namespace, f"{life.name}-0") == ()


def test_the_end_must_be_confirmed_with_the_name(ended: Condemned) -> None:
    assert "spec.confirm must be the instance's name" in ended.refusal


def test_the_owner_ends_it_before_its_days_are_over(ended: Condemned) -> None:
    status = ended.afterwards.status
    assert status.termination_time
    assert status.release_time
    assert status.termination_time < status.release_time
    assert (ended.afterwards.claim, ended.directory.exists()) == ("", False)


def test_a_deletion_neither_hastens_nor_skips_anything(lives: Outcomes) -> None:
    lived: Lived = lives.of(deleted)
    assert len(lived.running.pods) == 1
    assert phases(lived.life.history) == WHOLE


def test_an_instance_that_was_never_bought_may_be_deleted(lives: Outcomes) -> None:
    history = lives.of(regretted).history
    assert history[-1].is_gone
    assert {status.phase for status in statuses(history)} == {Phase.PENDING}
