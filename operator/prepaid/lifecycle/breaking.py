"""Break-glass: an administrator takes a living instance out, in two steps and in their own name (issue 7; architecture.md, "Admission").

The workload goes, the data stays without our labels, what it held is freed with the object, and the owner is told who did it and why.
"""

from typing import Final

from whenever import TimeDelta

from prepaid.api.instance import Phase
from prepaid.api.marks import BREAK_GLASS, CLASS, INSTANCE, INSTANCE_UID
from prepaid.lifecycle.actions import Action, PatchObject
from prepaid.lifecycle.decision import Decision, Standing
from prepaid.lifecycle.erasing import deletion_of
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.leaving import item_left_behind, unmarking
from prepaid.lifecycle.notices import Event, Notice
from prepaid.lifecycle.objects import LiveObject
from prepaid.lifecycle.reasons import Problem, Reason

POLL: Final = TimeDelta(seconds=1)
OUR_LABELS: Final = (INSTANCE, INSTANCE_UID, CLASS)


def is_broken_out(facts: Facts) -> bool:
    """Deleted with the annotation. A purchase in flight is ended first, so that no money is lost, if that can still be."""
    if not facts.is_deleted or BREAK_GLASS not in facts.instance.metadata.annotations:
        return False
    return facts.status.intent is None or isinstance(facts.term_or_problem, Problem)


def break_out(facts: Facts) -> Decision:
    """Told first, then the workload and its pods, then the labels, then the object itself."""
    if not was_told(facts):
        return breaking(facts, commits=True)
    workload = facts.seen.workload
    if workload and facts.seen.workload_is_ours:
        return breaking(facts, deletion_of(workload))
    if facts.seen.pods:
        return breaking(facts)
    labelled = [data.live for data in facts.seen.data if data.live and data.is_ours]
    freed = tuple(PatchObject(live, unlabelling(live)) for live in labelled if is_labelled(live))
    return breaking(facts, (*freed, *item_left_behind(facts)) or unmarking(facts))


def was_told(facts: Facts) -> bool:
    return any(known.type == "Ready" and known.reason == Reason.BREAK_GLASS for known in facts.status.conditions)


def breaking(facts: Facts, actions: tuple[Action, ...] = (), *, commits: bool = False) -> Decision:
    message = sentence(facts)
    return Decision(
        phase=facts.status.phase or Phase.PENDING,
        standing=Standing.WORKING,
        reason=Reason.BREAK_GLASS,
        message=message,
        status=facts.status,
        actions=actions,
        events=(Event(Notice.BREAK_GLASS, message, "taken-out"),),
        wake_time=facts.now + POLL,
        commits=commits,
    )


def sentence(facts: Facts) -> str:
    """Who and why, in the words of the annotation."""
    said = facts.instance.metadata.annotations.get(BREAK_GLASS, "")[:600]
    return f"Taken out by {said}. Its workload is deleted; its data stays, and is nobody's."


def is_labelled(live: LiveObject) -> bool:
    return any(name in live.metadata.labels for name in OUR_LABELS)


def unlabelling(live: LiveObject) -> dict[str, object]:
    """Without our labels the admission policies let go of it."""
    return {"metadata": {"labels": dict.fromkeys(name for name in OUR_LABELS if name in live.metadata.labels)}}
