"""The order of the rules: what wins over what, at which second (product.md P1..P15)."""

from dataclasses import replace

import pytest
from whenever import Instant, TimeDelta

from builders import (
    A_WEEK,
    DAY,
    DEAR,
    EXPIRATION,
    HOUR,
    IN_BIN,
    MIDTERM,
    OTHER_UID,
    RELEASE,
    SECOND,
    Changes,
    claim,
    instance,
    instance_class,
    item,
    live,
    new,
    recorded_data,
    recycled,
    running,
    running_workload,
    seen,
    terminated,
    terminating,
    terms,
    without_class,
)
from living import at, carried_out, locked, settled, spoken
from prepaid.api.bin_item import Disposition
from prepaid.api.instance import DataState, Phase
from prepaid.api.marks import INSTANCE_ID
from prepaid.api.terms import Lead, Unit
from prepaid.lifecycle.actions import DeleteObject, DropItem, FileInBin
from prepaid.lifecycle.decision import Decision, Standing
from prepaid.lifecycle.facts import Facts, SeenData
from prepaid.lifecycle.reasons import Reason
from prepaid.lifecycle.rules import decide

TERMINATE = {"disposition": Disposition.TERMINATE, "confirm": "web-1"}
A_DAY_BEFORE = Lead(count=1, unit=Unit.DAY)
RECOVER = {"disposition": Disposition.RECOVER}


def deleted(facts: Facts) -> Facts:
    """After a DELETE that the server accepted."""
    return replace(facts, instance=instance(facts.status, dict(facts.instance.spec), {"deletion_timestamp": facts.now}))


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        pytest.param(EXPIRATION - DAY, Phase.RUNNING, id="a day before its expiration it runs"),
        pytest.param(EXPIRATION - SECOND, Phase.RUNNING, id="one second before its expiration it runs"),
        pytest.param(EXPIRATION, Phase.RECYCLED, id="at its expiration it is recycled"),
        pytest.param(EXPIRATION + SECOND, Phase.RECYCLED, id="one second later as well"),
        pytest.param(EXPIRATION + 365 * DAY, Phase.RECYCLED, id="after a year of downtime it is recycled, not terminated"),
    ],
)
def test_the_expiration_is_the_first_unpaid_second(now: Instant, phase: Phase) -> None:
    assert decide(running(now)).phase is phase


@pytest.mark.parametrize("now", [EXPIRATION - SECOND, EXPIRATION], ids=["before", "at"])
def test_an_instance_that_its_owner_stopped_expires_all_the_same(now: Instant) -> None:
    assert decide(running(now, spec={"running": False})).phase is (Phase.RECYCLED if now >= EXPIRATION else Phase.STOPPED)


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        pytest.param(EXPIRATION, Phase.RECYCLED, id="the second it enters"),
        pytest.param(RELEASE - SECOND, Phase.RECYCLED, id="one second before its release time it is kept"),
        pytest.param(RELEASE, Phase.TERMINATING, id="at its release time it goes through the door"),
        pytest.param(RELEASE + 365 * DAY, Phase.TERMINATING, id="a year later as well"),
    ],
)
def test_the_bin_keeps_it_until_its_release_time(now: Instant, phase: Phase) -> None:
    assert decide(locked(recycled(now))).phase is phase


FILED_LATE = RELEASE + 30 * DAY


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        pytest.param(RELEASE, Phase.RECYCLED, id="its release time by the status is not enough"),
        pytest.param(FILED_LATE + 7 * DAY - SECOND, Phase.RECYCLED, id="one second before seven days of the item"),
        pytest.param(FILED_LATE + 7 * DAY, Phase.TERMINATING, id="seven days after the item was filed"),
    ],
)
def test_the_days_count_from_when_the_item_was_really_filed(now: Instant, phase: Phase) -> None:
    late = item(metadata={"creation_timestamp": FILED_LATE})
    assert decide(locked(recycled(now, item=late))).phase is phase


def test_the_owner_is_told_when_an_item_that_was_filed_late_is_really_released() -> None:
    decision = decide(recycled(item=item(metadata={"creation_timestamp": IN_BIN})))
    assert (decision.next_action.time, decision.wake_time) == (IN_BIN + 7 * DAY, IN_BIN + 7 * DAY)


@pytest.mark.parametrize("late", [pytest.param(SECOND, id="at once"), pytest.param(60 * SECOND, id="a ten-thousandth of the days late")])
def test_an_item_that_was_filed_a_little_late_is_waited_for_and_tells_the_time_on_record(late: TimeDelta) -> None:
    """That is no reason to write the status a second time."""
    decision = decide(recycled(item=item(metadata={"creation_timestamp": EXPIRATION + late})))
    assert (decision.next_action.time, decision.wake_time) == (RELEASE, RELEASE + late)


@pytest.mark.parametrize(
    ("days", "late"),
    [
        pytest.param(7, 61 * SECOND, id="more than a ten-thousandth of a week late"),
        pytest.param(1, 9 * SECOND, id="more than a ten-thousandth of a day late"),
    ],
)
def test_an_item_that_was_filed_later_tells_when_it_is_really_released(days: int, late: TimeDelta) -> None:
    release, kept = EXPIRATION + days * DAY, terms(retention=A_WEEK.model_copy(update={"count": days}))
    filed = item(metadata={"creation_timestamp": EXPIRATION + late})
    decision = decide(recycled(EXPIRATION, status={"release_time": release, "terms": kept}, item=filed))
    assert decision.next_action.time == decision.wake_time == release + late


def test_without_an_item_no_days_have_gone_by() -> None:
    decision = decide(recycled(RELEASE + DAY, item=None))
    assert (decision.phase, [type(action) for action in decision.actions]) == (Phase.RECYCLED, [FileInBin])


@pytest.mark.parametrize(
    "foreign",
    [
        pytest.param(item(TERMINATE, uid=OTHER_UID), id="of another instance of this name"),
        pytest.param(item(TERMINATE, stay=2), id="of a stay that has not been"),
        pytest.param(item(TERMINATE, stay=0), id="of an earlier stay"),
        pytest.param(item(RECOVER, {"observed_generation": 0}, stay=2), id="of another stay, with a Recover"),
    ],
)
def test_a_foreign_item_is_not_obeyed_and_makes_way(foreign: object) -> None:
    decision = decide(recycled(RELEASE + DAY, item=foreign))
    assert (decision.phase, decision.actions) == (Phase.RECYCLED, (DropItem(foreign),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        pytest.param(TERMINATE, Phase.TERMINATING, id="Terminate with the name typed ends it at once"),
        pytest.param({**TERMINATE, "confirm": ""}, Phase.RECYCLED, id="Terminate without the name does nothing"),
        pytest.param({**TERMINATE, "confirm": "web-2"}, Phase.RECYCLED, id="nor with another name"),
        pytest.param({**TERMINATE, "disposition": Disposition.RETAIN}, Phase.RECYCLED, id="nor the name without Terminate"),
    ],
)
def test_terminating_needs_a_confirmation(word: Changes, phase: Phase) -> None:
    assert decide(locked(recycled(item=item(word)))).phase is phase


def test_terminate_is_not_obeyed_while_the_term_runs() -> None:
    decision = decide(running(status={"stay": 1}, item=item(TERMINATE)))
    assert (decision.phase, decision.status.termination_time) == (Phase.RUNNING, None)


@pytest.mark.parametrize("now", [IN_BIN, RELEASE, RELEASE + DAY], ids=["in the bin", "at the release", "after it"])
@pytest.mark.parametrize("word", [{}, TERMINATE], ids=["nothing said", "Terminate said"])
def test_a_purchase_that_was_asked_for_beats_the_door(now: Instant, word: Changes) -> None:
    after = settled(recycled(now, spec={"purchased_periods": 2}, item=item(word)))
    assert (after.status.phase, after.status.termination_time) == (Phase.RUNNING, None)


@pytest.mark.parametrize("now", [IN_BIN, RELEASE + DAY], ids=["in the bin", "after its release time"])
def test_a_purchase_that_cannot_be_decided_keeps_the_door_shut(now: Instant) -> None:
    asked = recycled(now, spec={"purchased_periods": 2}, item=item(TERMINATE))
    decision = decide(spoken(without_class(asked)))
    assert (decision.phase, decision.standing, decision.reason) == (Phase.RECYCLED, Standing.STALLED, Reason.CLASS_MISSING)


def test_a_terminated_instance_only_rests() -> None:
    after = settled(terminated())
    assert decide(after) == Decision(Phase.TERMINATED, Standing.STALLED, Reason.TERMINATED, "Erased: all of it.", after.status)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"spec": {"purchased_periods": 9}}, id="a raised total"),
        pytest.param({"item": item(RECOVER)}, id="a Recover"),
    ],
)
def test_behind_the_door_nothing_can_be_bought(more: Changes) -> None:
    facts = terminating(**{name: value for name, value in more.items() if name == "item"})
    asked = replace(facts, instance=instance(facts.status, more.get("spec", {})))
    decision = decide(asked)
    assert (decision.phase, decision.is_silent) == (Phase.TERMINATING, False)


class TestClocksThatDisagree:
    """Nothing final happens on them, and nothing else is held up."""

    @pytest.mark.parametrize(
        "due",
        [
            pytest.param(running(EXPIRATION), id="recycling"),
            pytest.param(running(EXPIRATION, spec={"auto_renew": True}), id="auto-renewal"),
            pytest.param(recycled(RELEASE), id="the door"),
            pytest.param(recycled(item=item(TERMINATE)), id="the door at the owner's word"),
            pytest.param(terminating(), id="erasing"),
            pytest.param(terminating(IN_BIN, status={"termination_time": IN_BIN}), id="erasing before its release time"),
            pytest.param(
                running(EXPIRATION - HOUR, spec={"auto_renew": True}, status={"terms": terms(auto_renew_lead=A_DAY_BEFORE)}),
                id="auto-renewal at its lead",
            ),
        ],
    )
    def test_what_is_final_waits_and_looks_again(self, due: Facts) -> None:
        decision = decide(replace(due, clocks_agree=False))
        assert (decision.reason, decision.status, decision.actions) == (Reason.CLOCKS_DISAGREE, due.status, ())
        assert decision.wake_time is not None

    @pytest.mark.parametrize(
        "usual",
        [
            pytest.param(new(), id="the first purchase"),
            pytest.param(running(), id="running"),
            pytest.param(running(EXPIRATION - SECOND), id="running in its last second"),
            pytest.param(running(spec={"purchased_periods": 2}), id="a renewal"),
            pytest.param(recycled(), id="waiting in the bin"),
            pytest.param(recycled(spec={"purchased_periods": 2}), id="a recovery"),
            pytest.param(recycled(spec={"auto_renew": True}), id="waiting in the bin with auto-renewal on"),
            pytest.param(terminated(), id="resting"),
        ],
    )
    def test_all_else_goes_on(self, usual: Facts) -> None:
        assert decide(replace(usual, clocks_agree=False)) == decide(usual)
        assert settled(replace(usual, clocks_agree=False)).status == settled(usual).status


class TestDeletion:
    """A deletionTimestamp never starts, hastens or skips anything."""

    @pytest.mark.parametrize(
        "alive",
        [
            pytest.param(running(), id="running"),
            pytest.param(running(EXPIRATION), id="expired"),
            pytest.param(recycled(), id="in the bin"),
            pytest.param(recycled(RELEASE), id="past its release time"),
            pytest.param(terminating(), id="terminating"),
        ],
    )
    def test_a_deleted_instance_lives_its_life(self, alive: Facts) -> None:
        gone, usual = decide(deleted(alive)), decide(alive)
        assert (gone.phase, gone.status, gone.actions) == (usual.phase, usual.status, usual.actions)

    def test_one_that_was_never_bought_is_let_go(self) -> None:
        after = carried_out(decide(deleted(new())), deleted(new()))
        assert after.instance.metadata.finalizers == ()

    def test_a_tombstone_is_let_go(self) -> None:
        assert settled(deleted(terminated())).instance.metadata.finalizers == ()

    def test_a_deleted_one_is_not_bought(self) -> None:
        after = carried_out(decide(deleted(new())), deleted(new()))
        assert (after.status.periods, after.seen.orders) == (0, ())

    def test_a_deleted_one_in_the_bin_is_not_renewed(self) -> None:
        after = settled(deleted(recycled(spec={"purchased_periods": 2})))
        assert (after.status.phase, after.status.periods, after.seen.orders) == (Phase.RECYCLED, 1, ())


class TestHeldConcernsOnlyWhatItConcerns:
    """A fault in one place stops that place; the rest of the life goes on from status (api.md, "Held")."""

    @pytest.mark.parametrize(
        "fault",
        [
            pytest.param({"spec": {"parameters": {"image": "NO"}}}, id="a bad parameter"),
            pytest.param({"spec": {"parameters": {"color": "red"}}}, id="an unknown parameter"),
        ],
    )
    @pytest.mark.parametrize(
        ("now", "phase", "standing"),
        [
            pytest.param(MIDTERM, Phase.RUNNING, Standing.STALLED, id="while the term runs it is held"),
            pytest.param(EXPIRATION, Phase.RECYCLED, Standing.WORKING, id="at its expiration it is recycled and stopped"),
        ],
    )
    def test_a_bad_parameter_is_no_way_to_run_for_free(self, fault: Changes, now: Instant, phase: Phase, standing: Standing) -> None:
        good = running(now)
        bad = replace(good, instance=(who := instance(good.status, fault["spec"])), seen=replace(good.seen, rendering=seen(who).rendering))
        decision = decide(bad)
        assert (decision.phase, decision.standing) == (phase, standing)

    @pytest.mark.parametrize(
        ("facts", "phase"),
        [
            pytest.param(running(MIDTERM), Phase.RUNNING, id="it runs on"),
            pytest.param(running(EXPIRATION), Phase.RECYCLED, id="it expires"),
            pytest.param(running(EXPIRATION, spec={"auto_renew": True}), Phase.RECYCLED, id="it cannot renew itself and expires"),
            pytest.param(recycled(RELEASE - SECOND), Phase.RECYCLED, id="the bin keeps it"),
            pytest.param(recycled(RELEASE), Phase.TERMINATING, id="the bin lets go"),
            pytest.param(recycled(item=item(TERMINATE)), Phase.TERMINATING, id="its owner ends it"),
        ],
    )
    def test_without_its_class_the_life_goes_on(self, facts: Facts, phase: Phase) -> None:
        assert decide(locked(without_class(facts))).phase is phase

    def test_without_its_class_it_is_stopped_as_recorded(self) -> None:
        after = settled(without_class(running(EXPIRATION)))
        assert after.seen.workload is not None
        assert after.seen.workload.at("spec.replicas") == 0

    def test_without_its_class_its_data_is_erased(self) -> None:
        after = settled(without_class(recycled(RELEASE)))
        assert [record.state for record in after.status.data] == [DataState.ERASED]

    def test_it_goes_on_by_itself_once_the_class_is_back(self) -> None:
        waiting = settled(without_class(recycled(RELEASE + DAY, spec={"purchased_periods": 2})))
        back = replace(waiting, seen=replace(waiting.seen, rendering=(sold := seen(waiting.instance)).rendering))
        back = replace(back, seen=replace(back.seen, terms_on_offer=sold.terms_on_offer, class_version=sold.class_version))
        assert settled(back).status.phase is Phase.RUNNING

    @pytest.mark.parametrize(
        ("sold", "reason"),
        [
            pytest.param(instance_class(time_zone="Mars/Base"), Reason.CLASS_UNREADABLE, id="a time zone that does not exist"),
            pytest.param(instance_class(price=DEAR), Reason.NO_ACCOUNT, id="a price"),
        ],
    )
    def test_what_cannot_be_sold_is_not_bought(self, sold: object, reason: Reason) -> None:
        decision = decide(spoken(new(sold=sold)))  # type: ignore[arg-type]
        assert (decision.phase, decision.standing, decision.reason, decision.status.periods) == (
            Phase.PENDING,
            Standing.STALLED,
            reason,
            0,
        )


class TestCopiesAndLostStatuses:
    """What has lived is never bought a second time."""

    def test_a_restored_copy_is_held(self) -> None:
        copy = instance(metadata={"annotations": {INSTANCE_ID: OTHER_UID}})
        decision = decide(Facts(copy, seen(copy), MIDTERM))
        assert (decision.standing, decision.reason, decision.status.periods) == (Standing.STALLED, Reason.RESTORED_COPY, 0)

    def test_a_restored_copy_that_is_deleted_is_let_go(self) -> None:
        copy = instance(metadata={"annotations": {INSTANCE_ID: OTHER_UID}, "deletion_timestamp": MIDTERM})
        facts = Facts(copy, seen(copy), MIDTERM)
        assert carried_out(decide(facts), facts).instance.metadata.finalizers == ()

    @pytest.mark.parametrize(
        "evidence",
        [
            pytest.param({"workload": running_workload(instance())}, id="its workload"),
            pytest.param({"data": (SeenData(None, claim(), None, is_ours=True),)}, id="its data"),
            pytest.param({"item": item()}, id="its bin item"),
        ],
    )
    @pytest.mark.parametrize("is_deleted", [False, True], ids=["alive", "deleted"])
    def test_an_emptied_status_with_evidence_of_life_is_held(self, evidence: Changes, is_deleted: bool) -> None:
        facts = deleted(new(**evidence)) if is_deleted else new(**evidence)
        decision = decide(facts)
        assert (decision.standing, decision.reason, decision.actions) == (Standing.STALLED, Reason.STATUS_LOST, ())

    @pytest.mark.parametrize(
        "foreign",
        [
            pytest.param({"item": item(uid=OTHER_UID)}, id="an item of another instance"),
        ],
    )
    def test_what_is_of_another_instance_is_no_evidence(self, foreign: Changes) -> None:
        assert decide(spoken(new(**foreign))).status.periods == 1

    @pytest.mark.parametrize(
        "foreign",
        [
            pytest.param({"workload": live("StatefulSet", "web-1", "x", "apps/v1"), "workload_is_ours": False}, id="a workload"),
            pytest.param({"data": (SeenData(None, claim("x"), None, is_ours=False),)}, id="data"),
        ],
    )
    def test_a_foreign_object_in_its_place_holds_the_purchase(self, foreign: Changes) -> None:
        decision = decide(new(**foreign))
        assert (decision.standing, decision.reason, decision.status.periods, decision.actions) == (
            Standing.STALLED,
            Reason.NOT_OURS,
            0,
            (),
        )

    def test_a_foreign_claim_in_the_place_of_lost_data_is_never_recorded(self) -> None:
        stranger = SeenData(None, claim("stranger"), None, is_ours=False)
        decision = decide(running(data=(*recorded_data(), stranger)))
        assert [record.uid for record in decision.status.data] == ["claim-uid"]


def test_the_door_and_the_end_are_two_steps() -> None:
    bare = recycled(RELEASE, status={"data": ()}, workload=None, data=())
    decision = decide(locked(bare))
    assert (decision.phase, decision.status.termination_time) == (Phase.TERMINATING, RELEASE)


def test_a_tale_of_erasure_without_a_termination_is_not_the_end() -> None:
    told = terminated().status.conditions
    assert decide(running(status={"conditions": told})).phase is Phase.RUNNING


def test_nothing_that_holds_data_is_deleted_before_the_door() -> None:
    doors = [recycled(RELEASE), recycled(item=item(TERMINATE))]
    lives = [running(), running(EXPIRATION), recycled(), *doors, *map(locked, doors)]
    deletions = [action for facts in lives for action in decide(facts).actions if isinstance(action, DeleteObject)]
    assert deletions == []


def test_a_whole_life_takes_its_stages_one_by_one() -> None:
    facts, phases = settled(new()), []
    for now in (MIDTERM, EXPIRATION, RELEASE - SECOND, RELEASE, RELEASE + HOUR):
        facts = settled(at(now, facts))
        phases.append(facts.status.phase)
    assert phases == [Phase.RUNNING, Phase.RECYCLED, Phase.RECYCLED, Phase.TERMINATED, Phase.TERMINATED]
