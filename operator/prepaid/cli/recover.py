"""`prepaid recover`: says Recover on bin items, with the number of periods and the most that they may cost."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from prepaid.api.bin_item import BinItemPhase, Disposition, RecycleBinItem
from prepaid.api.instance import PrepaidInstance
from prepaid.api.order import OrderPhase, OrderSource, RenewalOrder
from prepaid.api.resource import Condition
from prepaid.cli.batch import Batch, Manner, Task
from prepaid.cli.bin import is_in_bin
from prepaid.cli.choosing import chosen
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.looking import NO_ITEM, look_at, newest, read_item
from prepaid.cli.options import Choice, Handling, Periods, Place, Yes
from prepaid.cli.purchases import Purchase, confirm, foreseen, plan_for, settled_orders, way_back, without_repeats
from prepaid.cli.renew import WAITS_FOR_MONEY
from prepaid.cli.results import Outcome, Result
from prepaid.cli.session import Session, run
from prepaid.cli.shares import money
from prepaid.cluster.errors import Refused
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.item_status import ASK_AGAIN
from prepaid.lifecycle.ordering import recovery_of
from prepaid.lifecycle.owner_orders import Words
from prepaid.lifecycle.quoting import Quote, not_for_sale


def recover(
    which: Choice,
    how: Handling,
    where: Place,
    periods: Periods = None,
    yes: Yes = False,
) -> None:
    """Recover instances from the Recycle Bin: shows the total and asks, then pays no more than that."""

    async def work(here: Session) -> ExitCode:
        seen = await look_at(await chosen(which, here), here)
        purchase = recoverable(seen, await settled_orders(here), Words(periods, OrderSource.RECOVER, is_rehearsal=how.dry_run))
        confirm(purchase, yes=yes, is_rehearsal=how.dry_run)
        tasks = [Recovery(here, quote).task() for quote in purchase.quotes]
        return await Batch(tasks, Manner.of(how), list(purchase.known)).carry_out()

    run(where.target(is_rehearsal=how.dry_run), work)


def recoverable(seen: list[Facts], history: list[RenewalOrder], words: Words) -> Purchase:
    """What lies in the bin; a recovery that the same words have bought a moment ago is done."""
    lying, others = [facts for facts in seen if is_in_bin(facts)], [facts for facts in seen if not is_in_bin(facts)]
    elsewhere, done = without_repeats(others, history, words)
    outside = [Result(facts.instance.metadata.name, Outcome.REFUSED, why_not(facts)) for facts in elsewhere]
    purchase = plan_for(lying, (), words)
    return Purchase(purchase.quotes, (*done, *outside, *purchase.known))


def why_not(facts: Facts) -> str:
    """Why what is not in the bin cannot be recovered."""
    if problem := not_for_sale(facts):
        return f"it is not in the Recycle Bin: {problem.message}"
    return f"it is not in the Recycle Bin: its term runs until {facts.status.expiration_time}; renew it instead"


@dataclass
class Recovery:
    """One item: spoken to, then watched.

    `generation` is that of the item with the word on it; `outdated` is what stood on it before although the money is there now.
    """

    here: Session
    quote: Quote
    generation: int = field(default=0, init=False)
    outdated: Sequence[Condition] = field(default=(), init=False)

    def task(self) -> Task:
        own = self.quote.facts.instance.metadata
        retain = f"""kubectl patch rbi {own.name} -n {own.namespace} --type merge -p '{{"spec":{{"disposition":"Retain"}}}}'"""
        return Task(self.quote.name, self.send, self.look, foreseen(self.quote), way_back(retain))

    async def send(self) -> None:
        """Raises ClusterError; Refused where there is no item of this stay. One that is recovered meanwhile needs no word any more."""
        item = await read_item(self.quote.facts, self.here)
        if item is not None:
            await self.say_recover(item)
        elif (await newest(self.quote.facts.instance, self.here)).status.recycle_time is not None:
            raise Refused(NO_ITEM, "NoItem")

    async def say_recover(self, item: RecycleBinItem) -> None:
        """The word is acted on once per generation: one that was turned down is taken back first, so that it is heard anew."""
        self.outdated = () if self.quote.waits_for else item.status.conditions
        if is_turned_down(item):
            item = await self.here.cluster.patch(item, {"spec": {"disposition": "Retain"}})
        word = {"disposition": "Recover", "periods": self.quote.periods, "maxAmount": format(self.quote.amount, "f")}
        self.generation = (await self.here.cluster.patch(item, {"spec": word})).metadata.generation

    async def look(self) -> Result | None:
        own, instance = self.quote.facts.instance.metadata, await newest(self.quote.facts.instance, self.here)
        if instance.status.recycle_time is None:
            return await self.recovered(instance)
        item = await self.here.cluster.read(RecycleBinItem, own.namespace, own.name)
        return answer_of(item, self.quote.name, self.generation, self.outdated) if item else None

    async def recovered(self, instance: PrepaidInstance) -> Result | None:
        """What it cost is in the ledger, in a moment; another purchase may have been faster."""
        name, end = recovery_of(self.quote.facts).metadata.name, instance.status.expiration_time
        order = await self.here.cluster.read(RenewalOrder, instance.metadata.namespace, name)
        if order is None or order.status.phase is OrderPhase.REJECTED:
            return Result(self.quote.name, Outcome.DONE, f"another purchase has recovered it; it runs until {end}")
        if order.status.amount is None:
            return None
        amount, currency = order.status.amount, order.status.currency or ""
        return Result(self.quote.name, Outcome.DONE, f"paid {money(amount, currency)}; it runs until {end}", amount, currency)


def is_turned_down(item: RecycleBinItem) -> bool:
    """Whether a Recover stands on it that was acted on and bought nothing: one that waits was not yet, one that bought has no item."""
    is_acted_on = item.status.observed_generation >= item.metadata.generation
    return item.spec.disposition is Disposition.RECOVER and item.status.phase is BinItemPhase.RECYCLED and is_acted_on


def answer_of(item: RecycleBinItem, name: str, generation: int, outdated: Sequence[Condition] = ()) -> Result | None:
    """What the item says to the word of this generation; None while it says nothing, or nothing new."""
    new = (known for known in item.status.conditions if known.observed_generation >= generation and known not in outdated)
    said = next(new, None)
    if item.status.phase in (BinItemPhase.TERMINATING, BinItemPhase.TERMINATED):
        return Result(name, Outcome.REFUSED, "it came too late: it is being terminated")
    if said is None:
        return None
    if said.reason in WAITS_FOR_MONEY:
        return Result(name, Outcome.WAITING, said.message)
    return None if item.status.phase is BinItemPhase.RECOVERING else Result(name, Outcome.REFUSED, said.message.removesuffix(ASK_AGAIN))
