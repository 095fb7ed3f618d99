"""`prepaid renew`: buys periods by orders of the owner, which pay no more than was shown. In the bin that recovers."""

from dataclasses import dataclass

from prepaid.api.order import OrderPhase, RenewalOrder
from prepaid.cli.batch import Batch, Manner, Task
from prepaid.cli.choosing import chosen
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.options import Again, Choice, Handling, Periods, Place, Yes
from prepaid.cli.purchases import confirm, foreseen, plan, way_back
from prepaid.cli.results import Outcome, Result
from prepaid.cli.session import Session, run
from prepaid.cli.shares import money
from prepaid.cluster.errors import Conflict, Refused
from prepaid.lifecycle.owner_orders import Words, asks_for_the_same, lies_in_bin
from prepaid.lifecycle.quoting import Quote
from prepaid.lifecycle.reasons import Reason

WAITS_FOR_MONEY = (Reason.INSUFFICIENT_FUNDS, Reason.NO_ACCOUNT)


def renew(
    which: Choice,
    how: Handling,
    where: Place,
    periods: Periods = None,
    yes: Yes = False,
    again: Again = False,
) -> None:
    """Buy periods: shows the total and asks, then pays no more than that. Said twice within 10 minutes it buys once."""

    async def work(here: Session) -> ExitCode:
        words = Words(periods, is_meant_again=again, is_rehearsal=how.dry_run)
        purchase = await plan(await chosen(which, here), words, here)
        confirm(purchase, yes=yes, is_rehearsal=how.dry_run)
        tasks = [Renewal(here, quote).task() for quote in purchase.quotes]
        return await Batch(tasks, Manner.of(how), list(purchase.known)).carry_out()

    run(where.target(is_rehearsal=how.dry_run), work)


@dataclass(frozen=True)
class Renewal:
    """One order: sent under a name that tells it from every other purchase, then watched."""

    here: Session
    quote: Quote

    def task(self) -> Task:
        return Task(self.quote.name, self.send, self.look, foreseen(self.quote), self.way_back())

    def way_back(self) -> str:
        """In the bin the order outlives a recovery by anything else."""
        own = self.quote.order.metadata
        otherwise = ", even if something else has recovered it by then" if lies_in_bin(self.quote.facts) else ""
        return way_back(f"kubectl delete rno {own.name} -n {own.namespace}", otherwise)

    async def send(self) -> None:
        """One of the same name that asks for the same is as good. Raises ClusterError."""
        wanted = self.quote.order
        try:
            await self.here.cluster.create(wanted)
        except Conflict:
            found = await self.found()
            if found is not None and not asks_for_the_same(found, wanted):
                said = f"the order {wanted.metadata.name} exists and asks for something else; delete it"
                raise Refused(said, "NotOurs") from None

    async def found(self) -> RenewalOrder | None:
        own = self.quote.order.metadata
        return await self.here.cluster.read(RenewalOrder, own.namespace, own.name)

    async def look(self) -> Result | None:
        order = await self.found()
        if order is None:
            return Result(self.quote.name, Outcome.REFUSED, f"its order {self.quote.order.metadata.name} was deleted by somebody")
        return result_of(order, self.quote)


def result_of(order: RenewalOrder, quote: Quote) -> Result | None:
    """What became of an order; None while it is not decided. Without an account nothing is decided before there is one."""
    status = order.status
    answer = next((known for known in status.conditions if known.type == "Settled"), None)
    message = answer.message if answer else ""
    if status.phase is OrderPhase.SETTLED and status.amount is not None:
        amount, currency = status.amount, status.currency or ""
        said = f"paid {money(amount, currency)}; the term runs until {status.to_time}"
        return Result(quote.name, Outcome.DONE, said, amount, currency)
    if status.phase is OrderPhase.REJECTED:
        return Result(quote.name, Outcome.REFUSED, message)
    if answer and answer.reason in WAITS_FOR_MONEY:
        return Result(quote.name, Outcome.WAITING, message)
    lacks = quote.waits_for
    return Result(quote.name, Outcome.WAITING, lacks.message) if lacks and lacks.reason is Reason.NO_ACCOUNT else None
