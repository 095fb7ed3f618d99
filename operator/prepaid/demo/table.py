"""The live table: phase, time left, pods, volume, next action. On a terminal it moves; a log gets a line for each change."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from prepaid.demo.sight import Sight


class LiveTable:
    """Shows sights as they come."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, auto_refresh=False, transient=True) if console.is_terminal else None
        self._told: dict[str, str] = {}

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live:
            self._live.stop()

    def show(self, sights: Mapping[str, Sight]) -> None:
        """The newest sights replace the ones before."""
        if self._live:
            self._live.update(table_of(sights), refresh=True)
            return
        for name, sight in sights.items():
            line = "  ".join(cells(sight)[:1] + cells(sight)[2:])
            if self._told.get(name) != line:
                self._told[name] = line
                self._console.print(f"  {name:<10} {line}", highlight=False)


def table_of(sights: Mapping[str, Sight]) -> Table:
    table = Table("instance", "phase", "time left", "pods", "volume", "next")
    for name, sight in sights.items():
        table.add_row(name, *cells(sight))
    return table


def cells(sight: Sight) -> tuple[str, ...]:
    """Phase, time left, pods, volume, next action, as texts."""
    status, left = sight.instance.status, sight.seconds_left
    return (
        status.phase.value if status.phase else "-",
        f"{max(left, 0):.0f} s" if left is not None else "-",
        ", ".join(sight.pods) or "no pod",
        sight.claim or "no volume",
        status.next_action.type.value if status.next_action else "-",
    )
