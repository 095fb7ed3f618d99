"""`prepaid resources`: the elastic resources, who holds each, since when nobody does, and what that has cost."""

from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.money import write_amount
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.options import Selector, View
from prepaid.cli.printing import Column, show
from prepaid.cli.session import Session, run
from prepaid.lifecycle.showing_resources import ResourceLine, resource_lines


def resources(
    view: View,
    selector: Selector = "",
) -> None:
    """Show the elastic resources: who holds them, since when they are idle, and what that has cost."""

    async def work(here: Session) -> ExitCode:
        found = await here.cluster.all(ElasticResource, here.namespace, selector)
        show(resource_lines(found), columns(view.everywhere), view.output, f"No elastic resources {here.place}.")
        return ExitCode.DONE

    run(view.target, work)


def columns(with_namespace: bool) -> list[Column[ResourceLine]]:
    return [
        Column("namespace", lambda line: line.namespace, is_wide=not with_namespace),
        Column("name", lambda line: line.name),
        Column("type", lambda line: line.type),
        Column("held by", lambda line: line.holders),
        Column("idle since", lambda line: line.idle_since),
        Column("price", lambda line: line.price, fields=price_fields),
        Column("cost", lambda line: line.cost, fields=lambda line: {"cost": write_amount(line.charged) or None}),
        Column("target", lambda line: line.target, is_wide=True),
    ]


def price_fields(line: ResourceLine) -> dict[str, str | None]:
    """The price of one idle unit, for JSON and YAML; its currency is that of the cost as well."""
    rate = line.rate
    return {
        "price": write_amount(rate.amount) if rate else None,
        "currency": rate.currency if rate else None,
        "unit": rate.unit.value if rate else None,
    }
