"""The built tools on this machine: built once for each go.sum, kept outside the project, found whole or built again."""

import hashlib
import os
import platform
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from prepaid.local.binaries import ROLE, STAGES, Binaries, assets, damage, faults, write_sizes
from prepaid.local.build import MODULE, Build
from prepaid.local.display import Display
from prepaid.local.errors import LocalError
from prepaid.local.golang import find_go
from prepaid.local.locks import lock
from prepaid.local.tools import BUILD_FLAGS, TOOLS, Tool


def provide(display: Display, environment: Mapping[str, str] = os.environ) -> Binaries:
    """All tools, ready to run: from KUBEBUILDER_ASSETS, from the cache, or built now."""
    brought = assets(environment.get("KUBEBUILDER_ASSETS", ""))
    wanted = [tool for tool in TOOLS if tool.name not in brought]
    place = cache_root(environment) / key(wanted)
    if fault(place, wanted):
        build_once(place, wanted, display)
    paths = {tool.name: place / tool.name for tool in wanted}
    return Binaries({**paths, **brought}, place / STAGES, place / ROLE)


def cache_root(environment: Mapping[str, str]) -> Path:
    """Where this project keeps what it can make again."""
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "prepaid"


def key(wanted: Sequence[Tool]) -> str:
    """Names what a build consists of: sources, flags, tools, kind of machine. Twenty hexadecimal digits."""
    texts = [(MODULE / "go.mod").read_text(), (MODULE / "go.sum").read_text(), *BUILD_FLAGS, *(tool.name for tool in wanted)]
    machine = [platform.system(), platform.machine()]
    return hashlib.sha256("\0".join(texts + machine).encode()).hexdigest()[:20]


def fault(place: Path, wanted: Sequence[Tool]) -> str | None:
    """Why this cache directory cannot be used, or None."""
    if not place.is_dir():
        return "nothing is built yet"
    if why := damage(place, wanted):
        return why
    return next(iter(faults({tool: place / tool.name for tool in wanted})), None)


def build_once(place: Path, wanted: Sequence[Tool], display: Display) -> None:
    """Builds under a lock; whoever waited for another builder looks again first."""
    waiting = "Another process is building the control plane: waiting for it."
    with lock(place.with_name(f"{place.name}.lock"), on_wait=lambda: display.say(waiting)):
        why = fault(place, wanted)
        if why is not None:
            announce(why, place, display)
            build(place, wanted, display)


def announce(why: str, place: Path, display: Display) -> None:
    """Says why it is built, and that it takes its time."""
    if place.exists():
        display.say(f"The cache {place} is broken: {why}. Building it again.")
    display.say("Building a Kubernetes control plane from source: minutes the first time, once for this machine.")


def build(place: Path, wanted: Sequence[Tool], display: Display) -> None:
    """Builds beside the place and moves it there in one step: a half-made cache is never seen."""
    with tempfile.TemporaryDirectory(prefix=f"{place.name}.", dir=place.parent, ignore_cleanup_errors=True) as temporary:
        staging = Path(temporary, "new")
        staging.mkdir()
        Build(find_go(place.parent, display), staging, display).run(wanted)
        write_sizes(staging)
        verify(staging, wanted)
        if place.exists():
            place.rename(Path(temporary, "old"))
        staging.rename(place)


def verify(place: Path, wanted: Sequence[Tool]) -> None:
    """What was just built must run, and be what was asked for."""
    if why := fault(place, wanted):
        raise LocalError(f"The build came out unusable: {why}; run the command again.")
