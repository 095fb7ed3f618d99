"""Who may lead: nobody beside a leader that lives, somebody soon after one that does not."""

import pytest

from prepaid.api.lease import Lease, LeaseSpec
from prepaid.api.resource import ObjectMeta
from prepaid.lifecycle.election import Sighting, Step, Timing, decide, look_again, released, seconds_left, written

ME, OTHER = "me", "other"
LONG_AGO, TODAY, IN_A_YEAR = "1970-01-01T00:00:00.000000Z", "2026-06-01T12:00:00.000000Z", "2027-06-01T12:00:00.000000Z"


def record(holder: str | None = OTHER, seconds: int | None = 15, renewed: str = TODAY, transitions: int = 3) -> LeaseSpec:
    return LeaseSpec(
        holder_identity=holder, lease_duration_seconds=seconds, acquire_time=TODAY, renew_time=renewed, lease_transitions=transitions
    )


def lease(spec: LeaseSpec, version: str = "1") -> Lease:
    return Lease(metadata=ObjectMeta(name="prepaid-operator", resource_version=version), spec=spec)


@pytest.mark.parametrize(
    ("spec", "unchanged_seconds", "step"),
    [
        pytest.param(None, 0, Step.CREATE, id="there is none: it is made"),
        pytest.param(record(ME), 0, Step.RENEW, id="one's own is renewed"),
        pytest.param(record(ME), 3600, Step.RENEW, id="also after a long time, when nobody took it"),
        pytest.param(record(), 0, Step.WAIT, id="another's, seen for the first time"),
        pytest.param(record(), 14.999, Step.WAIT, id="just before it is over"),
        pytest.param(record(), 15, Step.TAKE_OVER, id="at its end"),
        pytest.param(record(), 15.001, Step.TAKE_OVER, id="just after it"),
        pytest.param(record(seconds=60), 59.999, Step.WAIT, id="the holder says how long: just before"),
        pytest.param(record(seconds=60), 60, Step.TAKE_OVER, id="the holder says how long: at its end"),
        pytest.param(record(seconds=None), 14.999, Step.WAIT, id="the holder says nothing: just before our own time is over"),
        pytest.param(record(seconds=None), 15, Step.TAKE_OVER, id="the holder says nothing: at its end"),
        pytest.param(record(""), 0, Step.TAKE_OVER, id="released"),
        pytest.param(record(None), 0, Step.TAKE_OVER, id="without a holder"),
        pytest.param(record(renewed=LONG_AGO), 14.999, Step.WAIT, id="a renewal of long ago, by the holder's clock, says nothing"),
        pytest.param(record(renewed=IN_A_YEAR), 15, Step.TAKE_OVER, id="nor does one that is yet to come"),
    ],
)
def test_what_to_do(spec: LeaseSpec | None, unchanged_seconds: float, step: Step) -> None:
    seen = Sighting(lease(spec) if spec else None, 1000.0)
    assert decide(seen, ME, 1000.0 + unchanged_seconds) is step


@pytest.mark.parametrize(
    ("former", "now_there", "since"),
    [
        pytest.param(None, lease(record()), 20, id="seen for the first time"),
        pytest.param(lease(record()), lease(record()), 10, id="as it was"),
        pytest.param(lease(record()), lease(record(), version="2"), 10, id="as it was, with another label"),
        pytest.param(lease(record()), lease(record(renewed=IN_A_YEAR)), 20, id="renewed"),
        pytest.param(lease(record()), lease(record(renewed=LONG_AGO)), 20, id="renewed by a clock that went back"),
        pytest.param(lease(record()), lease(record(transitions=4)), 20, id="another's"),
        pytest.param(lease(record()), None, 20, id="gone"),
        pytest.param(None, None, 20, id="not there yet"),
    ],
)
def test_since_when_it_is_as_it_is(former: Lease | None, now_there: Lease | None, since: float) -> None:
    before = Sighting(former, 10.0) if former else None
    assert look_again(before, now_there, 20.0) == Sighting(now_there, since)


@pytest.mark.parametrize(("unrenewed_seconds", "left"), [(0, 10), (9.5, 0.5), (10, 0), (10.5, -0.5)])
def test_a_leader_ends_at_its_deadline(unrenewed_seconds: float, left: float) -> None:
    assert seconds_left(1000.0, 1000.0 + unrenewed_seconds, Timing()) == left


def test_by_default_it_waits_as_client_go_does() -> None:
    timing = Timing()
    assert (timing.lease_seconds, timing.renew_seconds, timing.retry_seconds) == (15, 10, 2)


@pytest.mark.parametrize("seconds", [1, 2, 3, 15, 60])
def test_a_leader_tries_again_and_ends_before_anybody_else_may_lead(seconds: int) -> None:
    timing = Timing(seconds)
    assert timing.retry_seconds * 5 <= timing.renew_seconds < timing.lease_seconds


@pytest.mark.parametrize(
    ("former", "holder", "acquired", "transitions"),
    [
        pytest.param(None, ME, IN_A_YEAR, 0, id="made"),
        pytest.param(record(), ME, IN_A_YEAR, 4, id="taken over"),
        pytest.param(record(""), ME, IN_A_YEAR, 4, id="taken after a release"),
        pytest.param(record(ME), ME, TODAY, 3, id="renewed"),
    ],
)
def test_the_transitions_grow_with_every_change_of_holder(former: LeaseSpec | None, holder: str, acquired: str, transitions: int) -> None:
    taken = written(former, ME, IN_A_YEAR, Timing(30))
    assert taken == LeaseSpec(
        holder_identity=holder,
        lease_duration_seconds=30,
        acquire_time=acquired,
        renew_time=IN_A_YEAR,
        lease_transitions=transitions,
    )


def test_what_is_released_is_nobodys_and_keeps_its_count() -> None:
    assert released(record(ME), IN_A_YEAR) == record("", 1, IN_A_YEAR, 3)
