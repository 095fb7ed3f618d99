"""Where the story is played: runs kubectl commands and shows them, waits for what must come true, keeps the list of what was seen."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Final

from rich.console import Console

from prepaid.cluster.clock import monotonic
from prepaid.demo.sight import NAMESPACE, Sight, look
from prepaid.demo.table import LiveTable
from prepaid.local.kubectl import Kubectl

PAUSE_SECONDS: Final = 0.3
LONGEST_WAIT: Final = 60.0
Sights = dict[str, Sight]


@dataclass
class Stage:
    """One performance."""

    kubectl: Kubectl
    console: Console
    table: LiveTable
    seen: list[tuple[str, bool]] = field(default_factory=list)

    def tell(self, text: str) -> None:
        self.console.print(f"\n[bold]{text}[/]", highlight=False, soft_wrap=True)

    def run(self, *arguments: str) -> str:
        """One kubectl command in the demo's namespace, shown so that the reader can run it too."""
        command = [*arguments, "-n", NAMESPACE]
        self.console.print(f"[cyan]$ kubectl {shlex.join(command)}[/]", highlight=False, soft_wrap=True)
        printed = self.kubectl.ask(*command)
        self.console.print(printed.rstrip(), highlight=False, markup=False, soft_wrap=True)
        return printed

    def wait(self, claim: str, is_so: Callable[[Sights], bool]) -> Sights:
        """Shows the table until it is so, or too long; either way it goes on the list."""
        deadline = monotonic() + LONGEST_WAIT
        while not is_so(sights := look(self.kubectl)) and monotonic() < deadline:
            self.table.show(sights)
            Event().wait(PAUSE_SECONDS)
        self.table.show(sights)
        self.check(claim, is_so(sights))
        return sights

    def check(self, claim: str, is_so: bool) -> None:
        """Puts a claim on the list of what was seen."""
        self.seen.append((claim, is_so))
        self.console.print(f"[green]✓[/] {claim}" if is_so else f"[red]✗ not so: {claim}[/]", highlight=False, soft_wrap=True)

    def is_all_so(self) -> bool:
        return bool(self.seen) and all(is_so for _, is_so in self.seen)
