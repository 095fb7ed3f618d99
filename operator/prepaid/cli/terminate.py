"""`prepaid terminate`: opens the one-way door for instances in the bin, after their owner has typed what goes through it."""

from collections.abc import Sequence
from dataclasses import dataclass

from prepaid.api.instance import Phase, PrepaidInstance
from prepaid.cli.asking import ask_for_word
from prepaid.cli.batch import Batch, Manner, Task
from prepaid.cli.choosing import chosen
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.looking import NO_ITEM, look_at, read_item
from prepaid.cli.options import Choice, Handling, Place, Yes
from prepaid.cli.results import Outcome, Result
from prepaid.cli.session import Session, run
from prepaid.cluster.errors import Refused
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.leaving import erasure_sentence
from prepaid.lifecycle.reasons import Problem
from prepaid.lifecycle.remains import erased_at_the_end, lives_on


def terminate(
    which: Choice,
    how: Handling,
    where: Place,
    yes: Yes = False,
) -> None:
    """Erase instances in the Recycle Bin for good: shows what goes and what stays, and wants the name typed. There is no way back."""

    async def work(here: Session) -> ExitCode:
        seen = await look_at(await chosen(which, here), here)
        known = [result for facts in seen if (result := settled_already(facts))]
        doomed = [facts for facts in seen if not settled_already(facts)]
        if doomed and not how.dry_run:
            ask_for_word(warning(doomed), word_for(doomed), yes=yes)
        tasks = [Termination(here, facts).task() for facts in doomed]
        return await Batch(tasks, Manner.of(how), known).carry_out()

    run(where.target(is_rehearsal=how.dry_run), work)


def settled_already(facts: Facts) -> Result | None:
    """What needs no door: it is through, or it may not go there (product.md P1)."""
    name, term = facts.instance.metadata.name, facts.term_or_problem
    if isinstance(term, Problem):
        return Result(name, Outcome.REFUSED, term.message)
    if term is None:
        return Result(name, Outcome.REFUSED, "it was never bought: `kubectl delete ppi` removes it")
    if facts.status.termination_time and (gone := erasure_sentence(facts.status)):
        return Result(name, Outcome.DONE, gone)
    if term.stay is None:
        return Result(name, Outcome.REFUSED, f"its term runs until {term.expiration_time}; it can be terminated once it is in the bin")
    return None


def word_for(doomed: Sequence[Facts]) -> str:
    """What must be typed: the name of the one, or how many there are."""
    return doomed[0].instance.metadata.name if len(doomed) == 1 else str(len(doomed))


def warning(doomed: Sequence[Facts]) -> str:
    """What goes for good, what stays, and the reminder."""
    lines = [line for facts in doomed for line in fate(facts)]
    what = "the name of the instance" if len(doomed) == 1 else f"the number of instances ({len(doomed)})"
    return "\n".join([*lines, "There is no way back: make a backup of what you need first.", f"Type {what} to erase: "])


def fate(facts: Facts) -> list[str]:
    """Two lines for one instance."""
    return [f"{facts.instance.metadata.name}: {said}" for said in goes_and_stays(facts)]


def goes_and_stays(facts: Facts) -> tuple[str, str]:
    """What is erased for good, and what lives on."""
    erased, kept = erased_at_the_end(facts.status), lives_on(facts.status)
    stays = ", ".join(kept) + " (charged while idle, until you delete it)" if kept else "nothing"
    return f"erased for good: {', '.join(erased) or 'no data'}", f"lives on: {stays}"


def foreseen(facts: Facts) -> Result:
    """What a rehearsal answers."""
    return Result(facts.instance.metadata.name, Outcome.REHEARSED, "; ".join(goes_and_stays(facts)))


@dataclass(frozen=True)
class Termination:
    """One item: condemned, then watched until its data is seen to be gone."""

    here: Session
    facts: Facts

    def task(self) -> Task:
        return Task(self.facts.instance.metadata.name, self.send, self.look, foreseen(self.facts))

    async def send(self) -> None:
        """Raises ClusterError; Refused where there is no item of this stay."""
        item = await read_item(self.facts, self.here)
        if item is None:
            raise Refused(NO_ITEM, "NoItem")
        if self.facts.status.termination_time is None:
            await self.here.cluster.patch(item, {"spec": {"disposition": "Terminate", "confirm": item.metadata.name}})

    async def look(self) -> Result | None:
        own = self.facts.instance.metadata
        instance = await self.here.cluster.read(PrepaidInstance, own.namespace, own.name)
        if instance is None or instance.metadata.uid != own.uid:
            return Result(own.name, Outcome.DONE, "it is erased, and its object is deleted")
        if instance.status.recycle_time is None:
            return Result(own.name, Outcome.REFUSED, "a payment that was accepted before has recovered it")
        gone = erasure_sentence(instance.status)
        return Result(own.name, Outcome.DONE, gone) if gone and instance.status.phase is Phase.TERMINATED else None
