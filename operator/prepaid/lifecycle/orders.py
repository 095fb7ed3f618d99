"""How an order ends, in its own status: settled with all that it bought, or rejected with the reason. The ledger is made of these."""

from whenever import Instant

from prepaid.api.intent import Intent
from prepaid.api.order import OrderPhase, RenewalOrder
from prepaid.api.resource import Condition
from prepaid.lifecycle.reasons import Problem, Reason

SETTLED = "Settled"


def settled_order(order: RenewalOrder, intent: Intent, now: Instant) -> RenewalOrder:
    """What was bought, by the intent alone."""
    ledger = {
        "phase": OrderPhase.SETTLED,
        "sequence": intent.sequence,
        "amount": intent.amount,
        "currency": intent.terms.currency,
        "account": intent.account,
        "terms": intent.terms,
        "requested_periods": intent.requested_periods,
        "from_time": intent.from_time,
        "to_time": intent.to_time,
        "settled_time": now,
    }
    said = Problem(Reason.SETTLED, f"{intent.amount} {intent.terms.currency} were paid.")
    return with_status(order, ledger | decided(order, said, now, is_settled=True))


def rejected_order(order: RenewalOrder, intent: Intent | None, problem: Problem, now: Instant) -> RenewalOrder:
    """Why nothing was bought; without an intent there is no living instance."""
    sequence = intent.sequence if intent else 0
    return with_status(order, {"phase": OrderPhase.REJECTED, "sequence": sequence} | decided(order, problem, now, is_settled=False))


def waiting_order(order: RenewalOrder, problem: Problem, now: Instant) -> RenewalOrder:
    """What it waits for; its phase is not touched."""
    return with_status(order, decided(order, problem, now, is_settled=False))


def with_status(order: RenewalOrder, changes: dict[str, object]) -> RenewalOrder:
    return order.model_copy(update={"status": order.status.model_copy(update=changes)})


def decided(order: RenewalOrder, said: Problem, now: Instant, *, is_settled: bool) -> dict[str, object]:
    """The one condition of an order; lastTransitionTime moves only when it flips."""
    status = "True" if is_settled else "False"
    before = next((known for known in order.status.conditions if known.type == SETTLED and known.status == status), None)
    condition = Condition(
        type=SETTLED,
        status="True" if is_settled else "False",
        reason=said.reason,
        message=said.message[:1024],
        observed_generation=order.metadata.generation,
        last_transition_time=before.last_transition_time if before else now,
    )
    return {"conditions": (condition,)}
