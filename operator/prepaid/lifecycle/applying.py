"""From an order to a purchase that could be made now: its price, what speaks against it, and whether it can be paid.

Everything that decides is copied from the class at this moment into the intent (api.md, "RenewalOrder").
"""

from dataclasses import dataclass
from decimal import Decimal

from prepaid.api.account import PrepaidAccount
from prepaid.api.intent import Intent, IntentState
from prepaid.api.order import OrderSource, RenewalOrder
from prepaid.api.reference import Reference
from prepaid.api.terms import Terms
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.granting import grant
from prepaid.lifecycle.ordering import Wish, is_for, is_ours, order_for, waiting_orders, wish
from prepaid.lifecycle.reasons import Problem, Reason


@dataclass(frozen=True)
class Application:
    """A purchase that may be made: free, or as soon as the account has the amount."""

    order: RenewalOrder
    terms: Terms
    amount: Decimal
    account: PrepaidAccount | None

    @property
    def is_free(self) -> bool:
        return not self.amount

    @property
    def missing(self) -> Decimal | None:
        """What the account lacks; None without an account."""
        return max(self.amount - balance(self.account), Decimal(0)) if self.account else None

    @property
    def is_payable(self) -> bool:
        return self.is_free or self.missing == 0


def balance(account: PrepaidAccount) -> Decimal:
    """What is left to spend; it may be negative."""
    return account.spec.deposited - (account.status.charged or Decimal(0))


def is_balanced(account: PrepaidAccount) -> bool:
    """Whether the cashier has opened it, and has looked at its last deposit."""
    return account.status.charged is not None and account.status.balance == balance(account)


def price(terms: Terms, periods: int) -> Decimal:
    return terms.price * periods


def applications(facts: Facts) -> tuple[Application, ...]:
    """What could be bought, oldest order first; empty while the class cannot be read. The first term comes before orders of the owner."""
    terms = facts.seen.terms_on_offer
    if isinstance(terms, Problem) or facts.is_deleted:
        return ()
    is_first = facts.term_or_problem is None
    sound = [order for order in waiting_orders(facts) if is_ours(order) >= is_first and fault_of(order, facts) is None]
    return tuple(Application(order, terms, price(terms, order.spec.periods), facts.seen.account) for order in sound)


def fault_of(order: RenewalOrder, facts: Facts) -> Problem | None:
    """Why the order must be rejected, in the order's own words; None for one that may wait."""
    if order.metadata.deletion_timestamp:
        return Problem(Reason.CANCELLED, "It was deleted before it was paid.")
    if is_ours(order) and not is_for(order, wish(facts)):
        return Problem(Reason.SUPERSEDED, "It is wanted no longer: the instance asks for something else now.")
    if is_ours(order) and is_double(order, facts):
        return Problem(Reason.SUPERSEDED, "An older order asks for the same.")
    terms = facts.seen.terms_on_offer
    if isinstance(terms, Problem):
        return None
    return fault_of_price(order, terms, facts.seen.account) or fault_of_term(order, terms, facts)


def is_double(order: RenewalOrder, facts: Facts) -> bool:
    """Whether two operators have filed the same wish: one of them late, under a name of before. The oldest one counts."""
    alike = [other for other in waiting_orders(facts) if is_ours(other) and is_for(other, wish(facts))]
    return bool(alike) and alike[0].metadata.uid != order.metadata.uid


def fault_of_price(order: RenewalOrder, terms: Terms, account: PrepaidAccount | None) -> Problem | None:
    amount, most = price(terms, order.spec.periods), order.spec.max_amount
    if most is not None and amount > most:
        return Problem(Reason.MAX_AMOUNT, f"It costs {amount} {terms.currency}, more than the {most} that it may cost.")
    if amount and account and account.spec.currency != terms.currency:
        said = f"The class sells in {terms.currency}, but account {account.metadata.name} holds {account.spec.currency}"
        return Problem(Reason.OTHER_CURRENCY, f"{said}; name an account in {terms.currency}.")
    return None


def fault_of_term(order: RenewalOrder, terms: Terms, facts: Facts) -> Problem | None:
    """Whether the renewal would reach now and lengthen the term."""
    outcome = grant(facts, terms, order.spec.periods, order.spec.source)
    return outcome if isinstance(outcome, Problem) else None


def intent_for(application: Application, facts: Facts, state: IntentState) -> Intent:
    """The purchase in flight: whole, and all that the later steps read."""
    order, account = application.order, application.account
    return Intent(
        sequence=facts.status.sequence,
        order=Reference(name=order.metadata.name, uid=order.metadata.uid),
        account=None if application.is_free or account is None else Reference(name=account.metadata.name, uid=account.metadata.uid),
        periods=order.spec.periods,
        amount=application.amount,
        terms=application.terms,
        state=state,
        source=order.spec.source,
        requested_periods=requested_by(order),
    )


def requested_by(order: RenewalOrder) -> int | None:
    """The total that counts as acted on when this order ends."""
    return order.spec.periods if order.spec.source is OrderSource.INITIAL else order.spec.requested_periods


def application_for(wanted: Wish, terms: Terms, facts: Facts) -> Application:
    """What the order of a wish would come to."""
    return Application(order_for(facts, wanted), terms, price(terms, wanted.periods), facts.seen.account)


def shortage(facts: Facts) -> Problem | None:
    """Why the oldest order that may wait is waiting: no account, or too little money."""
    for application in applications(facts):
        if application.is_free:
            return None
        if problem := fault_of_payment(application, facts):
            return problem
    return None


def fault_of_payment(application: Application, facts: Facts) -> Problem | None:
    """Why it cannot be paid now: another currency, no account, or too little money."""
    if application.is_free:
        return None
    if application.missing is None:
        return Problem(Reason.NO_ACCOUNT, f"There is no PrepaidAccount {facts.instance.spec.account}; a cashier must make it.")
    if fault := fault_of_price(application.order, application.terms, application.account):
        return fault
    return Problem(Reason.INSUFFICIENT_FUNDS, missing_sentence(application)) if application.missing else None


def missing_sentence(application: Application) -> str:
    name = application.account.metadata.name if application.account else "?"
    currency, periods = application.terms.currency, application.order.spec.periods
    what = "1 period costs" if periods == 1 else f"{periods} periods cost"
    return f"Account {name} lacks {application.missing} {currency}: {what} {application.amount} {currency}."
