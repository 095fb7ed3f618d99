"""The command line as people use it: run in a shell's way with a pipe, or driven at a pseudo-terminal."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pexpect

BIN: Final = Path(sys.executable).parent
LIMIT_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Desk:
    """One persona's, with the kubeconfig that is lying there."""

    kubeconfig: Path

    def run(self, *words: str, given: str = "", **environment: str) -> Ended:
        """`prepaid` without a terminal: `given` comes through a pipe."""
        command, changed = [str(BIN / "prepaid"), *words], self.environment(environment)
        done = subprocess.run(command, input=given, capture_output=True, text=True, env=changed, timeout=4 * LIMIT_SECONDS)
        return Ended(done.returncode, done.stdout, done.stderr)

    def complete(self, *words: str) -> str:
        """What kubectl is told when the last word is to be completed."""
        command = [str(BIN / "kubectl_complete-prepaid"), *words]
        return subprocess.run(command, capture_output=True, text=True, env=self.environment({}), timeout=LIMIT_SECONDS).stdout

    def sit(self, *words: str, **environment: str) -> pexpect.spawn:
        """`kubectl-prepaid` at a terminal."""
        command, changed = str(BIN / "kubectl-prepaid"), self.environment(environment)
        size = (50, 200)
        return pexpect.spawn(command, list(words), env=changed, encoding="utf-8", timeout=LIMIT_SECONDS, dimensions=size, echo=False)

    def environment(self, changes: dict[str, str]) -> dict[str, str]:
        return {**os.environ, "KUBECONFIG": str(self.kubeconfig), "TERM": "xterm", **changes}


def ended(terminal: pexpect.spawn) -> tuple[int, str]:
    """The exit code and the rest of what it printed, once it has ended."""
    rest = terminal.read()
    terminal.wait()
    return int(terminal.exitstatus if terminal.exitstatus is not None else -terminal.signalstatus), str(rest)
