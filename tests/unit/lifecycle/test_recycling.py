"""Entering the bin, lying in it, and the door (product.md P2, P3, P9, P10, P13)."""

from dataclasses import replace

import pytest
from whenever import Instant

from builders import (
    A_WEEK,
    DAY,
    EXPIRATION,
    IN_BIN,
    OTHER_UID,
    RELEASE,
    SECOND,
    Changes,
    changed,
    claim,
    instance,
    item,
    live,
    recorded_data,
    recycled,
    recycled_status,
    running,
    running_status,
    running_workload,
    stopped_workload,
    terms,
)
from living import carried_out, locked, settled
from prepaid.api.bin_item import BinItemPhase, Disposition
from prepaid.api.instance import NextAction, NextActionType, Phase
from prepaid.api.marks import CLASS, INSTANCE, INSTANCE_UID, STAY
from prepaid.api.terms import Rounding
from prepaid.lifecycle.actions import FileInBin, PatchObject, WriteItemStatus
from prepaid.lifecycle.bin_items import item_of
from prepaid.lifecycle.decision import Standing
from prepaid.lifecycle.facts import Facts, SeenData
from prepaid.lifecycle.notices import Notice
from prepaid.lifecycle.objects import LiveObject
from prepaid.lifecycle.reasons import Reason
from prepaid.lifecycle.rules import decide

TERMINATE = {"disposition": Disposition.TERMINATE, "confirm": "web-1"}


@pytest.mark.parametrize(
    ("now", "release"),
    [
        pytest.param(EXPIRATION, RELEASE, id="on the second it has seven days from its expiration"),
        pytest.param(EXPIRATION + SECOND, RELEASE + SECOND, id="a second late, seven days from then"),
        pytest.param(EXPIRATION + 400 * DAY, RELEASE + 400 * DAY, id="after a long downtime, its full seven days all the same"),
    ],
)
def test_no_stage_is_skipped(now: Instant, release: Instant) -> None:
    status = decide(running(now)).status
    assert (status.recycle_time, status.release_time, status.termination_time) == (now, release, None)


def test_recycling_is_one_commit_and_reads_as_the_bin() -> None:
    decision = decide(running(EXPIRATION))
    assert (decision.phase, decision.commits, decision.actions, decision.status.stay) == (Phase.RECYCLED, True, (), 1)


def test_recycling_is_told_with_its_stay() -> None:
    status = running_status(stay=4)
    decision = decide(replace(running(EXPIRATION), instance=instance(status)))
    assert [(event.notice, event.once) for event in decision.events] == [(Notice.RECYCLED, "5")]


def test_the_retention_is_that_of_its_terms_not_of_the_class() -> None:
    longer = terms(retention=A_WEEK.model_copy(update={"count": 30}))
    decision = decide(replace(running(EXPIRATION), instance=instance(running_status(terms=longer))))
    assert decision.status.release_time == EXPIRATION + 30 * DAY


def test_to_the_end_of_the_day_is_to_local_midnight() -> None:
    rounded = terms(retention=A_WEEK.model_copy(update={"rounding": Rounding.END_OF_DAY}), time_zone="Asia/Shanghai")
    decision = decide(replace(running(EXPIRATION), instance=instance(running_status(terms=rounded))))
    assert decision.status.release_time == Instant.parse_iso("2026-06-09T00:00:00+08:00")


def test_a_release_that_no_calendar_holds_stops_nothing_and_erases_nothing() -> None:
    last = Instant.parse_iso("9999-12-30T10:00:00Z")
    status = running_status(expiration_time=last)
    decision = decide(replace(running(last), instance=instance(status)))
    assert (decision.standing, decision.reason, decision.status) == (Standing.STALLED, Reason.TERM_UNREADABLE, status)


def test_in_the_bin_it_is_stopped_filed_and_then_left_alone() -> None:
    facts = carried_out(decide(running(EXPIRATION)), running(EXPIRATION))
    actions = decide(facts).actions
    assert [type(action) for action in actions] == [FileInBin, PatchObject]
    assert decide(settled(facts)).actions == ()


def test_the_item_says_what_the_status_says() -> None:
    filed = item_of(recycled(status={"stay": 3}))
    assert (filed.metadata.name, filed.spec.instance_ref.stay, filed.spec.recycle_time, filed.spec.release_time) == (
        "web-1",
        3,
        EXPIRATION,
        RELEASE,
    )


def test_the_item_is_labelled_and_goes_with_its_instance() -> None:
    filed = item_of(recycled()).metadata
    owner = filed.owner_references[0]
    assert filed.labels == {INSTANCE: "web-1", INSTANCE_UID: recycled().instance.metadata.uid, CLASS: "standard"}
    assert (owner.kind, owner.name, owner.uid, owner.controller, owner.block_owner_deletion) == (
        "PrepaidInstance",
        "web-1",
        recycled().instance.metadata.uid,
        False,
        False,
    )


IN_BIN_INSTANCE = instance(recycled_status())


@pytest.mark.parametrize(
    ("workload", "is_stopped_again"),
    [
        pytest.param(stopped_workload(IN_BIN_INSTANCE), False, id="stopped and stamped it is left alone"),
        pytest.param(running_workload(IN_BIN_INSTANCE), True, id="running it is stopped"),
        pytest.param(
            changed(stopped_workload(IN_BIN_INSTANCE), {"spec": {"replicas": 1}}), True, id="scaled up behind our back it is stopped again"
        ),
        pytest.param(
            changed(stopped_workload(IN_BIN_INSTANCE), {"metadata": {"annotations": {STAY: "0-stopped"}}}),
            True,
            id="stopped by its owner before, it is stamped for this stay",
        ),
        pytest.param(None, False, id="gone it is not missed"),
    ],
)
def test_the_workload_in_the_bin(workload: LiveObject | None, is_stopped_again: bool) -> None:
    actions = decide(recycled(workload=workload)).actions
    assert [type(action) for action in actions] == ([PatchObject] if is_stopped_again else [])


def test_a_stop_is_stamped_with_the_stay() -> None:
    (action,) = decide(recycled(workload=running_workload(IN_BIN_INSTANCE))).actions
    assert isinstance(action, PatchObject)
    assert action.patch == {"spec": {"replicas": 0}, "metadata": {"annotations": {STAY: "1-stopped"}}}


def test_a_workload_that_is_not_ours_is_not_stopped() -> None:
    facts = recycled(workload=live("StatefulSet", "web-1", "x", "apps/v1"), workload_is_ours=False)
    assert decide(facts).actions == ()


@pytest.mark.parametrize("has_class", [True, False], ids=["with its class", "without its class"])
def test_a_workload_whose_record_was_lost_is_stopped_or_the_alarm_is_raised(has_class: bool) -> None:
    facts = recycled(status={"workload": None}, workload=running_workload(IN_BIN_INSTANCE), pods=1)
    decision = decide(facts if has_class else replace(facts, seen=replace(facts.seen, rendering=None)))
    stops = [action for action in decision.actions if isinstance(action, PatchObject)]
    assert bool(stops) is has_class
    assert decision.standing is (Standing.WORKING if has_class else Standing.STALLED)


@pytest.mark.parametrize(
    ("seen", "standing", "reason"),
    [
        pytest.param({}, Standing.STALLED, Reason.IN_RECYCLE_BIN, id="at rest"),
        pytest.param({"pods": 1}, Standing.WORKING, Reason.RECYCLING, id="a pod is still ending"),
        pytest.param({"workload": running_workload(IN_BIN_INSTANCE)}, Standing.WORKING, Reason.RECYCLING, id="it is being stopped"),
    ],
)
def test_how_it_stands_in_the_bin(seen: Changes, standing: Standing, reason: Reason) -> None:
    decision = decide(recycled(**seen))
    assert (decision.standing, decision.reason) == (standing, reason)


@pytest.mark.parametrize("seen", [{"pods": 1}, {"workload": running_workload(IN_BIN_INSTANCE)}], ids=["a pod is ending", "not stopped yet"])
def test_while_it_is_being_stopped_it_is_looked_at_again_though_no_event_comes(seen: Changes) -> None:
    facts = recycled(**seen)
    assert decide(facts).wake_time == facts.now.add(seconds=30)


def test_it_is_looked_at_when_its_days_are_over() -> None:
    decision = decide(recycled())
    assert (decision.wake_time, decision.next_action) == (RELEASE, NextAction(type=NextActionType.TERMINATE, time=RELEASE))


def test_edits_in_the_bin_change_nothing() -> None:
    edited = {"running": False, "parameters": {"image": "other"}, "auto_renew": True}
    assert decide(recycled(spec=edited)) == decide(recycled())


class TestTheDoor:
    """First the item is locked, then the instance is committed; there is no way back."""

    @pytest.mark.parametrize("facts", [recycled(RELEASE), recycled(item=item(TERMINATE))], ids=["its days are over", "its owner says so"])
    def test_the_item_is_locked_first(self, facts: Facts) -> None:
        decision = decide(facts)
        assert [a.item.status.phase for a in decision.actions if isinstance(a, WriteItemStatus)] == [BinItemPhase.TERMINATING]
        assert (decision.commits, decision.status.termination_time) == (False, None)

    @pytest.mark.parametrize("facts", [recycled(RELEASE), recycled(item=item(TERMINATE))], ids=["its days are over", "its owner says so"])
    def test_the_look_after_the_lock_commits(self, facts: Facts) -> None:
        decision = decide(locked(facts))
        assert (decision.actions, decision.commits, decision.status.termination_time) == ((), True, facts.now)

    def test_an_item_that_is_locked_already_is_not_locked_again(self) -> None:
        assert decide(recycled(RELEASE, item=item(status={"phase": BinItemPhase.TERMINATING}))).actions == ()

    def test_a_lock_alone_terminates_nothing(self) -> None:
        decision = decide(recycled(IN_BIN, item=item(status={"phase": BinItemPhase.TERMINATING})))
        assert decision.status.termination_time is None

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            pytest.param(recycled(RELEASE), "Its days in the bin are over", id="by its days"),
            pytest.param(recycled(item=item(TERMINATE)), "Its owner terminated it", id="by its owner"),
        ],
    )
    def test_it_is_told_who_opened_it(self, facts: Facts, sentence: str) -> None:
        (event,) = decide(locked(facts)).events
        assert (event.notice, event.message.split(";")[0]) == (Notice.TERMINATING, sentence)

    def test_all_data_that_is_seen_is_recorded_with_it(self) -> None:
        late = SeenData(None, claim("late"), None, is_ours=True)
        decision = decide(locked(recycled(RELEASE, data=(*recorded_data(), late), workload=None)))
        assert [record.uid for record in decision.status.data] == ["claim-uid", "late"]

    def test_a_foreign_item_opens_nothing_at_any_time(self) -> None:
        decision = decide(recycled(RELEASE + 400 * DAY, item=item(TERMINATE, uid=OTHER_UID)))
        assert decision.status.termination_time is None
