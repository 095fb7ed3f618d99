"""`prepaid history`: the ledger of purchases, oldest first."""

from prepaid.api.order import RenewalOrder
from prepaid.cli.choosing import all_or_chosen
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.options import Choice, View
from prepaid.cli.printing import Column, show
from prepaid.cli.session import Session, run
from prepaid.cli.shares import amount_fields
from prepaid.lifecycle.ordering import place_in_ledger


def history(
    which: Choice,
    view: View,
) -> None:
    """Show the purchases: what was bought, by whom, from when to when, for how much, or why not."""

    async def work(here: Session) -> ExitCode:
        orders = await here.cluster.all(RenewalOrder, here.namespace)
        if which.names or which.selector:
            wanted = {(one.metadata.namespace, one.metadata.name) for one in await all_or_chosen(which, here)}
            orders = [order for order in orders if (order.metadata.namespace, order.spec.instance_ref.name) in wanted]
        show(sorted(orders, key=place_in_ledger), columns(view.everywhere), view.output, f"No purchases {here.place}.")
        return ExitCode.DONE

    run(view.target, work)


def columns(with_namespace: bool) -> list[Column[RenewalOrder]]:
    return [
        Column("namespace", lambda order: order.metadata.namespace, is_wide=not with_namespace),
        Column("instance", lambda order: order.spec.instance_ref.name),
        Column("ordered", lambda order: str(order.metadata.creation_timestamp or "")),
        Column("source", lambda order: order.spec.source.value),
        Column("periods", lambda order: str(order.spec.periods), fields=lambda order: {"periods": order.spec.periods}),
        Column("result", lambda order: order.status.phase.value if order.status.phase else "Pending"),
        Column("amount", amount, fields=lambda order: amount_fields(order.status.amount, order.status.currency)),
        Column("until", lambda order: str(order.status.to_time or "")),
        Column("from", lambda order: str(order.status.from_time or ""), is_wide=True),
        Column("order", lambda order: order.metadata.name, is_wide=True),
        Column("why", why, is_wide=True),
    ]


def amount(order: RenewalOrder) -> str:
    return "" if order.status.amount is None else f"{order.status.amount} {order.status.currency}"


def why(order: RenewalOrder) -> str:
    return next((known.message for known in order.status.conditions if known.message), "")
