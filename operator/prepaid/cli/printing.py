"""Prints rows as a table, as JSON or as YAML, all from one list of columns. Results go to stdout, everything else to stderr."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import typer
import yaml
from rich.console import Console

from prepaid.cli.options import Output

T = TypeVar("T")
GAP = "   "


@dataclass(frozen=True)
class Column(Generic[T]):
    """One column: `is_wide` shows it with -o wide only; JSON and YAML have all of them.

    `fields` is what those say in place of the cell, where a program wants more than text: numbers, or an amount without its currency.
    """

    title: str
    cell: Callable[[T], str]
    is_wide: bool = False
    fields: Callable[[T], Mapping[str, str | int | bool | None]] | None = None

    @property
    def key(self) -> str:
        """The title in camelCase."""
        first, *others = self.title.lower().split()
        return first + "".join(word.title() for word in others)

    def told(self, row: T) -> Mapping[str, str | int | bool | None]:
        """For JSON and YAML."""
        return self.fields(row) if self.fields else {self.key: self.cell(row)}


def show(rows: Iterable[T], columns: Sequence[Column[T]], output: Output, empty: str) -> None:
    """All rows; a table without any says `empty` instead, on stderr."""
    given = list(rows)
    if output in (Output.JSON, Output.YAML):
        show_structured({"items": [{key: value for column in columns for key, value in column.told(row).items()} for row in given]}, output)
        return
    shown = [column for column in columns if output is Output.WIDE or not column.is_wide]
    if not given:
        typer.echo(empty, err=True)
        return
    print_table([column.title.upper() for column in shown], [[column.cell(row) for column in shown] for row in given])


def show_structured(told: Mapping[str, Any], output: Output) -> None:
    """Plain values, as JSON or YAML."""
    text = json.dumps(told, indent=2, ensure_ascii=False) if output is Output.JSON else yaml.safe_dump(told, sort_keys=False).rstrip()
    typer.echo(text)


def print_table(titles: list[str], rows: list[list[str]]) -> None:
    """As kubectl prints: never wrapped, so that it can be piped."""
    lines = aligned([titles, *rows])
    console = Console(highlight=False, soft_wrap=True)
    console.print(lines[0], style="" if console.no_color else "bold", markup=False)
    for line in lines[1:]:
        console.print(line, markup=False)


def aligned(rows: list[list[str]]) -> list[str]:
    """Lines with their cells under each other; what is empty is `-`."""
    texts = [[cell or "-" for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in texts) for place in range(len(texts[0]))]
    return [GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in texts]
