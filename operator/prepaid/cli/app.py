"""The executable `prepaid`, also installed as `kubectl-prepaid`: a list of its sub-commands, nothing more."""

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import typer
from typer.core import TyperCommand

from prepaid.cli import demo, local, operator
from prepaid.cli.attach import attach, detach
from prepaid.cli.autorenew import autorenew
from prepaid.cli.bin import show_bin
from prepaid.cli.deposit import deposit
from prepaid.cli.describe import describe
from prepaid.cli.exit_codes import EPILOG
from prepaid.cli.history import history
from prepaid.cli.listing import list_instances
from prepaid.cli.quote import quote
from prepaid.cli.recover import recover
from prepaid.cli.renew import renew
from prepaid.cli.resources import resources
from prepaid.cli.spelling import spelled_out
from prepaid.cli.terminate import terminate

PLUGIN = "kubectl-prepaid"
NO_FILES = ":4"

NEGATIVE_NUMBERS: Final = {"ignore_unknown_options": True}
"""`-5` is an amount that is not right, and no option that does not exist."""


class Plain(TyperCommand):
    """Its usage line has no braces around what must be there."""

    def collect_usage_pieces(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return [piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)]


app = typer.Typer(
    name="prepaid",
    help="Instances with a paid term and a Recycle Bin, on Kubernetes.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
COMMANDS: Final[tuple[tuple[str, Callable[..., None]], ...]] = (
    ("list", list_instances),
    ("bin", show_bin),
    ("describe", describe),
    ("quote", quote),
    ("renew", renew),
    ("recover", recover),
    ("terminate", terminate),
    ("autorenew", autorenew),
    ("attach", attach),
    ("detach", detach),
    ("resources", resources),
    ("history", history),
    ("demo", demo.demo),
)
for name, command in COMMANDS:
    app.command(name, cls=Plain)(spelled_out(command))
app.command("deposit", cls=Plain, context_settings=NEGATIVE_NUMBERS)(spelled_out(deposit))
app.add_typer(local.app, name="local")
app.add_typer(operator.app, name="operator")


def main() -> None:
    """Entry point of the console scripts."""
    called = Path(sys.argv[0]).name
    app(prog_name="kubectl prepaid" if called == PLUGIN else None)


def complete() -> None:
    """Entry point of `kubectl_complete-prepaid`: kubectl gives it the words so far and takes one completion a line, then a directive."""
    words = sys.argv[1:]
    os.environ |= {
        "_PREPAID_COMPLETE": "complete_bash",
        "COMP_WORDS": shlex.join(["prepaid", *words]) if words and words[-1] else shlex.join(["prepaid", *words[:-1]]) + " ",
        "COMP_CWORD": str(len(words)),
    }
    try:
        app(prog_name="prepaid")
    finally:
        typer.echo(NO_FILES)
