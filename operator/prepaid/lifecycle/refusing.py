"""Orders that cannot be, or are wanted no longer: an intent says why, and what was asked for counts as acted on."""

from prepaid.api.instance import Phase
from prepaid.api.intent import IntentState
from prepaid.api.order import OrderSource, RenewalOrder
from prepaid.api.terms import Terms
from prepaid.lifecycle.actions import TakeOrder
from prepaid.lifecycle.applying import Application, fault_of, intent_for, price, requested_by
from prepaid.lifecycle.decision import Decision, Step
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.ordering import is_taken, waiting_orders
from prepaid.lifecycle.purchasing import silently
from prepaid.lifecycle.reasons import Problem, Reason


def order_to_refuse(facts: Facts) -> tuple[RenewalOrder, Problem] | None:
    faults = [(order, fault) for order in waiting_orders(facts) if (fault := fault_of(order, facts))]
    return faults[0] if faults and facts.status.intent is None and not facts.is_deleted else None


def has_order_to_refuse(facts: Facts) -> bool:
    return order_to_refuse(facts) is not None and terms_to_refuse_by(facts) is not None


def terms_to_refuse_by(facts: Facts) -> Terms | None:
    """Those on offer, else those of the present term; an instance that was never bought has none while its class cannot be read."""
    return facts.status.terms if isinstance(facts.seen.terms_on_offer, Problem) else facts.seen.terms_on_offer


def refuse(facts: Facts) -> Decision | Step:
    """1 for an order that must be rejected: the intent says why."""
    found, terms = order_to_refuse(facts), terms_to_refuse_by(facts)
    assert found and terms  # noqa: PT018
    order, problem = found
    if not is_taken(order) and order.metadata.deletion_timestamp is None:
        return silently(facts, TakeOrder(order))
    application = Application(order, terms, price(terms, order.spec.periods), None)
    refused = intent_for(application, facts, IntentState.REFUSED)
    reasoned = refused.model_copy(
        update={"reason": problem.reason, "message": problem.message[:1024], "requested_periods": acted_on_by_refusal(order, problem)}
    )
    return Step(facts.status.phase or Phase.PENDING, facts.status.model_copy(update={"intent": reasoned}))


def acted_on_by_refusal(order: RenewalOrder, problem: Problem) -> int | None:
    """A raise that is turned down counts as acted on; one that is replaced by another wish, or a first purchase, does not."""
    if order.spec.source is OrderSource.INITIAL or problem.reason in (Reason.SUPERSEDED,):
        return None
    return requested_by(order)
