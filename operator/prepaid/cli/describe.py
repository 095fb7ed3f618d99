"""`prepaid describe`: the whole story of one instance."""

from collections.abc import Sequence
from typing import Any

import typer

from prepaid.api.order import RenewalOrder
from prepaid.cli.choosing import chosen
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.looking import look_at
from prepaid.cli.options import Choice, Format, Name, Output, Place
from prepaid.cli.printing import show_structured
from prepaid.cli.session import Session, run
from prepaid.cli.story import sections
from prepaid.cluster.errors import ClusterError
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.objects import LiveObject


def describe(name: Name, where: Place, output: Format = Output.TABLE) -> None:
    """Show the whole story of one instance: term, bin, orders, attachments, what comes next, events."""

    async def work(here: Session) -> ExitCode:
        (facts,) = await look_at(await chosen(Choice([name]), here), here)
        orders, events = await orders_of(facts, here), await events_of(facts, here)
        if output in (Output.JSON, Output.YAML):
            show_structured(objects(facts, orders, events), output)
        else:
            typer.echo("\n".join(sections(facts, orders, events)))
        return ExitCode.DONE

    run(where.target(), work)


def objects(facts: Facts, orders: Sequence[RenewalOrder], events: Sequence[LiveObject] | None) -> dict[str, Any]:
    """The objects that the story is told from."""
    return {
        "instance": facts.instance.to_manifest(),
        "binItem": facts.own_item.to_manifest() if facts.own_item else None,
        "account": facts.seen.account.to_manifest() if facts.seen.account else None,
        "orders": [order.to_manifest() for order in orders],
        "events": [dict(event.body) for event in events or ()],
    }


async def orders_of(facts: Facts, here: Session) -> list[RenewalOrder]:
    own = facts.instance.metadata
    return await here.cluster.all(RenewalOrder, own.namespace, fields=f"spec.instanceRef.name={own.name}")


async def events_of(facts: Facts, here: Session) -> Sequence[LiveObject] | None:
    """Its events, oldest first; None for whoever may not read them."""
    own = facts.instance.metadata
    fields = f"involvedObject.kind={facts.instance.kind},involvedObject.uid={own.uid}"
    try:
        found = await here.cluster.list_objects("v1", "Event", own.namespace, "", fields)
    except ClusterError:
        return None
    return sorted(found, key=lambda event: str(event.at("lastTimestamp")))
