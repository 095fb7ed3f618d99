"""Break-glass: told first, then the workload and its pods go, then our labels come off the data, then the object goes."""

from dataclasses import replace

import pytest

from builders import MIDTERM, UID, account, intent, item, new, recycled, running, terminated, terminating
from prepaid.api.marks import BREAK_GLASS, CLASS, INSTANCE, INSTANCE_ID, INSTANCE_UID
from prepaid.lifecycle.actions import DeleteObject, DropItem, MarkInstance, PatchObject
from prepaid.lifecycle.breaking import is_broken_out
from prepaid.lifecycle.conditions import status_to_report
from prepaid.lifecycle.decision import Decision
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.marking import PROTECTION
from prepaid.lifecycle.notices import Notice
from prepaid.lifecycle.purchasing import with_status
from prepaid.lifecycle.rules import decide

WHY = "jane@example.com: its owner has left"


def signed(facts: Facts, why: str | None = WHY) -> Facts:
    """Deleted by an administrator, with or without a signature."""
    annotations = PROTECTION | {INSTANCE_ID: UID} | ({BREAK_GLASS: why} if why else {})
    metadata = facts.instance.metadata.model_copy(update={"annotations": annotations, "deletion_timestamp": MIDTERM})
    return replace(facts, instance=facts.instance.model_copy(update={"metadata": metadata}))


def told(facts: Facts) -> Facts:
    """The next look: who and why stand in the status."""
    return with_status(facts, status_to_report(decide(facts), facts))


def gone(facts: Facts, **seen: object) -> Facts:
    return replace(facts, seen=replace(facts.seen, workload=None, workload_is_ours=False, pods=0, **seen))  # type: ignore[arg-type]


def next_of(facts: Facts) -> Decision:
    return decide(told(signed(facts)))


def test_it_is_told_who_did_it_and_why_before_anything_else() -> None:
    decision = decide(signed(running()))
    assert (decision.commits, decision.actions) == (True, ())
    (event,) = decision.events
    assert (event.notice, WHY in event.message, event.is_warning) == (Notice.BREAK_GLASS, True, True)


@pytest.mark.parametrize("facts", [running(), recycled(), terminating()], ids=["running", "in the bin", "behind the door"])
def test_the_workload_goes_first(facts: Facts) -> None:
    (action,) = next_of(facts).actions
    assert isinstance(action, DeleteObject)
    assert action.live.ref.kind == "StatefulSet"


def test_its_pods_are_waited_for() -> None:
    waiting = replace(gone(running()), seen=replace(gone(running()).seen, pods=1))
    assert next_of(waiting).actions == ()


def test_then_the_data_loses_our_labels_and_stays() -> None:
    (action,) = next_of(gone(running())).actions
    assert isinstance(action, PatchObject)
    assert action.live.ref.kind == "PersistentVolumeClaim"
    assert action.patch == {"metadata": {"labels": dict.fromkeys((INSTANCE, INSTANCE_UID, CLASS))}}


def test_its_item_leaves_the_bin() -> None:
    assert any(isinstance(action, DropItem) for action in next_of(gone(recycled(), item=item())).actions)


def test_last_the_object_is_let_go() -> None:
    (action,) = next_of(gone(running(), data=())).actions
    assert isinstance(action, MarkInstance)
    assert action.metadata["finalizers"] == []


def test_a_purchase_in_flight_is_ended_first() -> None:
    paying = running(status={"intent": intent()}, account=account(), intent_account=account())
    assert not is_broken_out(signed(paying))
    assert decide(signed(paying)).asks_cashier == "default"


def test_a_term_that_cannot_be_read_does_not_keep_it() -> None:
    assert is_broken_out(signed(running(status={"terms": None, "intent": intent()})))


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(signed(running(), why=None), id="a deletion without a signature"),
        pytest.param(replace(signed(running()), instance=running().instance), id="one that is not deleted"),
    ],
)
def test_nothing_else_breaks_the_glass(facts: Facts) -> None:
    assert not is_broken_out(facts)


def test_what_was_never_bought_is_let_go_the_same_way() -> None:
    (action,) = next_of(new()).actions
    assert isinstance(action, MarkInstance)


def test_a_tombstone_rests() -> None:
    assert not decide(signed(terminated())).commits
