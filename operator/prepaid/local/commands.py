"""What can be asked of a local control plane: up, down, and to be there for a while. The rest is in plane.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prepaid.local.cache import provide
from prepaid.local.display import Display
from prepaid.local.ending import stop
from prepaid.local.locks import lock
from prepaid.local.plane import ControlPlane, control_plane
from prepaid.local.starting import Start


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    directory: Path | None = None
    port: int | None = None
    with_operator: bool = True


def up(wish: Wish, display: Display) -> ControlPlane:
    """A control plane that is ready. Idempotent. LocalError says in one sentence why there is none."""
    plane = control_plane(wish.directory)
    binaries = provide(display)
    with alone(plane, display):
        Start(plane, binaries, display, wish.port, wish.with_operator).run()
    return plane


def down(directory: Path | None, display: Display, *, keep_data: bool = False) -> None:
    """No control plane. Idempotent."""
    plane = control_plane(directory)
    if plane.state() is None and not plane.layout.run.exists():
        display.say(f"There is no control plane in {plane.layout.root}: nothing to do.")
        return
    with alone(plane, display):
        stop(plane, display, keep_data=keep_data)


@contextmanager
def alone(plane: ControlPlane, display: Display) -> Iterator[None]:
    """Nobody else brings this one up or down meanwhile."""
    plane.layout.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with lock(plane.layout.lock, on_wait=lambda: display.say("Another command works on this control plane: waiting for it.")):
        yield
