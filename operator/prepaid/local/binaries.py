"""Where the built tools lie, and whether each of them is whole and of the version that is wanted."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prepaid.local.errors import LocalError
from prepaid.local.tools import ASSETS, TOOLS, Tool

ANSWER_SECONDS: Final = 30
STAGES: Final = "stages.yaml"
SIZES: Final = "sizes.json"
ROLE: Final = "kwok-role.yaml"


@dataclass(frozen=True)
class Binaries:
    """Each tool's executable, and what kwok brings along: the stages it plays and the role it needs."""

    paths: Mapping[str, Path]
    stages: Path
    kwok_role: Path

    def __getitem__(self, name: str) -> Path:
        return self.paths[name]


def assets(directory: str) -> dict[str, Path]:
    """The tools found in KUBEBUILDER_ASSETS. One of an unfit version is an error: mixed versions fail in strange ways later."""
    brought = {tool: Path(directory, tool.name) for tool in TOOLS if directory and tool.name in ASSETS}
    found = {tool: path for tool, path in brought.items() if path.is_file()}
    for fault in faults(found):
        raise LocalError(f"KUBEBUILDER_ASSETS={directory} does not fit: {fault}; unset it, and what is needed is built.")
    return {tool.name: path for tool, path in found.items()}


def faults(paths: Mapping[Tool, Path]) -> list[str]:
    """What is wrong with these executables, one clause each; empty when all of them are well."""
    with ThreadPoolExecutor() as pool:
        return [fault for fault in pool.map(fault_of, paths.keys(), paths.values()) if fault]


def fault_of(tool: Tool, path: Path) -> str | None:
    """Runs it and reads its version: a truncated file does not start, a foreign one says something else."""
    try:
        answer = subprocess.run([path, *tool.version_arguments], capture_output=True, text=True, timeout=ANSWER_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{tool.name} does not start ({type(error).__name__})"
    if answer.returncode != 0:
        return f"{tool.name} does not start (exit status {answer.returncode})"
    if not says_version(tool, answer.stdout):
        return f"{tool.name} is of another version than {tool.accepts}*"
    return None


def says_version(tool: Tool, output: str) -> bool:
    """Whether a word of the answer is a version that we accept."""
    return any(word.startswith(tool.accepts) for word in output.split())


def write_sizes(directory: Path) -> None:
    """Notes how long each file is, so that one that has been cut short is known without being read."""
    sizes = {path.name: path.stat().st_size for path in directory.iterdir()}
    (directory / SIZES).write_text(json.dumps(sizes))


def damage(directory: Path, wanted: Iterable[Tool]) -> str | None:
    """What a complete cache directory has and this one lacks, or None."""
    try:
        sizes = json.loads((directory / SIZES).read_text())
        names = [*(tool.name for tool in wanted), STAGES, ROLE]
        broken = [name for name in names if (directory / name).stat().st_size != sizes[name]]
    except (OSError, ValueError, KeyError, TypeError):
        return "it is incomplete"
    return f"{broken[0]} is cut short" if broken else None
