"""Runs the built kubectl against one control plane. Knows no objects."""

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prepaid.local.errors import LocalError


@dataclass(frozen=True)
class Kubectl:
    """kubectl with a kubeconfig, and a cache of its own."""

    binary: Path
    kubeconfig: Path
    cache: Path

    def run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """One call, whatever comes of it."""
        command = [str(self.binary), f"--kubeconfig={self.kubeconfig}", f"--cache-dir={self.cache}", *arguments]
        return subprocess.run(command, input=given, capture_output=True, text=True)

    def ask(self, *arguments: str, given: str = "") -> str:
        """What it prints. LocalError with its own first words when it fails."""
        ended = self.run(*arguments, given=given)
        if ended.returncode != 0:
            raise LocalError(f"kubectl {' '.join(arguments[:2])} failed: {first_line(ended.stderr)}")
        return ended.stdout

    def apply(self, objects: Iterable[dict[str, Any]]) -> None:
        """Server-side apply of all of them in one call; none is fine."""
        items = list(objects)
        if items:
            text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
            self.ask("apply", "--server-side", "--force-conflicts", "--field-manager=prepaid-local", "--filename=-", given=text)


def first_line(text: str) -> str:
    """The first line with something in it."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "it said nothing")
