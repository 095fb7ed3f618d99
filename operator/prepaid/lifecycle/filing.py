"""What an instance wants to buy by itself, or its owner by a wish on it, becomes an order of the operator's."""

from prepaid.api.order import OrderSource
from prepaid.lifecycle.actions import FileOrder
from prepaid.lifecycle.applying import Application, application_for, fault_of_payment
from prepaid.lifecycle.decision import Decision
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.ordering import is_ours, order_for, waiting_orders, wish
from prepaid.lifecycle.purchasing import ask_cashier, silently
from prepaid.lifecycle.reasons import Problem


def lacks_order(facts: Facts) -> bool:
    """Whether a purchase is wanted that no order asks for yet; auto-renewal asks only for what can be paid."""
    wanted = wish(facts)
    if wanted is None or any(is_ours(order) for order in waiting_orders(facts)):
        return False
    return wanted.source is not OrderSource.AUTO_RENEW or payable_wish(facts) is not None


def payable_wish(facts: Facts) -> Application | None:
    """What is wanted, if it is free or the account has the amount, in the right currency."""
    wanted, terms = wish(facts), facts.seen.terms_on_offer
    if wanted is None or isinstance(terms, Problem):
        return None
    application = application_for(wanted, terms, facts)
    return application if fault_of_payment(application, facts) is None else None


def file_order(facts: Facts) -> Decision:
    """A renewal that can be paid goes straight to the cashier; before a first purchase there are marks to set."""
    wanted = wish(facts)
    assert wanted is not None
    filing, application = FileOrder(order_for(facts, wanted)), payable_wish(facts)
    if facts.term_or_problem is None or application is None or application.is_free:
        return silently(facts, filing)
    return ask_cashier(facts, facts.instance.spec.account, filing)
