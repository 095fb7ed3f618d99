"""`prepaid describe`: the whole story of one instance."""

from collections.abc import Sequence

import typer

from prepaid.api.order import RenewalOrder
from prepaid.cli.choosing import chosen
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.looking import look_at
from prepaid.cli.options import Context, Name, Namespace
from prepaid.cli.session import Session, Target, run
from prepaid.cli.story import sections
from prepaid.cluster.errors import ClusterError
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.objects import LiveObject


def describe(name: Name, namespace: Namespace = None, context: Context = None) -> None:
    """Show the whole story of one instance: term, bin, orders, attachments, what comes next, events."""

    async def work(here: Session) -> ExitCode:
        (facts,) = await look_at(await chosen([name], "", here), here)
        for line in sections(facts, await orders_of(facts, here), await events_of(facts, here)):
            typer.echo(line)
        return ExitCode.DONE

    run(Target(namespace, context), work)


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
