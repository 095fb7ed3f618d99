"""What the cashier writes beside the account: intents, the finalizer of what is about to be paid, and what waiting orders are told.

An order is taken after its intent and before its debit: one that only waits for money is its owner's to replace and to delete.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from prepaid.api.intent import IntentState
from prepaid.api.marks import LIFECYCLE_FINALIZER
from prepaid.cluster.client import Cluster
from prepaid.cluster.errors import Conflict, Gone, Refused
from prepaid.control.desk import Desk
from prepaid.lifecycle.applying import Application, intent_for, missing_sentence
from prepaid.lifecycle.cashier import Customer, Payer
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.orders import waiting_order
from prepaid.lifecycle.reasons import Problem, Reason


@dataclass(frozen=True)
class Visit:
    """A customer, and all that was seen of it after the account was read."""

    customer: Customer
    facts: Facts


@dataclass(frozen=True)
class Counter:
    """Serves the customers of one account after the other. What has changed meanwhile is left for the next look."""

    cluster: Cluster
    desk: Desk

    async def payers(
        self, resumed: Iterable[Customer], to_pay: Iterable[tuple[Customer, Application]], visits: Iterable[Visit]
    ) -> list[Payer]:
        """Whose purchase can be debited now: in flight, its order taken; or cancelled, for good. One that has ended before is held."""
        facts_of = {visit.customer.instance.metadata.uid: visit.facts for visit in visits}
        found = [Payer(one.instance, facts_of[one.instance.metadata.uid].seen.intent_order) for one in resumed]
        for customer, application in to_pay:
            found += await self.write_intent(facts_of[customer.instance.metadata.uid], application)
        return [payer for payer in found if not payer.has_ended and (payer.is_cancelled or payer.is_taken or await self.take(payer))]

    async def write_intent(self, facts: Facts, application: Application) -> list[Payer]:
        """1: the one whose purchase is in flight now, or nobody. It may clear the purchase before away."""
        intent = intent_for(application, facts, IntentState.OPEN)
        status = facts.status.model_copy(update={"intent": intent})
        try:
            written = await self.cluster.write_status(facts.instance.model_copy(update={"status": status}))
        except (Conflict, Gone, Refused):
            return []
        self.desk.dismiss(written.metadata.namespace, filter(None, [facts.seen.intent_order]))
        return [Payer(written, application.order)]

    async def take(self, payer: Payer) -> bool:
        """Before its money moves the order is kept from vanishing: the ledger needs it."""
        assert payer.order is not None
        with suppress(Conflict, Gone, Refused):
            await self.cluster.patch(payer.order, {"metadata": {"finalizers": [*payer.order.metadata.finalizers, LIFECYCLE_FINALIZER]}})
            return True
        return False

    async def tell_who_waits(self, customers: Iterable[Customer]) -> None:
        """An order that does not fit says what is missing, in its own condition; its phase is not touched."""
        for application in (application for customer in customers for application in customer.applications if application.missing):
            problem = Problem(Reason.INSUFFICIENT_FUNDS, missing_sentence(application))
            order = waiting_order(application.order, problem, self.cluster.now())
            if order.status == application.order.status:
                continue
            with suppress(Conflict, Gone, Refused):
                await self.cluster.write_status(order)
