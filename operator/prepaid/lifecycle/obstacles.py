"""What would keep an instance from being sold or its workload from being made, whatever its owner pays."""

from prepaid.api.terms import Terms
from prepaid.lifecycle.applying import fault_of_price, fault_of_term
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.ordering import order_for, owners_wish, waiting_orders, wish
from prepaid.lifecycle.reasons import Problem, Reason


def obstacle(facts: Facts) -> Problem | None:
    """What would keep a workload from being made."""
    seen = facts.seen
    if isinstance(seen.rendering, Problem):
        return seen.rendering
    if seen.workload and not seen.workload_is_ours:
        return not_ours(str(seen.workload.ref))
    foreign = [data.live for data in seen.data if data.live and not data.is_ours]
    return not_ours(str(foreign[0].ref)) if foreign else None


def not_ours(what: str) -> Problem:
    said = f"{what} exists and was not made for this instance"
    return Problem(Reason.NOT_OURS, f"{said}; delete or rename it, or give the instance another name.")


def fault_of_sale(facts: Facts) -> Problem | None:
    """What keeps the first term from being sold: nothing is sold that could not be run, nor ordered that would be rejected for ever."""
    terms = facts.seen.terms_on_offer
    return terms if isinstance(terms, Problem) else obstacle(facts) or fault_of_first_order(facts, terms)


def fault_of_first_order(facts: Facts, terms: Terms) -> Problem | None:
    wanted = wish(facts)
    if wanted is None:
        return None
    order = order_for(facts, wanted)
    return fault_of_price(order, terms, facts.seen.account) or fault_of_term(order, terms, facts)


def undecidable_purchase(facts: Facts) -> Problem | None:
    """Why a purchase that was asked for cannot be decided now: nothing may be erased meanwhile (P12, P15)."""
    terms = facts.seen.terms_on_offer
    is_asked_for = not facts.is_deleted and (owners_wish(facts) is not None or bool(waiting_orders(facts)))
    return terms if isinstance(terms, Problem) and is_asked_for else None
