"""Behind the door: the workload, its pods, the data, its volumes, in this order; erased only when seen to be gone (api.md, "Erasure")."""

from dataclasses import replace

import pytest

from builders import (
    RELEASE,
    SECOND,
    Changes,
    claim,
    data_record,
    instance,
    live,
    recorded_data,
    terminating,
    terminating_status,
    volume,
)
from living import carried_out, settled
from prepaid.api.bin_item import BinItemPhase
from prepaid.api.instance import DataState, Phase, VolumeRecord
from prepaid.lifecycle.actions import DeleteObject
from prepaid.lifecycle.decision import Standing
from prepaid.lifecycle.facts import Facts, SeenData
from prepaid.lifecycle.notices import Notice
from prepaid.lifecycle.reasons import Reason
from prepaid.lifecycle.rules import decide

RECORD = data_record()
NO_WORKLOAD: Changes = {"workload": None}
GONE = SeenData(RECORD, None, None, is_ours=False)


def deletions(facts: Facts) -> list[str]:
    return [str(action.live.ref) for action in decide(facts).actions if isinstance(action, DeleteObject)]


def alive(live_claim: object, live_volume: object, **record: object) -> tuple[SeenData, ...]:
    return (SeenData(data_record(**record), live_claim, live_volume, is_ours=live_claim is not None),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seen", "deleted", "sentence"),
    [
        pytest.param({}, ["StatefulSet web-1"], "StatefulSet web-1 is being deleted.", id="the workload first"),
        pytest.param({"pods": 2}, ["StatefulSet web-1"], "StatefulSet web-1 is being deleted.", id="with its pods"),
        pytest.param(
            {"workload": live("StatefulSet", "web-1", "w", "apps/v1", metadata={"deletionTimestamp": "2026-06-08T10:00:00Z"})},
            [],
            "StatefulSet web-1 is being deleted.",
            id="once",
        ),
        pytest.param({**NO_WORKLOAD, "pods": 2}, [], "2 of its pods are still ending.", id="then its pods are waited for"),
        pytest.param(
            NO_WORKLOAD,
            ["PersistentVolumeClaim data-web-1-0"],
            "PersistentVolumeClaim data-web-1-0 is being deleted.",
            id="then the data goes",
        ),
        pytest.param(
            {**NO_WORKLOAD, "data": alive(claim(deletionTimestamp="2026-06-08T10:00:00Z"), volume())},
            [],
            "PersistentVolumeClaim data-web-1-0 is being deleted.",
            id="once as well",
        ),
        pytest.param(
            {**NO_WORKLOAD, "data": alive(None, volume())}, [], "The volume pvc-1 is being deleted.", id="then its volume is waited for"
        ),
        pytest.param(
            {**NO_WORKLOAD, "data": alive(None, volume("Retain"))},
            [],
            "The volume pvc-1 is kept by its reclaim policy Retain; an administrator must delete it.",
            id="a volume that is retained is named",
        ),
    ],
)
def test_one_thing_after_the_other(seen: Changes, deleted: list[str], sentence: str) -> None:
    facts = terminating(**seen)
    decision = decide(facts)
    assert (deletions(facts), decision.message, decision.phase, decision.commits) == (deleted, sentence, Phase.TERMINATING, False)


def test_it_looks_again_soon() -> None:
    assert decide(terminating()).wake_time == RELEASE + SECOND


def test_a_workload_that_is_not_ours_is_passed_over() -> None:
    foreign = live("StatefulSet", "web-1", "x", "apps/v1")
    assert deletions(terminating(workload=foreign, workload_is_ours=False)) == ["PersistentVolumeClaim data-web-1-0"]


def test_a_retained_volume_is_a_reason_and_a_state() -> None:
    decision = decide(terminating(**NO_WORKLOAD, data=alive(None, volume("Retain"))))
    assert (decision.reason, [record.state for record in decision.status.data]) == (Reason.VOLUME_RETAINED, [DataState.RETAINED])


@pytest.mark.parametrize("state", [DataState.PRESENT, DataState.RETAINED], ids=["present", "retained before"])
def test_it_is_erased_when_neither_claim_nor_volume_is_seen(state: DataState) -> None:
    status = terminating_status(data=(data_record(state=state),))
    facts = replace(terminating(**NO_WORKLOAD, data=alive(None, None, state=state)), instance=instance(status))
    decision = decide(facts)
    assert (decision.phase, decision.commits, [record.state for record in decision.status.data]) == (
        Phase.TERMINATED,
        True,
        [DataState.ERASED],
    )


def test_the_end_names_what_was_erased_and_when() -> None:
    decision = decide(terminating(**NO_WORKLOAD, data=(GONE,)))
    assert decision.message == "Erased at 2026-06-08T10:00:00Z: PersistentVolumeClaim data-web-1-0."
    assert [event.notice for event in decision.events] == [Notice.TERMINATED]


def test_one_of_two_that_is_gone_is_not_the_end() -> None:
    other = data_record(name="data-web-1-1", uid="other")
    both = (GONE, SeenData(other, live("PersistentVolumeClaim", "data-web-1-1", "other"), None, is_ours=True))
    facts = replace(terminating(**NO_WORKLOAD, data=both), instance=instance(terminating_status(data=(RECORD, other))))
    decision = decide(facts)
    assert (decision.phase, [record.state for record in decision.status.data]) == (
        Phase.TERMINATING,
        [DataState.ERASED, DataState.PRESENT],
    )


def test_an_instance_without_data_ends_as_well() -> None:
    facts = replace(terminating(**NO_WORKLOAD, data=()), instance=instance(terminating_status(data=())))
    decision = decide(facts)
    assert (decision.phase, decision.message) == (Phase.TERMINATED, "Erased at 2026-06-08T10:00:00Z: nothing: it had no data.")


def test_a_record_that_was_not_looked_at_is_never_called_erased() -> None:
    decision = decide(terminating(**NO_WORKLOAD, data=()))
    assert (decision.phase, decision.status.data) == (Phase.TERMINATING, (RECORD,))


def test_what_has_no_record_is_never_deleted() -> None:
    stranger = SeenData(None, claim("stranger"), None, is_ours=True)
    facts = replace(terminating(**NO_WORKLOAD, data=(stranger,)), instance=instance(terminating_status(data=())))
    assert deletions(facts) == []


def test_a_volume_that_was_bound_late_is_recorded_before_its_claim_goes() -> None:
    unbound = data_record(volume=None)
    seen = (SeenData(unbound, claim(), volume("Retain"), is_ours=True),)
    facts = replace(terminating(**NO_WORKLOAD, data=seen), instance=instance(terminating_status(data=(unbound,))))
    decision = decide(facts)
    assert (decision.actions, decision.status.data[0].volume) == ((), VolumeRecord(name="pvc-1", uid="volume-uid"))


def test_data_that_is_first_seen_at_the_door_is_erased_with_the_rest() -> None:
    after = settled(terminating(data=recorded_data()))
    assert (after.status.phase, [record.state for record in after.status.data]) == (Phase.TERMINATED, [DataState.ERASED])


def test_the_tombstone_keeps_a_receipt_and_loses_our_marks() -> None:
    after = settled(terminating())
    assert after.seen.item is not None
    assert after.seen.item.status.phase is BinItemPhase.TERMINATED
    assert (after.instance.metadata.finalizers, list(after.instance.metadata.annotations)) == ((), ["prepaid.dev/instance-id"])


def test_nothing_but_rest_comes_after() -> None:
    after = settled(terminating())
    decision = decide(after)
    assert (decision.standing, decision.actions, decision.wake_time, decision.commits) == (Standing.STALLED, (), None, False)


def test_erasing_goes_on_where_it_was_left() -> None:
    first = carried_out(decide(terminating()), terminating())
    second = carried_out(decide(first), first)
    assert (first.seen.workload, [data.live for data in second.seen.data]) == (None, [None])
