"""The lines of a run as a table: for a terminal, and in Markdown for the README."""

from collections.abc import Collection, Sequence
from typing import Final

from rich.table import Table

from bench.figures import Figure

COLUMNS: Final = ("case", "what", "N", "seconds", "floor", "figure", "target", "reached")
CPU: Final = "ms of processor time an instance"
NUMBERS: Final = frozenset({"N", "seconds", "floor", "figure", "target"})


def rich_table(figures: Sequence[Figure], title: str) -> Table:
    table = Table(title=title, show_lines=False)
    for column in COLUMNS:
        table.add_column(column, justify="right" if column in NUMBERS else "left", overflow="fold")
    for figure in figures:
        table.add_row(*cells(figure), style="red" if figure.fault or figure.is_reached is False else None)
    return table


def markdown_table(figures: Sequence[Figure]) -> str:
    return in_markdown(COLUMNS, NUMBERS, [cells(figure) for figure in figures])


def markdown_of_cpu(figures: Sequence[Figure]) -> str:
    """Where the processor time of each storm and of its floor goes, part by part; "" where that was not measured."""
    told = [figure for figure in figures if figure.cpu]
    columns = [CPU, *(column for figure in told for column in (figure.case, f"{figure.case}'s floor"))]
    sides = [side for figure in told for side in (figure.cpu, figure.floor_cpu)]
    parts = dict.fromkeys(part for side in sides for part in side)
    rows = [[part, *(milliseconds(side.get(part)) for side in sides)] for part in parts]
    total = ["together", *(milliseconds(sum(side.values())) for side in sides)]
    return in_markdown(columns, frozenset(columns[1:]), [*rows, total]) if told else ""


def in_markdown(columns: Sequence[str], numbers: Collection[str], rows: Sequence[Sequence[str]]) -> str:
    rules = ["---:" if column in numbers else "---" for column in columns]
    return "".join(f"| {' | '.join(row)} |\n" for row in (columns, rules, *rows))


def milliseconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def cells(figure: Figure) -> list[str]:
    """One for each column; what there is not is a dash."""
    told = figure.fault or (f"{figure.what} ({figure.note})" if figure.note else figure.what)
    return [
        figure.case,
        told,
        str(figure.n),
        number(figure.seconds, "s"),
        number(figure.floor, figure.unit) if figure.floor_seconds is None else number(figure.floor_seconds, "s"),
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
