"""`prepaid quote`: what renewing would come to. Changes nothing."""

from prepaid.cli.choosing import chosen
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.looking import look_at
from prepaid.cli.options import Choice, Format, Output, Periods, Place
from prepaid.cli.printing import show
from prepaid.cli.session import Session, run
from prepaid.cli.shares import COLUMNS
from prepaid.lifecycle.quoting import Quote, quotes


def quote(
    which: Choice,
    where: Place,
    periods: Periods = None,
    output: Format = Output.TABLE,
) -> None:
    """Show what renewing or recovering would cost, the new end of the term, and the balance after. Changes nothing."""

    async def work(here: Session) -> ExitCode:
        made = quotes(await look_at(await chosen(which, here), here), periods)
        show(made, COLUMNS, output, "")
        return worst_of(made)

    run(where.target(), work)


def worst_of(made: tuple[Quote, ...]) -> ExitCode:
    """As the purchase itself would end."""
    if any(one.refusal for one in made):
        return ExitCode.FAILED
    return ExitCode.WAITING_FOR_MONEY if any(one.waits_for for one in made) else ExitCode.DONE
