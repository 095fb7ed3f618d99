"""The executable `prepaid`, also installed as `kubectl-prepaid`: a list of its sub-commands, nothing more."""

import os
import shlex
import sys
from pathlib import Path

import typer

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
from prepaid.cli.terminate import terminate

PLUGIN = "kubectl-prepaid"
NO_FILES = ":4"

app = typer.Typer(
    name="prepaid",
    help="Instances with a paid term and a Recycle Bin, on Kubernetes.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command(name="list")(list_instances)
app.command(name="bin")(show_bin)
app.command()(describe)
app.command()(quote)
app.command()(renew)
app.command()(recover)
app.command()(terminate)
app.command()(autorenew)
app.command()(attach)
app.command()(detach)
app.command()(resources)
app.command()(deposit)
app.command()(history)
app.add_typer(local.app, name="local")
app.add_typer(operator.app, name="operator")
app.command(name="demo")(demo.demo)


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
