"""What a purchase made now would come to: amount, new expiration, balance after, or what speaks against it. Changes nothing.

The very functions answer that decide a real purchase. Several instances of one account are quoted one after the other, as it would pay.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from whenever import Instant

from prepaid.api.account import PrepaidAccount
from prepaid.api.order import RenewalOrder
from prepaid.api.terms import Terms
from prepaid.lifecycle.applying import Application, balance, fault_of_payment, fault_of_price, fault_of_term, price, shortage
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.granting import grant
from prepaid.lifecycle.owner_orders import owner_order, usual_periods
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.terms import UnreadableTerms


@dataclass(frozen=True)
class Quote:
    """`refusal` is why it could never be bought as asked, `waits_for` why it would wait for money. Balances are the account's."""

    facts: Facts
    periods: int
    amount: Decimal = Decimal(0)
    currency: str = ""
    expiration_time: Instant | None = None
    balance_before: Decimal | None = None
    balance_after: Decimal | None = None
    refusal: Problem | None = None
    waits_for: Problem | None = None

    @property
    def name(self) -> str:
        return self.facts.instance.metadata.name

    @property
    def order(self) -> RenewalOrder:
        """The order that buys just this, and pays no more than was shown."""
        return owner_order(self.facts, self.periods, self.amount)


def quotes(shoppers: Sequence[Facts], periods: int | None) -> tuple[Quote, ...]:
    """One for each, in their order: what one would pay is gone for the next. Without a number the fewest periods that reach now."""
    made: list[Quote] = []
    spent: dict[str, Decimal] = {}
    for facts in shoppers:
        purse = facts.seen.account.metadata.uid if facts.seen.account else ""
        one = quote(poorer(facts, spent.get(purse, Decimal(0))), periods)
        made.append(one)
        if not (one.refusal or one.waits_for):
            spent[purse] = spent.get(purse, Decimal(0)) + one.amount
    return tuple(made)


def poorer(facts: Facts, amount: Decimal) -> Facts:
    """The same, after the account was charged so much more."""
    account = facts.seen.account
    if account is None or not amount:
        return facts
    status = account.status.model_copy(update={"charged": (account.status.charged or Decimal(0)) + amount})
    return replace(facts, seen=replace(facts.seen, account=account.model_copy(update={"status": status})))


def quote(facts: Facts, periods: int | None) -> Quote:
    """For one instance; terms that no calendar holds are a refusal."""
    terms = facts.seen.terms_on_offer
    if isinstance(terms, Problem):
        return Quote(facts, periods or 1, refusal=terms)
    try:
        if problem := not_for_sale(facts):
            return Quote(facts, periods or 1, refusal=problem)
        return priced(facts, terms, periods or usual_periods(facts, terms))
    except UnreadableTerms as error:
        return Quote(facts, periods or 1, refusal=Problem(Reason.TERM_UNREADABLE, f"Its deadlines cannot be reckoned: {error}"))


def not_for_sale(facts: Facts) -> Problem | None:
    """What keeps an instance from being renewed, whatever is paid."""
    term = facts.term_or_problem
    if isinstance(term, Problem):
        return term
    if facts.is_deleted:
        return Problem(Reason.DELETING, "It is being deleted; nothing can be bought for it.")
    if term is None:
        missing = shortage(facts)
        return Problem(Reason.UNPAID, missing.message if missing else "Its first term is not bought yet; renew it once it runs.")
    if term.termination_time:
        return Problem(Reason.TERMINATED, "It was terminated; make a new one.")
    return None


def priced(facts: Facts, terms: Terms, periods: int) -> Quote:
    order = owner_order(facts, periods, None)
    application = Application(order, terms, price(terms, periods), facts.seen.account)
    refusal = fault_of_price(order, terms, facts.seen.account) or fault_of_term(order, terms, facts)
    if refusal:
        return Quote(facts, periods, application.amount, terms.currency, balance_before=left(facts.seen.account), refusal=refusal)
    waits_for, granted = fault_of_payment(application, facts), grant(facts, terms, periods)
    before = left(facts.seen.account)
    return Quote(
        facts=facts,
        periods=periods,
        amount=application.amount,
        currency=terms.currency,
        expiration_time=None if isinstance(granted, Problem) else granted.expiration_time,
        balance_before=before,
        balance_after=before if before is None or waits_for else before - application.amount,
        waits_for=waits_for,
    )


def left(account: PrepaidAccount | None) -> Decimal | None:
    return balance(account) if account else None
