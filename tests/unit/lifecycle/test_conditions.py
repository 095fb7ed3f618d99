"""How a decision reads: phase, kstatus and the other conditions (api.md, "kstatus")."""

from dataclasses import replace

import pytest
from whenever import Instant

from builders import (
    DAY,
    DEAR,
    EXPIRATION,
    MIDTERM,
    OTHER_UID,
    RELEASE,
    SECOND,
    START,
    Changes,
    changed,
    instance,
    instance_class,
    item,
    new,
    recycled,
    running,
    running_status,
    running_workload,
    seen,
    stopped_workload,
    terminated,
    terminating,
    terms,
    without_class,
)
from living import at, carried_out, locked, settled, spoken
from prepaid.api.instance import InstanceStatus, NextActionType, Phase
from prepaid.api.marks import INSTANCE_ID
from prepaid.api.resource import Condition
from prepaid.api.terms import Notices
from prepaid.lifecycle.conditions import status_to_report
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.notices import Notice
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.rules import decide

WEB = instance(running_status())
COPY = instance(metadata={"annotations": {INSTANCE_ID: OTHER_UID}})
READY, WORKING, STALLED = ("True", "False", "False"), ("False", "True", "False"), ("False", "False", "True")


def reported(facts: Facts, problem: Problem | None = None) -> InstanceStatus:
    """What is written once there is something to tell."""
    look = spoken(facts)
    return status_to_report(decide(look), look, problem)


def told(status: InstanceStatus, name: str) -> Condition | None:
    return next((condition for condition in status.conditions if condition.type == name), None)


def kstatus(status: InstanceStatus) -> tuple[str, ...]:
    return tuple(condition.status for condition in status.conditions if condition.type in ("Ready", "Reconciling", "Stalled"))


@pytest.mark.parametrize(
    ("facts", "phase", "stands"),
    [
        pytest.param(new(), Phase.PENDING, WORKING, id="Pending with work to do"),
        pytest.param(new(sold=instance_class(price=DEAR)), Phase.PENDING, STALLED, id="Pending unpaid"),
        pytest.param(without_class(new()), Phase.PENDING, STALLED, id="Pending without a class"),
        pytest.param(running(), Phase.RUNNING, READY, id="Running"),
        pytest.param(running(workload=changed(running_workload(WEB), {"status": None})), Phase.RUNNING, WORKING, id="Running, not ready"),
        pytest.param(without_class(running()), Phase.RUNNING, STALLED, id="Running, held"),
        pytest.param(running(spec={"purchased_periods": 2}), Phase.RUNNING, READY, id="Running, just renewed"),
        pytest.param(running(spec={"running": False}, workload=stopped_workload(WEB)), Phase.STOPPED, READY, id="Stopped by its owner"),
        pytest.param(running(spec={"running": False}), Phase.STOPPED, WORKING, id="Stopped, not yet"),
        pytest.param(running(EXPIRATION), Phase.RECYCLED, WORKING, id="Recycled with work open"),
        pytest.param(recycled(), Phase.RECYCLED, STALLED, id="Recycled"),
        pytest.param(recycled(RELEASE), Phase.RECYCLED, WORKING, id="at the door, about to be locked"),
        pytest.param(locked(recycled(RELEASE)), Phase.TERMINATING, WORKING, id="at the door"),
        pytest.param(terminating(), Phase.TERMINATING, WORKING, id="Terminating"),
        pytest.param(terminated(), Phase.TERMINATED, STALLED, id="Terminated"),
        pytest.param(Facts(COPY, seen(COPY), MIDTERM), Phase.PENDING, STALLED, id="Held, a copy"),
        pytest.param(running(status={"expiration_time": None}), Phase.RUNNING, STALLED, id="Held, an unreadable term"),
        pytest.param(replace(running(EXPIRATION), clocks_agree=False), Phase.RUNNING, STALLED, id="Held, by the clocks"),
    ],
)
def test_a_phase_stands(facts: Facts, phase: Phase, stands: tuple[str, ...]) -> None:
    status = reported(facts)
    assert (status.phase, kstatus(status)) == (phase, stands)


@pytest.mark.parametrize(
    ("facts", "conditions"),
    [
        pytest.param(new(), {"Paid": "True", "Recycled": "False"}, id="bought"),
        pytest.param(without_class(new()), {"Paid": "False"}, id="not bought"),
        pytest.param(running(), {"Paid": "True", "Recycled": "False", "ExpiringSoon": "False", "WorkloadReady": "True"}, id="running"),
        pytest.param(running(EXPIRATION), {"Paid": "False", "Recycled": "True"}, id="expired"),
        pytest.param(recycled(), {"Paid": "False", "Recycled": "True", "WorkloadReady": "False"}, id="in the bin"),
        pytest.param(terminating(), {"Paid": "False", "Recycled": "True", "DataErased": "False"}, id="terminating"),
        pytest.param(terminated(), {"Paid": "False", "Recycled": "True", "DataErased": "True"}, id="terminated"),
    ],
)
def test_a_life_is_told(facts: Facts, conditions: Changes) -> None:
    status = reported(facts)
    assert {name: condition.status for name in conditions if (condition := told(status, name))} == conditions


def test_the_spec_that_it_speaks_of_is_named() -> None:
    facts = replace(running(), instance=instance(running_status(), metadata={"generation": 7}))
    status = reported(facts)
    assert (status.observed_generation, {condition.observed_generation for condition in status.conditions}) == (7, {7})


class TestTransitions:
    """lastTransitionTime moves only when the status flips."""

    def test_it_stays_while_the_status_stays(self) -> None:
        first = settled(running())
        later = reported(at(MIDTERM + DAY, first))
        assert {condition.last_transition_time for condition in later.conditions} == {MIDTERM}

    def test_it_moves_with_the_status(self) -> None:
        stopped = settled(at(EXPIRATION, settled(running())))
        ready, working = told(stopped.status, "Ready"), told(stopped.status, "Reconciling")
        assert ready is not None
        assert working is not None
        assert (ready.last_transition_time, working.last_transition_time) == (EXPIRATION, EXPIRATION)

    def test_a_quiet_look_changes_nothing(self) -> None:
        for facts in (settled(running()), settled(recycled()), settled(terminated())):
            assert reported(at(facts.now + SECOND, facts)) == facts.status


class TestProblems:
    """What the server refused is told where it concerns, and nowhere else."""

    REFUSED = Problem(Reason.REFUSED_BY_SERVER, "The server refuses it.")

    def test_it_stalls(self) -> None:
        status = reported(running(), self.REFUSED)
        ready = told(status, "Ready")
        assert ready is not None
        assert (kstatus(status), ready.reason, ready.message) == (STALLED, "RefusedByServer", "The server refuses it.")

    def test_the_term_goes_on(self) -> None:
        status = reported(running(), self.REFUSED)
        paid = told(status, "Paid")
        assert paid is not None
        assert (status.phase, paid.status) == (Phase.RUNNING, "True")


class TestPaid:
    """Whether this moment is paid for, and what became of the last renewal."""

    @pytest.mark.parametrize(("now", "paid"), [(EXPIRATION - SECOND, "True"), (EXPIRATION, "False")], ids=["last second", "expiration"])
    def test_it_is_paid_until_its_expiration(self, now: Instant, paid: str) -> None:
        condition = told(reported(running(now)), "Paid")
        assert condition is not None
        assert condition.status == paid

    LATE = Instant.parse_iso("2026-12-01T10:00:00Z")

    def test_a_rejected_renewal_is_told_until_the_next_purchase(self) -> None:
        rejected = settled(recycled(self.LATE, spec={"purchased_periods": 2}, item=item(metadata={"creation_timestamp": self.LATE})))
        still = reported(at(self.LATE + DAY, rejected))
        again = settled(replace(rejected, instance=instance(rejected.status, {"purchased_periods": 9})))
        reasons = [condition.reason for status in (rejected.status, still, again.status) if (condition := told(status, "Paid"))]
        assert reasons == ["RenewalRejected", "RenewalRejected", "Paid"]

    def test_an_unreadable_term_is_not_called_unbought(self) -> None:
        condition = told(reported(running(status={"expiration_time": None})), "Paid")
        assert condition is not None
        assert (condition.status, condition.reason) == ("False", "TermUnreadable")


def test_a_tombstone_that_lost_its_moments_still_tells_that_its_data_is_erased() -> None:
    facts = settled(terminated(start_time=None))
    assert (facts.status.phase, facts.status.conditions[-1].type, facts.status.conditions[-1].status) == (
        Phase.TERMINATED,
        "DataErased",
        "True",
    )


def test_a_long_message_is_cut() -> None:
    assert max(len(condition.message) for condition in reported(running(), Problem(Reason.NO_EFFECT, "x" * 5000)).conditions) == 1024


class TestReminders:
    """What is announced before it happens; a notice longer than the term says nothing."""

    NOTICES = Notices(before_expiration_days=(7, 3, 1, 40), before_release_hours=(24, 1, 400))

    @pytest.mark.parametrize(
        ("now", "once", "wake"),
        [
            pytest.param(EXPIRATION - 7 * DAY - SECOND, None, EXPIRATION - 7 * DAY, id="a second before seven days nothing is said"),
            pytest.param(EXPIRATION - 7 * DAY, "1-168h", EXPIRATION - 3 * DAY, id="seven days before"),
            pytest.param(EXPIRATION - 3 * DAY - SECOND, "1-168h", EXPIRATION - 3 * DAY, id="until three days before"),
            pytest.param(EXPIRATION - 3 * DAY, "1-72h", EXPIRATION - DAY, id="three days before"),
            pytest.param(EXPIRATION - SECOND, "1-24h", EXPIRATION, id="in the last second"),
        ],
    )
    def test_the_expiration_is_announced(self, now: Instant, once: str | None, wake: Instant) -> None:
        decision = decide(running(now, status={"terms": terms(notices=self.NOTICES)}))
        assert [event.once for event in decision.events if event.notice is Notice.EXPIRING_SOON] == ([once] if once else [])
        assert decision.wake_time == wake

    @pytest.mark.parametrize(
        ("now", "once", "wake"),
        [
            pytest.param(RELEASE - DAY - SECOND, None, RELEASE - DAY, id="a second before nothing is said"),
            pytest.param(RELEASE - DAY, "1-24h", RELEASE - SECOND * 3600, id="a day before"),
            pytest.param(RELEASE - SECOND, "1-1h", RELEASE, id="in the last hour"),
        ],
    )
    def test_the_release_is_announced(self, now: Instant, once: str | None, wake: Instant) -> None:
        decision = decide(recycled(now, status={"terms": terms(notices=self.NOTICES)}))
        assert [event.once for event in decision.events if event.notice is Notice.RELEASE_SOON] == ([once] if once else [])
        assert decision.wake_time == wake

    def test_past_its_release_nothing_is_announced_any_more(self) -> None:
        kept = without_class(recycled(RELEASE, spec={"purchased_periods": 2}, status={"terms": terms(notices=self.NOTICES)}))
        assert decide(spoken(kept)).events == ()

    def test_soon_is_a_condition(self) -> None:
        soon = [
            told(reported(running(now, status={"terms": terms(notices=self.NOTICES)})), "ExpiringSoon")
            for now in (MIDTERM, EXPIRATION - DAY)
        ]
        assert [condition.status for condition in soon if condition] == ["False", "True"]


def test_what_comes_next_is_told_for_every_stage() -> None:
    stages = [running(), running(spec={"auto_renew": True}), recycled(), terminating(), terminated()]
    assert [told_next.type for facts in stages if (told_next := reported(facts).next_action)] == [
        NextActionType.RECYCLE,
        NextActionType.AUTO_RENEW,
        NextActionType.TERMINATE,
        NextActionType.NONE,
        NextActionType.NONE,
    ]


def test_a_commit_reads_as_the_next_look_would() -> None:
    facts = spoken(running(spec={"purchased_periods": 2}))
    committed = carried_out(decide(facts), facts)
    assert reported(committed) == committed.status.model_copy(update={"intent": None, "sequence": 2})


def test_the_start_of_the_first_term_is_its_first_moment() -> None:
    assert settled(new()).status.start_time == START
