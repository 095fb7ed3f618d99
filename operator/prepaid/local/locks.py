"""One at a time: a lock on a file, held by a process and freed with it, however it ends."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path


@contextmanager
def lock(path: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Holds the lock; says through `on_wait` that somebody else has it, then waits for its turn."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _take(path, on_wait):
        yield


def _take(path: Path, on_wait: Callable[[], None]) -> TextIOWrapper:
    """The locked file. One that was removed while we waited locks nothing any more: try the new one."""
    while True:
        file = path.open("a")
        _wait_for(file, on_wait)
        if path.exists() and path.stat().st_ino == os.fstat(file.fileno()).st_ino:
            return file
        file.close()


def _wait_for(file: TextIOWrapper, on_wait: Callable[[], None]) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        on_wait()
        fcntl.flock(file, fcntl.LOCK_EX)
