"""`prepaid autorenew on|off`: whether instances renew by themselves at their expiration."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import typer

from prepaid.api.instance import PrepaidInstance
from prepaid.cli.batch import Batch, Manner, Task
from prepaid.cli.choosing import chosen
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.looking import newest
from prepaid.cli.options import Choice, DryRun, Format, Output, Place
from prepaid.cli.results import Outcome, Result
from prepaid.cli.session import Session, run


class Switch(StrEnum):
    """On or off."""

    ON = "on"
    OFF = "off"


def parse_switch(text: str) -> Switch:
    """Raises BadParameter for any other word."""
    try:
        return Switch(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is neither on nor off.") from None


def autorenew(
    switch: Annotated[Switch, typer.Argument(help="on or off.", parser=parse_switch, metavar="on|off")],
    which: Choice,
    where: Place,
    dry_run: DryRun = False,
    output: Format = Output.TABLE,
) -> None:
    """Switch auto-renewal on or off."""

    async def work(here: Session) -> ExitCode:
        found = await chosen(which, here)
        tasks = [Switching(here, one, switch is Switch.ON).task() for one in found]
        return await Batch(tasks, Manner(0.0, dry_run, output), []).carry_out()

    run(where.target(is_rehearsal=dry_run), work)


@dataclass(frozen=True)
class Switching:
    """One instance."""

    here: Session
    instance: PrepaidInstance
    is_on: bool

    def task(self) -> Task:
        return Task(self.instance.metadata.name, self.send, self.look)

    async def send(self) -> None:
        """Raises ClusterError."""
        await self.here.cluster.patch(await newest(self.instance, self.here), {"spec": {"autoRenew": self.is_on}})

    async def look(self) -> Result | None:
        """The server has kept it: there is nothing to wait for."""
        end = (await newest(self.instance, self.here)).status.expiration_time
        said = f"renews itself at {end}" if self.is_on and end else f"auto-renewal is {'on' if self.is_on else 'off'}"
        return Result(self.instance.metadata.name, Outcome.DONE, said)
