"""Processes of our own: started in a group of their own, known again later, ended only while they are still the same process."""

import contextlib
import hashlib
import json
import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event
from typing import Final

from prepaid.cluster.clock import monotonic

STARTED: Final = "=== started ==="
"""Parts the runs in a log that is only ever added to."""
PAUSE_SECONDS: Final = 0.05
END_SECONDS: Final = 10.0
CHILDREN: Final[dict[int, subprocess.Popen[bytes]]] = {}
"""Those that this very process has started: it must collect them, or they stay behind as zombies."""


@dataclass(frozen=True)
class Command:
    """What to run. `stamp` names what else it depends on (files it reads once): when that changes, it must be started anew."""

    name: str
    argv: tuple[str, ...]
    directory: Path
    log: Path
    environment: Mapping[str, str]
    stamp: str = ""

    def fingerprint(self) -> str:
        """The same for the same command line, environment and stamp."""
        told = json.dumps([self.argv, dict(self.environment), self.stamp])
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True)
class Record:
    """A process that was started: its id alone proves nothing, ids are used again; with its birth it is unmistakable."""

    pid: int
    birth: str
    fingerprint: str


def birth(pid: int) -> str | None:
    """When this process began, in the system's own words; None when there is none, or a zombie."""
    if pid in CHILDREN and CHILDREN[pid].poll() is not None:
        del CHILDREN[pid]
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return None if Path("/proc/self/stat").exists() else _birth_by_ps(pid)
    except ProcessLookupError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def _birth_by_ps(pid: int) -> str | None:
    """For systems without /proc."""
    answer = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return None if not answer or answer.startswith("Z") else answer.split(maxsplit=1)[1]


def is_alive(record: Record | None) -> bool:
    """Whether that very process still runs."""
    return record is not None and birth(record.pid) == record.birth


def start(command: Command, record_path: Path) -> Record:
    """Starts it, detached from our terminal, and writes down who it is."""
    command.log.parent.mkdir(parents=True, exist_ok=True)
    with command.log.open("ab") as log:
        log.write(f"{STARTED}\n".encode())
        log.flush()
        child = subprocess.Popen(
            command.argv,
            cwd=command.directory,
            env={**os.environ, **command.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    CHILDREN[child.pid] = child
    record = Record(child.pid, birth(child.pid) or "", command.fingerprint())
    record_path.write_text(json.dumps(asdict(record)))
    return record


def read(record_path: Path) -> Record | None:
    """What was written down; None when there is nothing, or nothing legible."""
    try:
        return Record(**json.loads(record_path.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def end(record: Record | None) -> None:
    """Asks it to end, then makes it; returns when it is gone, and its ports with it."""
    for wanted, seconds in ((signal.SIGTERM, END_SECONDS), (signal.SIGKILL, END_SECONDS)):
        if record is None or not is_alive(record):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(record.pid, wanted)
        wait_until(lambda: not is_alive(record), seconds)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true in time."""
    deadline = monotonic() + seconds
    while not condition():
        if monotonic() >= deadline:
            return False
        Event().wait(PAUSE_SECONDS)
    return True
