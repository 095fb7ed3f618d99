"""What of the ledger is where: accounts, orders and classes as they are, or as they were at a number."""

from prepaid.api.account import PrepaidAccount
from prepaid.api.instance import PrepaidInstance
from prepaid.api.order import RenewalOrder
from simulation.server import Server


def accounts(server: Server) -> list[PrepaidAccount]:
    return [PrepaidAccount.parse(body) for body in server.bodies(PrepaidAccount)]


def account_of(server: Server, uid: str) -> PrepaidAccount | None:
    return next((account for account in accounts(server) if account.metadata.uid == uid), None)


def orders(server: Server) -> list[RenewalOrder]:
    return [RenewalOrder.parse(body) for body in server.bodies(RenewalOrder)]


def instances(server: Server) -> list[PrepaidInstance]:
    return [PrepaidInstance.parse(body) for body in server.bodies(PrepaidInstance)]


def instance_of(server: Server, uid: str) -> PrepaidInstance | None:
    return next((instance for instance in instances(server) if instance.metadata.uid == uid), None)
