"""`prepaid demo`: the main job on a fresh local control plane, within two minutes, with every claim checked."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from prepaid.cli.failures import told
from prepaid.cluster.clock import monotonic
from prepaid.demo.stage import Stage
from prepaid.demo.story import tell_story
from prepaid.demo.table import LiveTable
from prepaid.local.commands import Wish, down, up
from prepaid.local.display import Display
from prepaid.local.personas import ADMIN

Keep = Annotated[bool, typer.Option("--keep", envvar="KEEP", help="Leave the control plane running (KEEP=1).")]


def demo(keep: Keep = False) -> None:
    """Watch instances live: bought, renewed, expired, recovered, erased. Exit code 1 if anything was not so."""
    console = Console()
    directory = Path(tempfile.mkdtemp(prefix="prepaid-demo-"))
    display = Display(console)
    with told():
        try:
            is_all_so = perform(directory, display)
        finally:
            if keep:
                console.print(f"\nLeft running. End it with:  prepaid local down --directory {directory}", highlight=False, soft_wrap=True)
            else:
                down(directory, display)
    raise typer.Exit(0 if is_all_so else 1)


def perform(directory: Path, display: Display) -> bool:
    """Brings a control plane up, tells the story, and sums up."""
    plane = up(Wish(directory), display)
    start = monotonic()
    console = display.console
    console.print(f"\nTo look on:  export KUBECONFIG={plane.kubeconfig(ADMIN)}", highlight=False, soft_wrap=True)
    kubectl = plane.kubectl()
    with LiveTable(console) as table:
        stage = Stage(kubectl, console, table)
        tell_story(stage)
    console.print(f"\n[bold]What was seen, in {monotonic() - start:.0f} s:[/]", highlight=False)
    for claim, is_so in stage.seen:
        console.print(("[green]✓[/] " if is_so else "[red]✗ not so:[/] ") + claim, highlight=False)
    return stage.is_all_so()
