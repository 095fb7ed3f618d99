"""One run: its plan, its control plane, and what several cases need of each other. A case that fails takes its control plane with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from bench.plan import Plan
from bench.stage import Stage, cleared
from prepaid.local.commands import Wish, down, up
from prepaid.local.display import Display
from prepaid.local.plane import ControlPlane


@dataclass
class Run:
    """`storm_seconds` are those of healthy storms, by their size: measured once, whichever case needs them first."""

    plan: Plan
    display: Display
    storm_seconds: dict[int, float] = field(default_factory=dict)
    _plane: ControlPlane | None = field(default=None, init=False)

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """A namespace, on a control plane that is there or is brought up; afterwards nothing of it is left."""
        if self._plane is None:
            self._plane = up(Wish(Path(mkdtemp(prefix="prepaid-bench-")), with_operator=False), self.display)
        try:
            with cleared(Stage(self._plane, f"bench-{name}")) as stage:
                yield stage
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """No control plane. Idempotent."""
        if self._plane is not None:
            plane, self._plane = self._plane, None
            down(plane.layout.root, self.display)
