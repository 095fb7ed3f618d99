"""Runs the cases and tells how it went: `make bench N=200 CASES=storm,counts`. Exit code 1: a case could not be measured."""

import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any, Final

from rich.console import Console

from bench.cases import MEASURES
from bench.figures import Figure, missing
from bench.machine import facts
from bench.plan import Plan, plan_from
from bench.plot import draw
from bench.run import Run
from bench.table import markdown_of_cpu, markdown_table, rich_table
from prepaid.local.display import Display

LOG_WIDTH: Final = 160


def main() -> int:
    try:
        plan = plan_from(os.environ)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    signal.signal(signal.SIGTERM, interrupt)
    console = Console()
    machine = facts()
    run = Run(plan, Display(console))
    with closing(run):
        figures = measure_all(run)
    tell(console, plan, machine, figures)
    return int(any(figure.fault for figure in figures))


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM ends the run the way Ctrl-C does: the control plane is still taken down."""
    raise KeyboardInterrupt


def measure_all(run: Run) -> list[Figure]:
    """What cannot be measured does not keep the others from it."""
    figures: list[Figure] = []
    for case in run.plan.cases:
        with run.display.phase(f"Measuring {case}"):
            figures += measured(run, case)
    return figures


def measured(run: Run, case: str) -> list[Figure]:
    try:
        return MEASURES[case](run)
    except Exception as error:  # noqa: BLE001
        run.display.say(f"{case} could not be measured: {error!r}")
        return [missing(case, run.plan.n, f"{type(error).__name__}: {error}"[:300])]


def tell(console: Console, plan: Plan, machine: dict[str, Any], figures: Sequence[Figure]) -> None:
    """The table on the terminal, and all files."""
    plan.out.mkdir(parents=True, exist_ok=True)
    title = f"{machine['cores']} cores, Kubernetes {machine['kubernetes']}, {machine['date'][:10]}, N={plan.n}"
    (console if console.is_terminal else Console(width=LOG_WIDTH)).print(rich_table(figures, title))
    written = [*write_figures(plan, machine, figures), *draw(figures, plan.out, title)]
    console.print(f"Written: {', '.join(map(str, written))}", soft_wrap=True)


def write_figures(plan: Plan, machine: dict[str, Any], figures: Sequence[Figure]) -> list[Path]:
    told = {"machine": machine, "n": plan.n, "cases": plan.cases, "figures": [figure.to_json() for figure in figures]}
    as_json, as_markdown = plan.out / "bench.json", plan.out / "bench.md"
    as_json.write_text(json.dumps(told, indent=1) + "\n")
    as_markdown.write_text("\n".join(filter(None, (markdown_table(figures), markdown_of_cpu(figures)))))
    return [as_json, as_markdown]


if __name__ == "__main__":
    sys.exit(main())
