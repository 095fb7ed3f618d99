"""Takes a control plane down: processes in the reverse order of their start, then their data, and nothing that is not its own."""

import contextlib
import shutil
from typing import Final

from prepaid.local.display import Display
from prepaid.local.flags import START_ORDER
from prepaid.local.layout import OWN, Layout
from prepaid.local.plane import ControlPlane
from prepaid.local.ports import is_free
from prepaid.local.processes import end, wait_until
from prepaid.local.volumes import remove_volumes

PORT_SECONDS: Final = 5.0


def stop(plane: ControlPlane, display: Display, *, keep_data: bool) -> None:
    """Ends every process and waits for its port; removes the data unless it is to be kept."""
    with display.phase("Ending the control plane"):
        end_processes(plane)
    if not keep_data:
        count = remove_volumes(plane.layout.data)
        display.say(f"Removed the data in {plane.layout.root}, and {count} volumes.")
        remove_own(plane.layout)


def end_processes(plane: ControlPlane) -> None:
    """The operator first, etcd last."""
    state = plane.state()
    for part in reversed(START_ORDER):
        end(plane.record(part))
        plane.record_path(part).unlink(missing_ok=True)
    ports = state.ports.values() if state else ()
    wait_until(lambda: all(is_free(port) for port in ports), PORT_SECONDS)


def remove_own(layout: Layout) -> None:
    """Removes what a control plane writes, and the directory itself if nothing else is in it."""
    for name in OWN:
        path = layout.root / name
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        layout.root.rmdir()
