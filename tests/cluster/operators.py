"""The real operator as a process: started with its own rights, killed, stopped, paused, started again. Its log is kept."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cluster.waiting import wait_for
from prepaid.local.health import probe_at
from prepaid.local.personas import OPERATOR
from prepaid.local.plane import ControlPlane
from prepaid.local.ports import free_port

READY_SECONDS: Final = 30.0
STOP_SECONDS: Final = 10.0
LOG_LINES: Final = 60
LOGS: Final[list[Path]] = []
"""Of all operators of this session, the newest last: shown when a test fails."""


@dataclass
class Operator:
    """One operator, which may live several times; every life writes on in the same log."""

    kubeconfig: Path
    log: Path
    sweep_seconds: float = 3.0
    lease: str = ""
    lease_seconds: int = 15
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Runs it, and returns when it says that it is ready."""
        port = free_port()
        self.launch(port)
        wait_for("the operator is ready", lambda: self.is_ready(port), READY_SECONDS)

    def launch(self, port: int) -> None:
        """Runs it."""
        LOGS.append(self.log)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "prepaid", "operator", "run", "--sweep-seconds", str(self.sweep_seconds)],
                env={**os.environ, **self._environment(port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _environment(self, port: int) -> dict[str, str]:
        led = {"PREPAID_LEASE": self.lease, "PREPAID_LEASE_SECONDS": str(self.lease_seconds)}
        return {"KUBECONFIG": str(self.kubeconfig), "PREPAID_HEALTH_PORT": str(port), **led}

    def is_ready(self, port: int) -> bool:
        assert self.is_alive, f"the operator ended:\n{tail(self.log)}"
        return probe_at(OPERATOR, port).is_ready()

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL: it finishes nothing."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; its exit code. Fails when it takes longer than it may."""
        return self._end(signal.SIGTERM)

    def pause(self) -> None:
        """SIGSTOP: it stands still and does not know it."""
        self._running().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._running().send_signal(signal.SIGCONT)

    def ended_with(self) -> int:
        """Its exit code, once it has ended by itself."""
        return self._running().wait(READY_SECONDS)

    def restart(self) -> None:
        self.kill()
        self.start()

    def said(self) -> str:
        """All that it has logged."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the operator was never started"
        return self._process

    def _end(self, with_signal: signal.Signals) -> int:
        process = self._running()
        process.send_signal(with_signal)
        return process.wait(STOP_SECONDS)


def operator_of(plane: ControlPlane, name: str, sweep_seconds: float = 3.0) -> Operator:
    """One that is not started yet; `name` names its log."""
    return Operator(plane.kubeconfig(OPERATOR), plane.layout.root / "logs" / f"operator-{name}.log", sweep_seconds)


def tail(log: Path) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-LOG_LINES:])


@contextmanager
def at_work(operator: Operator) -> Iterator[Operator]:
    """Ready inside, ended afterwards, however that went."""
    try:
        operator.start()
        yield operator
    finally:
        if operator.is_alive:
            operator.kill()
