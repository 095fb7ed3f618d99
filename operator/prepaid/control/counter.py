"""What the cashier writes beside the account: intents, the finalizer of what is about to be paid, and what waiting orders are told.

An order is taken after its intent and before its debit: one that only waits for money is its owner's to replace and to delete.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from prepaid.api.instance import PrepaidInstance
from prepaid.api.intent import IntentState
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.errors import Conflict, Gone, Refused
from prepaid.cluster.together import Together
from prepaid.control.desk import Desk
from prepaid.lifecycle.applying import Application, intent_for, missing_sentence
from prepaid.lifecycle.cashier import Customer, Payer
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.ordering import taking
from prepaid.lifecycle.orders import waiting_order
from prepaid.lifecycle.reasons import Problem, Reason


@dataclass(frozen=True)
class Visit:
    """A customer, and all that was seen of it after the account was read."""

    customer: Customer
    facts: Facts


@dataclass(frozen=True)
class Counter:
    """Serves the customers of one account. What has changed meanwhile is left for the next look."""

    cluster: Cluster
    desk: Desk
    together: Together

    async def payers(
        self, resumed: Iterable[Customer], to_pay: Iterable[tuple[Customer, Application]], visits: Iterable[Visit]
    ) -> list[Payer]:
        """Whose purchase can be debited now: in flight, its order taken; or cancelled, for good. One that has ended before is held."""
        facts_of = {visit.customer.instance.metadata.uid: visit.facts for visit in visits}
        found = [Payer(one.instance, facts_of[one.instance.metadata.uid].seen.intent_order) for one in resumed]
        served = await self.together(self.write_intent(facts_of[one.instance.metadata.uid], wanted) for one, wanted in to_pay)
        found += [payer for payer in served if payer is not None]
        are_kept = await self.together(self.is_kept(payer) for payer in found)
        return [payer for payer, is_kept in zip(found, are_kept, strict=True) if is_kept]

    async def is_kept(self, payer: Payer) -> bool:
        return not payer.has_ended and (payer.is_cancelled or payer.is_taken or await self.take(payer))

    async def write_intent(self, facts: Facts, application: Application) -> Payer | None:
        """1: whose purchase is in flight now, if it is. It may clear the purchase before away.

        Who has changed meanwhile may have been changed by its own look, to which that is no news: it is asked for again.
        """
        intent = intent_for(application, facts, IntentState.OPEN)
        status = facts.status.model_copy(update={"intent": intent})
        try:
            written = await self.cluster.write_status(facts.instance.model_copy(update={"status": status}))
        except Conflict:
            own = facts.instance.metadata
            self.desk.ask(Key(PrepaidInstance, own.namespace, own.name), facts.instance.spec.account)
            return None
        except (Gone, Refused):
            return None
        self.desk.dismiss(written.metadata.namespace, filter(None, [facts.seen.intent_order]))
        return Payer(written, application.order)

    async def take(self, payer: Payer) -> bool:
        """Before its money moves the order is kept from vanishing: the ledger needs it."""
        assert payer.order is not None
        with suppress(Conflict, Gone, Refused):
            await self.cluster.patch(payer.order, taking(payer.order))
            return True
        return False

    async def tell_who_waits(self, customers: Iterable[Customer]) -> None:
        """An order that does not fit says what is missing, in its own condition; its phase is not touched."""
        waiting = [application for customer in customers for application in customer.applications if application.missing]
        await self.together(self.tell(application) for application in waiting)

    async def tell(self, application: Application) -> None:
        problem = Problem(Reason.INSUFFICIENT_FUNDS, missing_sentence(application))
        order = waiting_order(application.order, problem, self.cluster.now())
        if order.status != application.order.status:
            with suppress(Conflict, Gone, Refused):
                await self.cluster.write_status(order)
