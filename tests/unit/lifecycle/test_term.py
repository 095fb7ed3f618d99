"""A term is read back whole or not at all: what is missing or contradicts holds, and is never guessed (product.md P15)."""

from dataclasses import replace

import pytest

from builders import (
    DAY,
    EXPIRATION,
    HOUR,
    IN_BIN,
    RELEASE,
    SECOND,
    START,
    Changes,
    data_record,
    instance,
    recycled,
    recycled_status,
    running,
    running_status,
    terminating,
    terminating_status,
    terms,
    workload_record,
)
from living import locked
from prepaid.api.instance import DataState, InstanceStatus
from prepaid.lifecycle.decision import Standing
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.rules import decide
from prepaid.lifecycle.term import Stay, Term, read_term

EMPTY = InstanceStatus()


def without(field: str) -> Changes:
    """The field as it reads when it is not there."""
    return {field: getattr(EMPTY, field)}


def test_a_good_status_is_a_term() -> None:
    assert read_term(running_status()) == Term(START, EXPIRATION, START, 1, terms(), None, None)


def test_a_status_in_the_bin_has_its_stay() -> None:
    term = read_term(recycled_status())
    assert isinstance(term, Term)
    assert term.stay == Stay(EXPIRATION, RELEASE)


@pytest.mark.parametrize(
    "status",
    [
        pytest.param(EMPTY, id="an empty status"),
        pytest.param(InstanceStatus(observed_generation=4, sequence=2), id="one whose purchases were all rejected"),
    ],
)
def test_an_instance_that_was_granted_nothing_has_no_term(status: InstanceStatus) -> None:
    assert read_term(status) is None


@pytest.mark.parametrize(
    "trace",
    [
        {"start_time": START},
        {"expiration_time": EXPIRATION},
        {"anchor_time": START},
        {"anchor_periods": 1},
        {"periods": 1},
        {"stay": 1},
        {"recycle_time": EXPIRATION},
        {"release_time": RELEASE},
        {"termination_time": RELEASE},
        {"terms": terms()},
        {"workload": workload_record()},
        {"data": (data_record(),)},
    ],
    ids=lambda trace: next(iter(trace)),
)
def test_a_single_trace_of_a_life_is_enough_not_to_buy_again(trace: Changes) -> None:
    assert isinstance(read_term(EMPTY.model_copy(update=dict(trace))), Problem)


NEEDED = ["start_time", "expiration_time", "anchor_time", "anchor_periods", "periods", "requested_periods", "terms"]


@pytest.mark.parametrize("field", NEEDED)
@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(running(), id="running"),
        pytest.param(running(EXPIRATION), id="expired"),
        pytest.param(recycled(), id="recycled"),
        pytest.param(recycled(RELEASE + DAY), id="past its release"),
        pytest.param(terminating(), id="terminating"),
    ],
)
def test_a_status_that_lost_a_field_is_held(facts: Facts, field: str) -> None:
    lost = facts.status.model_copy(update=dict(without(field)))
    decision = decide(replace(facts, instance=instance(lost)))
    assert (decision.standing, decision.reason, decision.actions, decision.status) == (
        Standing.STALLED,
        Reason.TERM_UNREADABLE,
        (),
        lost,
    )


@pytest.mark.parametrize("field", ["stay", "recycle_time", "release_time"])
@pytest.mark.parametrize("facts", [recycled(RELEASE + DAY), terminating()], ids=["past its release", "terminating"])
def test_a_stay_that_lost_a_field_is_held(facts: Facts, field: str) -> None:
    lost = facts.status.model_copy(update=dict(without(field)))
    decision = decide(replace(facts, instance=instance(lost)))
    assert (decision.standing, decision.reason, decision.actions) == (Standing.STALLED, Reason.TERM_UNREADABLE, ())


@pytest.mark.parametrize("field", ["phase", "observed_generation", "next_action", "conditions"])
@pytest.mark.parametrize("facts", [running(), recycled(), recycled(RELEASE), locked(recycled(RELEASE)), terminating()])
def test_what_is_only_for_people_to_read_decides_nothing(facts: Facts, field: str) -> None:
    lost = replace(facts, instance=instance(facts.status.model_copy(update=dict(without(field)))))
    assert (decide(lost).phase, decide(lost).actions) == (decide(facts).phase, decide(facts).actions)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        pytest.param(running_status(expiration_time=START), "expirationTime", id="it ends where it starts"),
        pytest.param(running_status(expiration_time=START - SECOND), "expirationTime", id="it ends before it starts"),
        pytest.param(running_status(anchor_time=START - SECOND), "anchorTime", id="it is counted from before its start"),
        pytest.param(running_status(anchor_time=EXPIRATION), "anchorTime", id="it is counted from its end"),
        pytest.param(recycled_status(recycle_time=EXPIRATION - SECOND), "recycleTime", id="it was recycled before its end"),
        pytest.param(recycled_status(release_time=EXPIRATION), "releaseTime", id="it is released when it was recycled"),
        pytest.param(recycled_status(recycle_time=RELEASE + HOUR), "releaseTime", id="it is released before it was recycled"),
        pytest.param(running_status(termination_time=RELEASE), "status.stay", id="it was terminated without a stay"),
        pytest.param(terminating_status(termination_time=EXPIRATION - SECOND), "terminationTime", id="terminated before recycled"),
        pytest.param(running_status(terms=terms(time_zone="Mars/Base")), "time zone", id="its time zone does not exist"),
        pytest.param(
            recycled_status(data=(data_record(state=DataState.ERASED),)), "status.data", id="its data was erased, but it was not terminated"
        ),
    ],
)
def test_a_status_that_contradicts_itself_is_held(status: InstanceStatus, sentence: str) -> None:
    who = instance(status)
    decision = decide(replace(recycled(RELEASE + DAY), instance=who))
    assert (decision.standing, decision.reason, decision.actions) == (Standing.STALLED, Reason.TERM_UNREADABLE, ())
    assert sentence in decision.message


@pytest.mark.parametrize(
    "status",
    [
        pytest.param(terminating_status(termination_time=IN_BIN), id="ended by its owner before its release time"),
        pytest.param(recycled_status(recycle_time=IN_BIN, release_time=IN_BIN + 7 * DAY), id="recycled late"),
        pytest.param(running_status(anchor_time=EXPIRATION - SECOND), id="counted from within the term"),
    ],
)
def test_what_can_have_happened_is_read(status: InstanceStatus) -> None:
    assert isinstance(read_term(status), Term)
