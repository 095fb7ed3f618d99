"""One run: its plan, and what several cases need of each other, control planes among it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic
from typing import Final

from bench.plan import Plan
from bench.processes import until_calm
from bench.stage import Stage
from cluster.operators import at_work
from prepaid.local.commands import Wish, down, up
from prepaid.local.display import Display
from prepaid.local.plane import ControlPlane

START_SECONDS: Final = 2.0
"""So long it usually takes an operator without instances to start."""
LIMIT_SECONDS: Final = 120.0
TRIES: Final = 2
"""The first one may have to compile itself."""


@dataclass
class Run:
    """`storm_seconds` are those of healthy storms, by their size: measured once, whichever case needs them first.

    So is `patience`: how many times as long as usual an operator takes to start, on this machine and at this hour.
    """

    plan: Plan
    display: Display
    storm_seconds: dict[int, float] = field(default_factory=dict)
    patience: float | None = None
    _shared: ExitStack = field(default_factory=ExitStack)
    _shared_plane: ControlPlane | None = None

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """A namespace on a control plane where nobody else has left anything; taken down however the case ends."""
        self.close()
        with self._plane() as plane:
            yield self._stage(plane, name)

    def shared_stage(self, name: str) -> Stage:
        """A namespace on one that is kept for the next case that leaves as little behind."""
        self._shared_plane = self._shared_plane or self._shared.enter_context(self._plane())
        return self._stage(self._shared_plane, name)

    def close(self) -> None:
        """Ends what is shared: nothing runs beside a case, nor after the last."""
        self._shared.close()
        self._shared_plane = None

    @contextmanager
    def _plane(self) -> Iterator[ControlPlane]:
        directory = Path(mkdtemp(prefix="prepaid-bench-"))
        try:
            yield up(Wish(directory, with_operator=False), self.display)
        finally:
            down(directory, self.display)

    def _stage(self, plane: ControlPlane, name: str) -> Stage:
        namespace = f"bench-{name}"
        self.patience = self.patience or min(start_seconds(Stage(plane, namespace)) for _ in range(TRIES)) / START_SECONDS
        return Stage(plane, namespace, self.patience)


def start_seconds(stage: Stage) -> float:
    """Until an operator that finds nothing is at rest."""
    begin = monotonic()
    with at_work(stage.operator()) as operator:
        return until_calm(operator.pid, LIMIT_SECONDS) - begin
