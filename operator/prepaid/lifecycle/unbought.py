"""Decisions for an instance that was never granted anything: it waits for a sound class, or for money."""

from prepaid.api.instance import Phase
from prepaid.lifecycle.applying import shortage
from prepaid.lifecycle.decision import Decision, Standing
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.obstacles import fault_of_sale
from prepaid.lifecycle.reasons import Problem, Reason

UNPAID = Problem(Reason.UNPAID, "Its first term is not paid for yet.")


def is_unbought(facts: Facts) -> bool:
    return facts.term_or_problem is None


def cannot_be_sold(facts: Facts) -> bool:
    return is_unbought(facts) and facts.status.intent is None and fault_of_sale(facts) is not None


def hold_sale(facts: Facts) -> Decision:
    return pending(facts, fault_of_sale(facts) or UNPAID)


def wait_for_money(facts: Facts) -> Decision:
    return pending(facts, shortage(facts) or UNPAID)


def pending(facts: Facts, problem: Problem) -> Decision:
    return Decision(Phase.PENDING, Standing.STALLED, problem.reason, problem.message, facts.status)
