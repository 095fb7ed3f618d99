"""N instances renew themselves from ten accounts in the same second; its floor is the purchase protocol's own writes."""

from collections.abc import Sequence
from typing import Final

from bench.bare import Bare, Work
from bench.figures import Figure
from bench.floor import Floor, as_made, floor_of, newest_of
from bench.observing import RENEWED
from bench.plan import ACCOUNTS
from bench.populate import Wanted, buy, populate, status_write
from bench.rounds import rounds_of
from bench.run import Run
from bench.sale import on_sale
from bench.stage import Stage
from bench.storm import Storm, ease, weather
from cluster.apiserver import MONEY, ORDERS, Body
from cluster.wares import an_account, an_instance
from prepaid.api.marks import ENDED, LIFECYCLE_FINALIZER

TARGET: Final = 1.5
PAYING_SECONDS: Final = 1.0
"""Accounts are looked at as well."""
PRICE: Final = {"amount": "1.50", "currency": "CNY"}
ROUTE: Final = ("sequence", "order", "account", "periods", "amount", "terms", "source")


def measure(run: Run) -> list[Figure]:
    n = run.plan.money_n
    rounds = rounds_of(run.shared_stage("money"), [n], run.plan.widths, beside_its_floor)
    return [rounds[n].figure("money", f"all renewed from {ACCOUNTS} accounts", n, TARGET)]


def beside_its_floor(stage: Stage, n: int, width: int) -> tuple[Storm, Floor]:
    patterns = buy(stage, prepared(stage))
    crowd = populate(stage, patterns, Wanted(n, ease(n) + PAYING_SECONDS))
    return weather(stage, crowd, RENEWED), renewing_floor(stage, crowd.names, width)


def prepared(stage: Stage) -> list[Body]:
    """One pattern for each account, so that every account is in use before the storm."""
    purses = [f"purse-{number}" for number in range(ACCOUNTS)]
    accounts = [an_account(stage.namespace, purse, "10000000.00") for purse in purses]
    stage.prepare(on_sale(stage.namespace, price=PRICE), *accounts)
    return [an_instance(stage.namespace, f"of-{purse}", stage.namespace, account=purse, autoRenew=True) for purse in purses]


def renewing_floor(stage: Stage, names: Sequence[str], width: int) -> Floor:
    """Of each its order, intent, grant, settlement and the order's end; of each account one debit for all."""
    newest, wanted = newest_of(stage, names), set(names)
    orders = [order for order in stage.all(ORDERS) if order["spec"]["instanceRef"]["name"] in wanted]
    debits = [debiting(account, orders) for account in stage.all(MONEY)]
    return floor_of(stage, [*debits, *(renewing(newest[order["spec"]["instanceRef"]["name"]], order) for order in orders)], width)


def debiting(account: Body, orders: Sequence[Body]) -> Work:
    """All that it pays for, in one write."""
    paid = [order for order in orders if order["status"]["account"]["name"] == account["metadata"]["name"]]
    entry = {"sequence": 1, "outcome": "Applied", "amount": PRICE["amount"]}
    status = {**account["status"], "purchases": {order["spec"]["instanceRef"]["uid"]: entry for order in paid}}
    metadata = {known: account["metadata"][known] for known in ("name", "namespace", "uid", "resourceVersion")}
    body = {"apiVersion": account["apiVersion"], "kind": account["kind"], "metadata": metadata, "status": status}

    async def write(bare: Bare) -> None:
        await bare.call("PUT", MONEY.path(metadata["namespace"], metadata["name"], "status"), body)

    return write


def renewing(newest: Body, order: Body) -> Work:
    """The five writes of one renewal, in their order."""
    namespace = order["metadata"]["namespace"]
    body = as_made(order)
    body["metadata"] = {"name": f"{order['metadata']['name']}-again", "namespace": namespace, "finalizers": [LIFECYCLE_FINALIZER]}
    path = ORDERS.path(namespace, body["metadata"]["name"])

    async def write(bare: Bare) -> None:
        made = await bare.call("POST", ORDERS.path(namespace), body)
        instance = newest
        for intent in intents(made, order["status"]):
            instance = await bare.call("PUT", *status_write(instance, {**instance["status"], "intent": intent}))
        await bare.call("PUT", f"{path}/status", {**made, "status": order["status"]})
        await bare.call("PATCH", path, {"metadata": {"finalizers": None, "annotations": {ENDED: "Settled"}}})

    return write


def intents(made: Body, settled: Body) -> list[Body]:
    """The purchase in flight, open and granted."""
    reference = {"name": made["metadata"]["name"], "uid": made["metadata"]["uid"]}
    told = {**made["spec"], **settled, "sequence": settled.get("sequence", 0), "order": reference}
    opened = {known: told[known] for known in ROUTE}
    return [{**opened, "state": "Open"}, {**opened, "state": "Granted", "fromTime": told["fromTime"], "toTime": told["toTime"]}]
