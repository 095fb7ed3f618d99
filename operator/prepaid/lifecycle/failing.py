"""PaymentFailed: an auto-renewal that is due and cannot be paid is told once for each expiration, with the missing amount (P5)."""

from prepaid.lifecycle.applying import Application, missing_sentence, price
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.notices import Event, Notice
from prepaid.lifecycle.ordering import auto_renewal, order_for
from prepaid.lifecycle.reasons import Problem


def payment_failure(facts: Facts) -> tuple[Event, ...]:
    """The event, if auto-renewal is due now and the money is not there."""
    wanted, terms = auto_renewal(facts), facts.seen.terms_on_offer
    if wanted is None or isinstance(terms, Problem) or facts.is_deleted:
        return ()
    application = Application(order_for(facts, wanted), terms, price(terms, wanted.periods), facts.seen.account)
    if application.is_payable:
        return ()
    said = missing_sentence(application) if application.account else f"There is no PrepaidAccount {facts.instance.spec.account}."
    once = facts.term.expiration_time.format_iso().replace(":", "").lower()
    return (Event(Notice.PAYMENT_FAILED, f"It does not renew itself. {said}", once),)
