"""Renewing in time and recovering from the bin, on a real cluster: what is paid for is not interrupted, what is kept comes back."""

import pytest

from cluster.apiserver import ITEMS, STATEFUL_SETS
from cluster.histories import phases, statuses
from cluster.lives import Recovered, Renewed, TooLittle, recovered_by_item, recovered_by_total, renewed, self_renewing, too_little
from cluster.stories import Outcomes, Story
from cluster.wares import TERM_SECONDS
from prepaid.api.instance import NextActionType, Phase
from prepaid.api.marks import FIELD_MANAGER


@pytest.fixture(scope="module")
def in_time(lives: Outcomes) -> Renewed:
    return lives.of(renewed)


@pytest.fixture(scope="module", params=[recovered_by_total, recovered_by_item], ids=["by_total", "by_item"])
def recovered(lives: Outcomes, request: pytest.FixtureRequest) -> Recovered:
    """In either way."""
    way: Story[Recovered] = request.param
    return lives.of(way)


@pytest.fixture(scope="module")
def by_item(lives: Outcomes) -> Recovered:
    return lives.of(recovered_by_item)


@pytest.fixture(scope="module")
def short(lives: Outcomes) -> TooLittle:
    return lives.of(too_little)


def test_a_renewal_counts_from_the_anchor(in_time: Renewed) -> None:
    before, after = in_time.before.status, in_time.after.status
    assert before.anchor_time
    assert (after.anchor_time, after.anchor_periods, after.periods) == (before.anchor_time, 6, 6)
    assert after.expiration_time == before.anchor_time.add(seconds=6 * TERM_SECONDS)


def test_a_renewal_does_not_touch_what_runs(in_time: Renewed) -> None:
    assert in_time.after.pods == in_time.before.pods
    writes = [
        entry
        for seen in in_time.life.recorder.history(STATEFUL_SETS, in_time.life.namespace, "renewed")
        for entry in seen.body["metadata"]["managedFields"]
        if entry["manager"] == FIELD_MANAGER
    ]
    assert len({entry["time"] for entry in writes}) == 1
    assert in_time.after.workload
    assert in_time.after.workload["metadata"]["generation"] == 1


def test_a_renewed_instance_never_enters_the_bin(in_time: Renewed) -> None:
    assert phases(in_time.life.history) == [Phase.PENDING, Phase.RUNNING]
    assert in_time.life.recorder.history(ITEMS, in_time.life.namespace, "renewed") == ()


def test_auto_renewal_goes_on_until_it_is_switched_off(lives: Outcomes) -> None:
    history = lives.of(self_renewing).history
    assert [status.periods for status in statuses(history)][-1] == 3
    assert phases(history) == [Phase.PENDING, Phase.RUNNING, Phase.RECYCLED]


def test_auto_renewal_is_told_as_what_comes_next(lives: Outcomes) -> None:
    running = [status for status in statuses(lives.of(self_renewing).history) if status.phase is Phase.RUNNING]
    kinds = [status.next_action.type for status in running if status.next_action]
    assert (kinds[0], kinds[-1]) == (NextActionType.AUTO_RENEW, NextActionType.RECYCLE)


def test_a_recovered_instance_runs_on_the_same_data(recovered: Recovered) -> None:
    assert recovered.in_bin.pods == ()
    assert (len(recovered.again.pods), recovered.again.claim, recovered.again.has_note) == (1, recovered.running.claim, True)


def test_a_recovery_empties_the_bin(recovered: Recovered) -> None:
    status = recovered.again.status
    assert (recovered.again.item, status.recycle_time, status.release_time, status.stay) == (None, None, None, 1)


def test_a_term_bought_in_the_bin_starts_at_the_old_expiration(recovered: Recovered) -> None:
    first = recovered.running.status.expiration_time
    assert first
    assert recovered.again.status.expiration_time == first.add(seconds=5 * TERM_SECONDS)


def test_an_edit_in_the_bin_acts_at_the_recovery(by_item: Recovered) -> None:
    assert by_item.in_bin.workload
    assert by_item.again.workload
    images = [sight["spec"]["template"]["spec"]["containers"][0]["image"] for sight in (by_item.in_bin.workload, by_item.again.workload)]
    assert images == ["nginx:1", "nginx:2"]


def test_a_recovery_is_told_once(recovered: Recovered) -> None:
    expected = ["Purchased", "Recovered", "Recycled"]
    assert recovered.life.told(*expected) == expected


def test_a_raise_that_does_not_reach_now_buys_nothing(short: TooLittle) -> None:
    assert (short.rejected.periods, short.rejected.requested_periods, short.rejected.phase) == (1, 2, Phase.RECYCLED)


def test_a_rejection_names_the_value_that_works(short: TooLittle) -> None:
    assert short.advice.endswith(f"set spec.purchasedPeriods to {short.recovered.requested_periods}.")
    assert short.recovered.expiration_time
    assert short.recovered.phase in (Phase.PENDING, Phase.RUNNING)
