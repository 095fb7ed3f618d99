"""Who leads when, in seconds: never two, and never nobody for longer than must be."""

import pytest
from whenever import Instant

from candidates import (
    LEASE,
    NOON,
    RENEW,
    RETRY,
    Stage,
    Trouble,
    away,
    deaf,
    fault,
    late,
    no_trouble,
    played,
    read_only,
    refusal,
    silence,
    sluggish,
    trouble,
)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_whoever_is_first_leads_at_once_and_the_other_waits(stage: Stage) -> None:
    played(stage, 3000)
    assert (stage.a.told, stage.b.told) == ([("leads", 0.0)], [])


def test_the_lease_says_who_leads_since_when_and_until_when(stage: Stage) -> None:
    played(stage, 60)
    renewed = Instant.parse_iso(stage.server.spec.pop("renewTime"))
    assert 60 - RETRY - 0.1 <= (renewed - NOON).total("seconds") <= 60
    expected = {"holderIdentity": "a", "leaseDurationSeconds": LEASE, "leaseTransitions": 0}
    assert {name: stage.server.spec[name] for name in expected} == expected
    assert stage.server.spec["acquireTime"].startswith("2026-06-01T12:00:00.0")


def test_a_leader_renews_every_two_seconds(stage: Stage) -> None:
    played(stage, 3600)
    assert stage.server.version == pytest.approx(3600 / RETRY, rel=0.02)


def test_when_the_leader_is_killed_the_other_leads_once_the_lease_is_over(stage: Stage) -> None:
    played(stage, 200, (100, stage.a.kill))
    assert 100 + LEASE - RETRY - 0.1 <= stage.b.led_at() <= 100 + LEASE + RETRY + 0.1
    assert (stage.server.spec["holderIdentity"], stage.server.spec["leaseTransitions"]) == ("b", 1)


def test_when_the_leader_is_stopped_the_other_leads_at_its_next_look(stage: Stage) -> None:
    played(stage, 200, (100, stage.a.stop))
    assert 100 <= stage.b.led_at() <= 100 + RETRY + 0.1
    assert (stage.server.spec["leaseTransitions"], stage.a.told) == (1, [("leads", 0.0)])


def test_what_is_released_is_nobodys(stage: Stage) -> None:
    played(stage, 100, (20, stage.b.stop), (50, stage.a.stop))
    assert (stage.server.spec["holderIdentity"], stage.server.spec["leaseDurationSeconds"]) == ("", 1)


def test_one_that_stands_by_gives_back_nothing_that_is_not_its_own(stage: Stage) -> None:
    played(stage, 100, (50, stage.b.stop))
    assert (stage.server.spec["holderIdentity"], stage.server.spec["leaseTransitions"]) == ("a", 0)


@pytest.mark.parametrize("moment", [103 + number / 4 for number in range(16)])
def test_a_renewal_that_is_on_its_way_does_not_undo_a_release(stage: Stage, moment: float) -> None:
    played(stage, 200, (20, stage.b.stop), (100, trouble(stage.a, sluggish)), (moment, stage.a.stop))
    assert (stage.server.spec["holderIdentity"], stage.server.spec["leaseTransitions"]) == ("", 0)


def test_whoever_has_released_it_may_do_nothing_more(stage: Stage) -> None:
    may: list[bool] = []
    played(
        stage,
        102,
        (100, lambda: may.append(stage.a.elector.may_lead())),
        (100.5, stage.a.stop),
        (101, lambda: may.append(stage.a.elector.may_lead())),
    )
    assert may == [True, False]


def test_a_deadline_counts_from_when_the_renewal_was_sent(stage: Stage) -> None:
    played(stage, 200, (100, trouble(stage.a, late)), (110, trouble(stage.a, silence)), (111, stage.b.kill))
    sent = Instant.parse_iso(stage.server.spec["renewTime"]) - NOON
    assert 100 <= sent.total("seconds") <= 110
    assert stage.a.ended_at() <= round(sent.total("seconds") + RENEW, 1)


@pytest.mark.parametrize("kind", [away, silence, read_only, refusal])
@pytest.mark.parametrize(
    ("seconds", "has_ended"),
    [
        pytest.param(RENEW - 2 * RETRY, False, id="not as long as its deadline: it leads on"),
        pytest.param(RENEW + RETRY, True, id="longer: it ends"),
    ],
)
def test_a_leader_that_cannot_renew(stage: Stage, kind: Trouble, seconds: float, has_ended: bool) -> None:
    played(stage, 200, (100, trouble(stage.a, kind)), (100 + seconds, trouble(stage.a, no_trouble)))
    assert [what for what, _ in stage.a.told] == ["leads"] + ["ended"] * has_ended


@pytest.mark.parametrize("kind", [away, silence, read_only, deaf, refusal])
def test_it_ends_at_its_deadline_and_before_another_leads(stage: Stage, kind: Trouble) -> None:
    played(stage, 200, (100, trouble(stage.a, kind)))
    assert 100 + RENEW - RETRY - 0.1 <= stage.a.ended_at() <= 100 + RENEW
    if kind is not deaf:
        assert stage.b.led_at() >= stage.a.ended_at() + LEASE - RENEW - 0.1


def test_a_leader_whose_lease_is_another_s_ends_at_its_next_look(stage: Stage) -> None:
    played(stage, 200, (100, lambda: stage.server.set(holderIdentity="somebody")))
    assert 100 <= stage.a.ended_at() <= 100 + RETRY + 0.1


def test_a_leader_whose_lease_was_deleted_makes_it_again(stage: Stage) -> None:
    played(stage, 110, (100.5, lambda: setattr(stage.server, "body", None)), (100, stage.b.stop))
    assert (stage.a.told, stage.server.spec["holderIdentity"]) == ([("leads", 0.0)], "a")


def test_an_annotation_on_the_lease_keeps_nobody_waiting(stage: Stage) -> None:
    played(stage, 200, (100, stage.a.kill), *((100.0 + number, stage.server.annotate) for number in range(60)))
    assert stage.b.led_at() <= 100 + LEASE + RETRY + 0.1


def test_a_write_whose_answer_was_lost_still_counts_for_whoever_reads_it(stage: Stage) -> None:
    stage.a.line.trouble = deaf
    played(stage, 100, (0.5, trouble(stage.a, no_trouble)))
    assert (stage.a.told, stage.server.spec["leaseTransitions"]) == ([("leads", 2.0)], 0)


def test_one_that_may_not_read_the_lease_waits_until_it_may(stage: Stage) -> None:
    stage.a.line.trouble = stage.b.line.trouble = refusal
    played(stage, 100, (30, trouble(stage.a, no_trouble)))
    assert 30 <= stage.a.led_at() <= 30 + RETRY + 0.1


def test_one_stands_by_as_soon_as_it_has_seen_the_lease(stage: Stage) -> None:
    played(stage, 100)
    assert (stage.b.ready_at, stage.b.told) == (1.0, [])


def test_one_that_may_not_read_the_lease_does_not_stand_by(stage: Stage) -> None:
    stage.b.line.trouble = refusal
    played(stage, 100)
    assert stage.b.ready_at is None


def test_a_fault_in_the_renewing_ends_the_leader_too(stage: Stage) -> None:
    played(stage, 200, (100, trouble(stage.a, fault)))
    assert 100 <= stage.a.ended_at() <= 100 + RETRY + 0.1
