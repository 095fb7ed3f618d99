"""One run: its plan, and what several cases need of each other, control planes among it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from bench.plan import Plan
from bench.rounds import Rounds
from bench.stage import Stage
from prepaid.local.commands import Wish, down, up
from prepaid.local.display import Display
from prepaid.local.plane import ControlPlane


@dataclass
class Run:
    """`storms` are those of the case `storm`, by their size: measured once, whichever case needs them first."""

    plan: Plan
    display: Display
    storms: dict[int, Rounds] = field(default_factory=dict)
    _shared: ExitStack = field(default_factory=ExitStack, init=False)
    _shared_plane: ControlPlane | None = field(default=None, init=False)

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """A namespace on a control plane where nobody else has left anything; taken down however the case ends."""
        self.close()
        with self._plane() as plane:
            yield stage_on(plane, name)

    def shared_stage(self, name: str) -> Stage:
        """A namespace on one that is kept for the next case that leaves as little behind."""
        self._shared_plane = self._shared_plane or self._shared.enter_context(self._plane())
        return stage_on(self._shared_plane, name)

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


def stage_on(plane: ControlPlane, case: str) -> Stage:
    return Stage(plane, f"bench-{case}")
