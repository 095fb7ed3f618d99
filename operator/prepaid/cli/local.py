"""`prepaid local`: a whole Kubernetes control plane on this machine."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from prepaid.cli.failures import told
from prepaid.local.commands import Wish
from prepaid.local.commands import down as take_down
from prepaid.local.commands import up as bring_up
from prepaid.local.display import Display
from prepaid.local.personas import ADMIN
from prepaid.local.plane import ControlPlane, PartStatus, control_plane

app = typer.Typer(help="A whole Kubernetes control plane on this machine, without containers.", no_args_is_help=True, rich_markup_mode=None)

Directory = Annotated[Path | None, typer.Option(help="Where it lives (default: $XDG_STATE_HOME/prepaid/local).", show_default=False)]
Port = Annotated[int | None, typer.Option(min=1, max=65535, help="Port of its API server (default: a free one).", show_default=False)]
NoOperator = Annotated[bool, typer.Option("--no-operator", help="Leave the operator out.")]
KeepData = Annotated[bool, typer.Option("--keep-data", help="Leave its data, so that the next `up` goes on with it.")]


@app.command()
def up(directory: Directory = None, port: Port = None, no_operator: NoOperator = False) -> None:
    """Build it (once), start it, and install kinds, policies, classes and the operator. Heals what is broken."""
    display = Display()
    with told():
        plane = bring_up(Wish(directory, port, with_operator=not no_operator), display)
        for line in how_to_go_on(plane, directory):
            display.say(line)


@app.command()
def down(directory: Directory = None, keep_data: KeepData = False) -> None:
    """End it and remove its data."""
    with told():
        take_down(directory, Display(), keep_data=keep_data)


@app.command()
def status(directory: Directory = None) -> None:
    """Show each of its processes. Exit code 0 only if all are well."""
    with told():
        parts = control_plane(directory).status()
    Console().print(status_table(parts))
    raise typer.Exit(0 if all(part.is_alive and part.is_ready for part in parts) else 1)


@app.command()
def kubeconfig(persona: str, directory: Directory = None) -> None:
    """Print the path of a persona's kubeconfig: admin, operator, cashier, alice, bob or viewer."""
    with told():
        typer.echo(control_plane(directory).kubeconfig(persona))


def how_to_go_on(plane: ControlPlane, directory: Path | None) -> list[str]:
    """What to type next."""
    where = f" --directory {directory}" if directory else ""
    return [
        "",
        "The control plane is ready. Go on with:",
        f"  export KUBECONFIG={plane.kubeconfig(ADMIN)}",
        "  kubectl get instanceclasses",
        f"As a tenant:  export KUBECONFIG=$(prepaid local kubeconfig alice{where})",
        f"End it with:  prepaid local down{where}",
    ]


def status_table(parts: list[PartStatus]) -> Table:
    """One row for each process."""
    table = Table("process", "pid", "alive", "port", "ready")
    for part in parts:
        table.add_row(part.name, shown(part.pid), yes(part.is_alive), shown(part.port), yes(part.is_ready))
    return table


def shown(number: int | None) -> str:
    return "-" if number is None else str(number)


def yes(answer: bool) -> str:
    return "[green]yes[/]" if answer else "[red]no[/]"
