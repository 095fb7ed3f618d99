"""Our marks on an instance: put there before anything is done, put back when they are lost, taken off at the end (api.md, "Labels")."""

import pytest
from whenever import Instant

from builders import EXPIRATION, MIDTERM, NAME, OTHER_UID, UID, Changes, instance, running, running_status, seen, terminated
from living import settled
from prepaid.api.marks import ARGO_SYNC_OPTIONS, FLUX_PRUNE, INSTANCE_ID, LIFECYCLE_FINALIZER
from prepaid.api.order import OrderInstanceRef, OrderSource, RenewalOrder, RenewalOrderSpec
from prepaid.api.resource import ObjectMeta
from prepaid.lifecycle.actions import MarkInstance
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.marking import PROTECTION, is_restored_copy, marks_to_take_off, missing_marks
from prepaid.lifecycle.notices import Notice
from prepaid.lifecycle.rules import decide

ALL = PROTECTION | {INSTANCE_ID: UID}


def facts_of(**metadata: object) -> Facts:
    who = instance(metadata=metadata)
    return Facts(who, seen(who), MIDTERM)


@pytest.mark.parametrize(
    ("metadata", "missing"),
    [
        pytest.param({}, {}, id="nothing is missing"),
        pytest.param({"finalizers": ()}, {"finalizers": [LIFECYCLE_FINALIZER]}, id="the finalizer"),
        pytest.param({"finalizers": ("x/y",)}, {"finalizers": ["x/y", LIFECYCLE_FINALIZER]}, id="beside another one"),
        pytest.param({"annotations": {"a": "b"}}, {"annotations": ALL}, id="the annotations"),
        pytest.param({"annotations": ALL | {ARGO_SYNC_OPTIONS: "Prune=true"}}, {}, id="a foreign value is left alone"),
        pytest.param({"annotations": {}, "finalizers": (), "deletion_timestamp": MIDTERM}, {}, id="what is being deleted gets none"),
    ],
)
def test_what_is_missing_is_put_there(metadata: Changes, missing: Changes) -> None:
    assert missing_marks(instance(metadata=metadata).metadata) == missing


@pytest.mark.parametrize(
    ("metadata", "off"),
    [
        pytest.param({}, {"annotations": dict.fromkeys(PROTECTION), "finalizers": []}, id="all of ours but the id"),
        pytest.param({"finalizers": ("x/y", LIFECYCLE_FINALIZER), "annotations": {}}, {"finalizers": ["x/y"]}, id="another's stays"),
        pytest.param(
            {"finalizers": (), "annotations": {ARGO_SYNC_OPTIONS: "Prune=true", FLUX_PRUNE: "disabled"}},
            {"annotations": {FLUX_PRUNE: None}},
            id="a foreign value stays",
        ),
        pytest.param({"finalizers": (), "annotations": {}}, {}, id="nothing"),
    ],
)
def test_ours_are_taken_off_at_the_end(metadata: Changes, off: Changes) -> None:
    assert marks_to_take_off(instance(metadata=metadata).metadata) == off


def test_it_is_marked_before_anything_is_bought() -> None:
    decision = decide(facts_of(annotations={}, finalizers=()))
    assert (decision.actions, decision.status.periods) == (
        (MarkInstance({"annotations": ALL, "finalizers": [LIFECYCLE_FINALIZER]}),),
        0,
    )


@pytest.mark.parametrize(
    ("now", "phase"),
    [pytest.param(MIDTERM, "Running", id="it runs"), pytest.param(EXPIRATION, "Recycled", id="it is recycled")],
)
def test_a_mark_that_is_lost_holds_nothing_up(now: Instant, phase: str) -> None:
    who = instance(running_status(), metadata={"annotations": {}, "finalizers": ()})
    assert settled(Facts(who, running().seen, now)).status.phase == phase


def test_an_order_that_was_made_for_it_tells_that_it_is_no_copy() -> None:
    who = instance(running_status(), metadata={"annotations": {INSTANCE_ID: OTHER_UID}})
    forged = Facts(who, seen(who, history=(bought_for(UID),)), MIDTERM)
    foreign = Facts(who, seen(who, history=(bought_for(OTHER_UID),)), MIDTERM)
    assert (is_restored_copy(forged), is_restored_copy(foreign)) == (False, True)


def bought_for(uid: str) -> RenewalOrder:
    """The first term of the instance of this uid."""
    spec = RenewalOrderSpec(instance_ref=OrderInstanceRef(name=NAME, uid=uid), periods=1, source=OrderSource.INITIAL)
    return RenewalOrder(metadata=ObjectMeta(name="first", namespace="team-a"), spec=spec)


def test_a_tombstone_is_not_marked_again() -> None:
    after = settled(terminated())
    assert decide(after).actions == ()


@pytest.mark.parametrize(
    ("annotations", "is_copy"),
    [
        pytest.param({INSTANCE_ID: UID}, False, id="its own"),
        pytest.param({}, False, id="none"),
        pytest.param({INSTANCE_ID: OTHER_UID}, True, id="another's"),
        pytest.param({INSTANCE_ID: ""}, True, id="an empty one"),
    ],
)
def test_an_id_tells_a_copy(annotations: dict[str, str], is_copy: bool) -> None:
    assert is_restored_copy(facts_of(annotations=annotations)) is is_copy


@pytest.mark.parametrize(
    ("value", "is_told"),
    [
        pytest.param(None, False, id="ours is put there"),
        pytest.param("Prune=false,Delete=false", False, id="ours"),
        pytest.param("ServerSideApply=true, Delete=false, Prune=false", False, id="ours among others"),
        pytest.param("Prune=false", True, id="half of it"),
        pytest.param("ServerSideApply=true", True, id="something else"),
    ],
)
def test_a_foreign_value_is_left_alone_with_a_warning(value: str | None, is_told: bool) -> None:
    annotations = ALL | ({ARGO_SYNC_OPTIONS: value} if value else {})
    who = instance(running_status(), metadata={"annotations": annotations})
    events = decide(Facts(who, running().seen, MIDTERM)).events
    assert [event.notice for event in events if event.notice is Notice.NOT_PROTECTED] == [Notice.NOT_PROTECTED] * is_told
    assert missing_marks(who.metadata) == {}
