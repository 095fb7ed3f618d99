"""The executable `prepaid`: a list of its sub-commands, nothing more."""

import typer

from prepaid.cli import demo, local, operator

app = typer.Typer(name="prepaid", help="Instances with a paid term and a Recycle Bin, on Kubernetes.", no_args_is_help=True)
app.add_typer(local.app, name="local")
app.add_typer(operator.app, name="operator")
app.command(name="demo")(demo.demo)


def main() -> None:
    """Entry point of the console script."""
    app()
