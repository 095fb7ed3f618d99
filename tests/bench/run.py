"""One run: its plan, and what several cases need of each other. Every case has a control plane of its own, which goes with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from bench.plan import Plan
from bench.stage import Stage
from prepaid.local.commands import Wish, down, up
from prepaid.local.display import Display


@dataclass(frozen=True)
class Run:
    """`storm_seconds` are those of healthy storms, by their size: measured once, whichever case needs them first."""

    plan: Plan
    display: Display
    storm_seconds: dict[int, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """A namespace on a control plane where nobody else has left anything; taken down however the case ends."""
        directory = Path(mkdtemp(prefix="prepaid-bench-"))
        try:
            yield Stage(up(Wish(directory, with_operator=False), self.display), f"bench-{name}")
        finally:
            down(directory, self.display)
