"""The lines of a run as a table: for a terminal, and in Markdown for the README."""

from collections.abc import Sequence
from typing import Final

from rich.table import Table

from bench.figures import Figure

COLUMNS: Final = ("case", "what", "N", "seconds", "floor", "figure", "target", "reached")
NUMBERS: Final = frozenset({"N", "seconds", "floor", "figure", "target"})


def rich_table(figures: Sequence[Figure], title: str) -> Table:
    table = Table(title=title, show_lines=False)
    for column in COLUMNS:
        table.add_column(column, justify="right" if column in NUMBERS else "left", overflow="fold")
    for figure in figures:
        table.add_row(*cells(figure), style="red" if figure.fault or figure.is_reached is False else None)
    return table


def markdown_table(figures: Sequence[Figure]) -> str:
    rules = ["---:" if column in NUMBERS else "---" for column in COLUMNS]
    rows = [COLUMNS, rules, *map(cells, figures)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def cells(figure: Figure) -> list[str]:
    """One for each column; what there is not is a dash."""
    told = figure.fault or (f"{figure.what} ({figure.note})" if figure.note else figure.what)
    return [
        figure.case,
        told,
        str(figure.n),
        number(figure.seconds, "s"),
        number(figure.floor_seconds, "s"),
        number(figure.value, figure.unit),
        number(figure.target, figure.unit) if figure.target is None else f"<= {number(figure.target, figure.unit)}",
        {None: "-", True: "yes", False: "no"}[figure.is_reached],
    ]


def number(value: float | None, unit: str) -> str:
    """Three digits or so; a ratio is marked with its x."""
    if value is None:
        return "-"
    digits = f"{value:.0f}" if value == round(value) or abs(value) >= 100 else f"{value:.2f}"
    return f"{digits}x" if unit == "x" else f"{digits} {unit}".strip()
