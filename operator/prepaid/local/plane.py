"""One control plane on this machine: what is recorded of it, who runs, who is ready. Starts and ends nothing."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prepaid.local.credentials import write_private
from prepaid.local.errors import LocalError
from prepaid.local.flags import API, ETCD, START_ORDER
from prepaid.local.health import Probe, probe_at
from prepaid.local.kubectl import Kubectl
from prepaid.local.layout import Layout, default_directory
from prepaid.local.personas import ADMIN, OPERATOR, PERSONAS
from prepaid.local.processes import Record, is_alive, read

NAMES: Final = tuple(persona.name for persona in PERSONAS)


@dataclass(frozen=True)
class State:
    """What a control plane remembers of itself. `ports` by part."""

    ports: Mapping[str, int]
    with_operator: bool


@dataclass(frozen=True)
class PartStatus:
    """How one process is."""

    name: str
    pid: int | None
    port: int | None
    is_alive: bool
    is_ready: bool


@dataclass(frozen=True)
class ControlPlane:
    """A control plane that is there, running or not."""

    layout: Layout

    def state(self) -> State | None:
        """What was written down at its start; None when there is nothing legible."""
        try:
            told = json.loads(self.layout.state.read_text())
            return State({str(part): int(port) for part, port in told["ports"].items()}, bool(told["with_operator"]))
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            return None

    def write_state(self, state: State) -> None:
        write_private(self.layout.state, json.dumps({"ports": dict(state.ports), "with_operator": state.with_operator}))

    def record_path(self, part: str) -> Path:
        return self.layout.run / f"{part}.json"

    def record(self, part: str) -> Record | None:
        return read(self.record_path(part))

    def is_alive(self, part: str) -> bool:
        return is_alive(self.record(part))

    def kubeconfig(self, persona: str) -> Path:
        """The path of a persona's kubeconfig. LocalError when there is no such persona, or no control plane."""
        if persona not in NAMES:
            raise LocalError(f"There is no persona {persona!r}: take one of {', '.join(NAMES)}.")
        path = self.layout.kubeconfig(persona)
        if not path.is_file():
            raise LocalError(f"There is no control plane in {self.layout.root}: start one with `prepaid local up`.")
        return path

    def kubectl(self, persona: str = ADMIN) -> Kubectl:
        """The kubectl that fits, acting as this persona."""
        return Kubectl(self.layout.kubectl, self.kubeconfig(persona), self.layout.cache)

    def status(self) -> list[PartStatus]:
        """Each part that should run, in the order of their start."""
        state = self.state()
        if state is None:
            raise LocalError(f"There is no control plane in {self.layout.root}: start one with `prepaid local up`.")
        return [self._status(part, state) for part in START_ORDER if part != OPERATOR or state.with_operator]

    def _status(self, part: str, state: State) -> PartStatus:
        record = self.record(part)
        alive = is_alive(record)
        ready = alive and self.probe(part, state).is_ready()
        return PartStatus(part, record.pid if record else None, state.ports.get(part), alive, ready)

    def probe(self, part: str, state: State) -> Probe:
        """etcd is asked through the API server, whose readiness includes it."""
        asked = API if part == ETCD else part
        return probe_at(asked, state.ports.get(asked, 0))


def control_plane(directory: Path | None, environment: Mapping[str, str] = os.environ) -> ControlPlane:
    """The control plane in this directory, or in the default one."""
    return ControlPlane(Layout((directory or default_directory(environment)).expanduser().absolute()))


def stamp(layout: Layout, server: str) -> str:
    """Changes when the parts must be started anew: other tokens, another key, another address."""
    told = layout.tokens.read_bytes() + layout.signing_key.read_bytes() + server.encode()
    return hashlib.sha256(told).hexdigest()
