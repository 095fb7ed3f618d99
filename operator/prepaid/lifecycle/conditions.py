"""How a decision reads in the status: conditions by the rules of kstatus, the phase, what comes next (api.md, "kstatus").

A condition's lastTransitionTime moves only when its status flips.
"""

from typing import Literal

from prepaid.api.instance import InstanceStatus, Phase
from prepaid.api.resource import Condition
from prepaid.lifecycle.decision import Decision, Standing
from prepaid.lifecycle.detaching import detached_sentence, pending_sentence
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.reminders import expiring_reminder
from prepaid.lifecycle.term import Term, read_term

WAITING_FOR_MONEY = frozenset({Reason.UNPAID, Reason.NO_ACCOUNT, Reason.INSUFFICIENT_FUNDS, Reason.OTHER_CURRENCY})
REASONS = frozenset(Reason)
TURNED_DOWN = frozenset({Reason.RENEWAL_REJECTED, Reason.OTHER_CURRENCY, Reason.MAX_AMOUNT})

Said = tuple[str, bool, Reason, str]


def status_to_report(decision: Decision, facts: Facts, problem: Problem | None = None) -> InstanceStatus:
    """The whole status to write; `problem` is what the server answered when the decision was performed."""
    standing, reason, message = decision.standing, decision.reason, decision.message
    if problem:
        standing, reason, message = Standing.STALLED, problem.reason, problem.message
    said = [*kstatus(standing, reason, message), *life(decision, facts, problem)]
    return decision.status.model_copy(
        update={
            "phase": decision.phase,
            "observed_generation": facts.instance.metadata.generation,
            "next_action": decision.next_action,
            "conditions": tuple(condition(facts, *words) for words in said),
        }
    )


def kstatus(standing: Standing, reason: Reason, message: str) -> list[Said]:
    """Ready, Reconciling and Stalled, of which exactly one is true."""
    states = {"Ready": Standing.READY, "Reconciling": Standing.WORKING, "Stalled": Standing.STALLED}
    return [(name, standing is state, reason, message if standing is state or name == "Ready" else "") for name, state in states.items()]


def life(decision: Decision, facts: Facts, problem: Problem | None) -> list[Said]:
    """What the owner wants to know beyond kstatus."""
    term = read_term(decision.status)
    end = erasure(decision) if decision.status.termination_time else []
    if isinstance(term, Problem):
        return [("Paid", False, term.reason, term.message), *end]
    if term is None:
        return [unpaid_condition(decision)]
    in_bin = term.stay is not None
    said = [paid_condition(decision, facts, term), ("Recycled", in_bin, Reason.IN_RECYCLE_BIN if in_bin else Reason.PAID, "")]
    if not in_bin:
        is_soon = expiring_reminder(term, decision.status.sequence, facts.now).is_soon
        said.append(("ExpiringSoon", is_soon, Reason.EXPIRING_SOON if is_soon else Reason.NOT_SOON, ""))
    if off := detachment_condition(decision, in_bin):
        said.append(off)
    if decision.status.workload:
        said.append(workload_condition(decision, problem, in_bin))
    return [*said, *end]


def erasure(decision: Decision) -> list[Said]:
    """Whether the data is gone; that it is decides that the end was reached, so it is told whatever else was lost."""
    is_erased = decision.phase is Phase.TERMINATED
    return [("DataErased", is_erased, Reason.ERASED if is_erased else decision.reason, decision.message)]


def unpaid_condition(decision: Decision) -> Said:
    """Nothing was granted yet; what is missing is named."""
    if decision.reason in WAITING_FOR_MONEY:
        return "Paid", False, decision.reason, decision.message
    return "Paid", False, Reason.UNPAID, "Its first term is not paid for yet."


def paid_condition(decision: Decision, facts: Facts, term: Term) -> Said:
    """Whether this moment is paid for; a rejected renewal is told until the next purchase."""
    is_paid = facts.now < term.expiration_time
    before = said_before(facts, "Paid")
    if decision.rejection:
        return "Paid", is_paid, decision.rejection.reason, decision.rejection.message
    if before and before[2] in TURNED_DOWN and decision.status.sequence == facts.status.sequence:
        return "Paid", is_paid, before[2], before[3]
    if is_paid:
        return "Paid", True, Reason.PAID, f"Paid until {term.expiration_time}."
    return "Paid", False, Reason.EXPIRED, f"The term ended at {term.expiration_time}."


def detachment_condition(decision: Decision, in_bin: bool) -> Said | None:
    """Whether all that recycling takes off is off (P6); nothing is said where nothing was attached."""
    status = decision.status
    if status.pending_detachments:
        return "AttachmentsDetached", False, Reason.DETACHING, pending_sentence(status)
    if in_bin and status.detached_attachments:
        return "AttachmentsDetached", True, Reason.DETACHED, detached_sentence(status)
    return None


def workload_condition(decision: Decision, problem: Problem | None, in_bin: bool) -> Said:
    if problem:
        return "WorkloadReady", False, problem.reason, problem.message
    if in_bin:
        return "WorkloadReady", False, Reason.STOPPED, ""
    is_ready = decision.phase is Phase.RUNNING and decision.standing is Standing.READY
    return "WorkloadReady", is_ready, Reason.READY if is_ready else decision.reason, "" if is_ready else decision.message


def said_before(facts: Facts, name: str) -> Said | None:
    """What a condition says now; one with a reason of another version is not repeated."""
    for known in facts.status.conditions:
        if known.type == name and known.reason in REASONS:
            return name, known.status == "True", Reason(known.reason), known.message
    return None


def condition(facts: Facts, name: str, is_so: bool, reason: Reason, message: str) -> Condition:
    status: Literal["True", "False"] = "True" if is_so else "False"
    flipped = facts.now
    for known in facts.status.conditions:
        if known.type == name and known.status == status:
            flipped = known.last_transition_time
    return Condition(
        type=name,
        status=status,
        reason=reason,
        message=message[:1024],
        observed_generation=facts.instance.metadata.generation,
        last_transition_time=flipped,
    )
