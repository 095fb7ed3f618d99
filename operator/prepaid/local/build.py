"""Builds the tools with Go, one after the other, and says truthfully which part it is at."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prepaid.local.binaries import ROLE, STAGES
from prepaid.local.display import Detail, Display
from prepaid.local.errors import NO_SPACE, LocalError
from prepaid.local.tools import BUILD_FLAGS, KWOK_MODULE, Tool

MODULE: Final = Path(__file__).parent
STAGE_FOLDERS: Final = ("stage/node/fast", "stage/node/heartbeat-with-lease", "stage/pod/general")
FULL: Final = "The disk is full: the first build needs about 5 GB for Go's caches; free some space and run the command again."


@dataclass(frozen=True)
class Build:
    """One build: which Go, into which directory."""

    go: Path
    place: Path
    display: Display

    def run(self, tools: Sequence[Tool]) -> None:
        """Builds every tool and lays kwok's own stages and role beside them."""
        for number, tool in enumerate(tools, start=1):
            with self.display.phase(f"Building {tool.name} {tool.version} ({number} of {len(tools)})") as detail:
                self.install(tool, detail)
        self.lay_kwok_files()

    def install(self, tool: Tool, detail: Detail) -> None:
        """`go install` of one tool; each line it writes is shown as it comes."""
        command = [str(self.go), "install", "-v", *BUILD_FLAGS, tool.package]
        with subprocess.Popen(command, cwd=MODULE, env=self.environment(), stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            lines = [_shown(line, detail) for line in process.stderr]
        if process.returncode != 0:
            raise LocalError(explain(tool.name, lines))
        (self.place / tool.output).rename(self.place / tool.name)

    def lay_kwok_files(self) -> None:
        """Copies kwok's stages and role out of the module, so that a warm start needs no Go."""
        module = Path(self.ask("list", "-mod=readonly", "-m", "-f", "{{.Dir}}", KWOK_MODULE), "kustomize")
        stages = [file for folder in STAGE_FOLDERS for file in sorted((module / folder).glob("*.yaml")) if file.stem != "kustomization"]
        (self.place / STAGES).write_text("---\n".join(file.read_text() for file in stages))
        shutil.copyfile(module / "rbac" / "role.yaml", self.place / ROLE)

    def ask(self, *arguments: str) -> str:
        """What `go` answers, stripped."""
        ended = subprocess.run([self.go, *arguments], cwd=MODULE, env=self.environment(), capture_output=True, text=True)
        if ended.returncode != 0:
            raise LocalError(explain(KWOK_MODULE, ended.stderr.splitlines()))
        return ended.stdout.strip()

    def environment(self) -> Mapping[str, str]:
        """Ours decide what is built, and with which Go; proxies and caches stay as the user set them."""
        ours = {"CGO_ENABLED": "0", "GOBIN": str(self.place), "GOFLAGS": "", "GOWORK": "off", "GOTOOLCHAIN": "local"}
        return {**os.environ, **ours}


def _shown(line: str, detail: Detail) -> str:
    detail(line.strip()[:70])
    return line.strip()


def explain(name: str, lines: Sequence[str]) -> str:
    """One sentence about a failed build, from what Go wrote."""
    if any(NO_SPACE in line.lower() for line in lines):
        return FULL
    last = next((line for line in reversed(lines) if line), "Go said nothing")
    return f"Building {name} failed: {last}"
