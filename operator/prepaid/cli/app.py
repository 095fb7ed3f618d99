"""The executable `prepaid`: a list of its sub-commands, nothing more."""

import typer

from prepaid.cli import local

app = typer.Typer(name="prepaid", help="Instances with a paid term and a Recycle Bin, on Kubernetes.", no_args_is_help=True)
app.add_typer(local.app, name="local")


def main() -> None:
    """Entry point of the console script."""
    app()
