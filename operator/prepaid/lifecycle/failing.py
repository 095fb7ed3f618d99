"""PaymentFailed: an auto-renewal that is due and cannot be paid is told once for each expiration, with the missing amount (P5)."""

from prepaid.lifecycle.applying import application_for, fault_of_payment
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.notices import Event, Notice
from prepaid.lifecycle.ordering import auto_renewal
from prepaid.lifecycle.reasons import Problem


def payment_failure(facts: Facts) -> tuple[Event, ...]:
    """The event, if auto-renewal is due now and the money is not there."""
    wanted, terms = auto_renewal(facts), facts.seen.terms_on_offer
    if wanted is None or isinstance(terms, Problem) or facts.is_deleted:
        return ()
    problem = fault_of_payment(application_for(wanted, terms, facts), facts)
    if problem is None:
        return ()
    once = facts.term.expiration_time.format_iso().replace(":", "").lower()
    return (Event(Notice.PAYMENT_FAILED, f"It does not renew itself. {problem.message}", once),)
