"""Loopback ports: which are free, and which a part keeps or gets."""

import contextlib
import socket
from collections.abc import Callable
from typing import Final

LOOPBACK: Final = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            trial.bind((LOOPBACK, port))
            return True
    return False


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.bind((LOOPBACK, 0))
        return int(trial.getsockname()[1])


def choose(known: int | None, is_running: bool, free: Callable[[int], bool] = is_free) -> int:
    """A running part keeps its port; one that starts keeps it if it is still free, and gets another one otherwise."""
    if known is not None and (is_running or free(known)):
        return known
    return free_port()
