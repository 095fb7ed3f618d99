"""`prepaid deposit`: a cashier pays in. The receipt is told before it is sent, so that a repeat with it never pays in twice."""

import secrets
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Final

import typer
from pydantic import TypeAdapter, ValidationError

from prepaid.api.account import PrepaidAccount, ReceiptId
from prepaid.api.money import parse_amount, write_amount
from prepaid.cli.choosing import not_there
from prepaid.cli.completion import complete_account
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.failures import Failure
from prepaid.cli.options import DryRun, Format, Output, Place
from prepaid.cli.printing import show_structured
from prepaid.cli.session import Session, run
from prepaid.cluster.errors import Conflict, Unavailable
from prepaid.cluster.patience import persist
from prepaid.lifecycle.deposits import deposit as deposit_into
from prepaid.lifecycle.deposits import is_paid_in, receipt_for


def parse_deposit(text: str) -> Decimal:
    """More than nothing. Raises BadParameter with an example."""
    try:
        amount = parse_amount(str(text))
    except ValueError as error:
        raise typer.BadParameter(f"{error}.") from None
    if not amount:
        raise typer.BadParameter("a deposit is more than nothing.")
    return amount


def parse_receipt(text: str) -> str:
    """As the account keeps it. Raises BadParameter."""
    try:
        return RECEIPT.validate_python(text)
    except ValidationError:
        raise typer.BadParameter(f"{text!r} is no receipt id: it has letters, digits and . _ : / -, at most 128 of them.") from None


RECEIPT: Final = TypeAdapter[str](ReceiptId)
Account = Annotated[str, typer.Argument(help="The name of the PrepaidAccount.", autocompletion=complete_account, metavar="ACCOUNT")]
Amount = Annotated[Decimal, typer.Argument(help='How much, such as "120.00".', parser=parse_deposit, metavar="AMOUNT")]
Receipt = Annotated[
    str | None,
    typer.Option(
        "--receipt",
        parser=parse_receipt,
        metavar="ID",
        help="The receipt; one that was paid in before changes nothing (default: a new one).",
        show_default=False,
    ),
]


@dataclass(frozen=True)
class Payment:
    """What is to be paid in, under which receipt."""

    account: str
    amount: Decimal
    receipt: str


def deposit(
    account: Account,
    amount: Amount,
    where: Place,
    receipt: Receipt = None,
    dry_run: DryRun = False,
    output: Format = Output.TABLE,
) -> None:
    """Pay in, as a cashier. Repeat it with the same --receipt when a connection breaks: it pays in once."""

    async def work(here: Session) -> ExitCode:
        payment = Payment(account, amount, receipt or receipt_for(secrets.token_hex(4), here.cluster.now()))
        typer.echo(announcement(payment, await read_account(account, here)), err=True)
        is_new, after = await paid_in(payment, here)
        if output in (Output.JSON, Output.YAML):
            show_structured(told_in_numbers(payment, after, is_new=is_new, is_rehearsal=dry_run), output)
        else:
            typer.echo(outcome(payment, after, is_new=is_new, is_rehearsal=dry_run))
        return ExitCode.DONE

    run(where.target(is_rehearsal=dry_run), work)


def announcement(payment: Payment, account: PrepaidAccount) -> str:
    """What is told before anything is sent."""
    said = f"Receipt {payment.receipt}: {payment.amount} {account.spec.currency} for account {payment.account}."
    return f"{said} To repeat it, say --receipt {payment.receipt}."


async def paid_in(payment: Payment, here: Session) -> tuple[bool, PrepaidAccount]:
    """Tried again while the connection is lost; then Failure tells how to go on without paying in twice."""
    try:
        return await persist(Till(payment, here).pay_in)
    except (Unavailable, Conflict) as error:
        said = f"Whether it was paid in is not known: {error}"
        raise Failure(f"{said}; say the same again with --receipt {payment.receipt}, then it is paid in once.") from None


@dataclass
class Till:
    """One payment: after a lost answer, a receipt that is there may be its own and is not called a repeat."""

    payment: Payment
    here: Session
    may_have_arrived: bool = field(default=False, init=False)

    async def pay_in(self) -> tuple[bool, PrepaidAccount]:
        """One conditional write of total and receipt together: whether it paid in, and the account afterwards. Raises ClusterError."""
        account = await read_account(self.payment.account, self.here)
        if is_paid_in(account, self.payment.receipt):
            return self.may_have_arrived, account
        try:
            return True, await self.here.cluster.patch(account, deposit_into(account, self.payment.amount, self.payment.receipt))
        except Unavailable:
            self.may_have_arrived = True
            raise


def outcome(payment: Payment, after: PrepaidAccount, *, is_new: bool, is_rehearsal: bool) -> str:
    if not is_new:
        said = f"Receipt {payment.receipt} is paid in already: nothing was paid in now, {after.spec.deposited} so far"
        return f"{said}; if this is another deposit, use another --receipt."
    said = "Would pay in" if is_rehearsal else "Paid in"
    return f"{said} {payment.amount} {after.spec.currency}: {after.spec.deposited} so far."


def told_in_numbers(payment: Payment, after: PrepaidAccount, *, is_new: bool, is_rehearsal: bool) -> dict[str, str | bool]:
    """For JSON and YAML: `amount` is what was paid in now, or would be."""
    return {
        "receipt": payment.receipt,
        "account": payment.account,
        "paidIn": is_new and not is_rehearsal,
        "repeated": not is_new,
        "amount": write_amount(payment.amount) if is_new else "0",
        "deposited": write_amount(after.spec.deposited),
        "currency": after.spec.currency,
    }


async def read_account(name: str, here: Session) -> PrepaidAccount:
    """Raises Failure with the nearest name where there is none."""
    account = await here.cluster.read(PrepaidAccount, here.namespace, name)
    if account is not None:
        return account
    raise Failure(no_account(name, [one.metadata.name for one in await here.cluster.all(PrepaidAccount, here.namespace)], here))


def no_account(name: str, known: list[str], here: Session) -> str:
    """Where none is at all, the namespace may be the wrong one."""
    if not known:
        return f"There is no PrepaidAccount {here.place}: choose another namespace with -n, or make {name} with `kubectl apply` first."
    return not_there("PrepaidAccount", name, known, here.place, f"kubectl get ppa -n {here.namespace}")
