"""`prepaid bin`: what lies in the Recycle Bin, how long still, what it costs to recover, what will be erased and what will stay."""

from dataclasses import dataclass

from prepaid.cli.choosing import all_or_chosen
from prepaid.cli.durations import in_words
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.looking import look_at
from prepaid.cli.options import Choice, View
from prepaid.cli.printing import Column, show
from prepaid.cli.session import Session, run
from prepaid.cli.shares import amount_fields, cost, remark
from prepaid.lifecycle.bin_items import effective_release_time
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.quoting import Quote, quote
from prepaid.lifecycle.remains import erased_at_the_end, lives_on
from prepaid.lifecycle.term import Term


@dataclass(frozen=True)
class Lying:
    """One instance in the bin, and what its recovery would come to."""

    facts: Facts
    quote: Quote


def show_bin(
    which: Choice,
    view: View,
) -> None:
    """Show the Recycle Bin: time left, what recovering costs, what will be erased and what will stay."""

    async def work(here: Session) -> ExitCode:
        seen = await look_at(await all_or_chosen(which, here), here)
        lying = [Lying(facts, quote(facts, None)) for facts in seen if is_in_bin(facts)]
        show(lying, columns(view.everywhere), view.output, f"The Recycle Bin is empty {here.place}.")
        return ExitCode.DONE

    run(view.target, work)


def is_in_bin(facts: Facts) -> bool:
    """Recycled, and not terminated yet."""
    term = facts.term_or_problem
    return isinstance(term, Term) and term.stay is not None and term.termination_time is None


def columns(with_namespace: bool) -> list[Column[Lying]]:
    return [
        Column("namespace", lambda one: one.facts.instance.metadata.namespace, is_wide=not with_namespace),
        Column("name", lambda one: one.facts.instance.metadata.name),
        Column("phase", phase),
        Column("left", time_left),
        Column("recover for", price_of_recovery, fields=recovery_fields),
        Column("will be erased", lambda one: ", ".join(erased_at_the_end(one.facts.status))),
        Column("will stay", lambda one: ", ".join(lives_on(one.facts.status))),
        Column("recycled", lambda one: str(one.facts.stay.recycle_time), is_wide=True),
        Column("release", lambda one: str(effective_release_time(one.facts)), is_wide=True),
        Column("why", why, is_wide=True),
    ]


def phase(one: Lying) -> str:
    item = one.facts.own_item
    return item.status.phase.value if item else "Recycled"


def time_left(one: Lying) -> str:
    return in_words((effective_release_time(one.facts) - one.facts.now).total("seconds"))


def price_of_recovery(one: Lying) -> str:
    if one.quote.refusal:
        return f"cannot be: {one.quote.refusal.message}"
    periods = "1 period" if one.quote.periods == 1 else f"{one.quote.periods} periods"
    return f"{cost(one.quote)}, {periods}"


def recovery_fields(one: Lying) -> dict[str, str | int | None]:
    """The same for JSON and YAML."""
    priced = amount_fields(None if one.quote.refusal else one.quote.amount, one.quote.currency)
    return {"recoverFor": priced["amount"], "currency": priced["currency"], "periods": one.quote.periods, "remark": remark(one.quote)}


def why(one: Lying) -> str:
    """What its item says, else what the instance says."""
    item = one.facts.own_item
    said = item.status.conditions if item and item.status.conditions else one.facts.status.conditions
    return next((known.message for known in said if known.message), "")
