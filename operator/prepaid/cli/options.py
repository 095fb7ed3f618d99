"""The options that many commands share, so that they read alike everywhere."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

import typer

from prepaid.cli.completion import complete_context, complete_instance
from prepaid.cli.durations import parse_seconds
from prepaid.cli.session import Target


class Output(StrEnum):
    """How results are printed."""

    TABLE = "table"
    WIDE = "wide"
    JSON = "json"
    YAML = "yaml"


Namespace = Annotated[
    str | None, typer.Option("--namespace", "-n", help="The namespace (default: that of the kubeconfig's context).", show_default=False)
]
Context = Annotated[
    str | None,
    typer.Option(
        "--context",
        help="The context of the kubeconfig (default: the current one).",
        autocompletion=complete_context,
        show_default=False,
    ),
]
Selector = Annotated[str, typer.Option("--selector", "-l", help="Those with these labels, such as tier=web.", show_default=False)]
Everywhere = Annotated[bool, typer.Option("--all-namespaces", "-A", help="In all namespaces.")]
Format = Annotated[Output, typer.Option("--output", "-o", help="How to print: table, wide, json or yaml.")]
Names = Annotated[
    list[str] | None, typer.Argument(help="Names of instances.", autocompletion=complete_instance, metavar="NAME", show_default=False)
]
Name = Annotated[str, typer.Argument(help="The name of an instance.", autocompletion=complete_instance, metavar="NAME")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask; for scripts.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Let the server check it all and keep nothing (a server-side dry run).")]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for what becomes of it, or only ask for it.")]
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout", parser=parse_seconds, metavar="DURATION", help="How long to wait, such as 90s, 5m or 1h.", show_default="60s"
    ),
]
MOST_PERIODS: Final = 100_000


def parse_periods(text: str) -> int:
    """As many as one purchase may have. Raises BadParameter."""
    if not str(text).isdecimal() or not 1 <= int(text) <= MOST_PERIODS:
        raise typer.BadParameter(f"{text} is no number of periods: say one from 1 to {MOST_PERIODS}.")
    return int(text)


Periods = Annotated[
    int | None,
    typer.Option(
        "--periods",
        parser=parse_periods,
        metavar="N",
        help="How many periods (default: 1, in the bin the fewest that reach now).",
        show_default=False,
    ),
]
Again = Annotated[bool, typer.Option("--again", help="Buy once more, although the same was bought a few minutes ago.")]


@dataclass(frozen=True)
class Place:
    """Where a command acts."""

    namespace: Namespace = None
    context: Context = None

    def target(self, *, is_rehearsal: bool = False) -> Target:
        return Target(self.namespace, self.context, is_rehearsal=is_rehearsal)


@dataclass(frozen=True)
class View:
    """Where a command looks, and how it shows what it finds."""

    namespace: Namespace = None
    context: Context = None
    everywhere: Everywhere = False
    output: Format = Output.TABLE

    @property
    def target(self) -> Target:
        return Target(self.namespace, self.context, self.everywhere)


@dataclass(frozen=True)
class Choice:
    """Which instances: named, or selected by their labels."""

    names: Names = None
    selector: Selector = ""


@dataclass(frozen=True)
class Handling:
    """How a batch is sent, waited for and shown."""

    dry_run: DryRun = False
    wait: Wait = True
    timeout: Timeout = 60.0
    output: Format = Output.TABLE
