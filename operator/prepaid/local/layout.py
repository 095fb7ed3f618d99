"""Where a control plane keeps its things: one directory, every name in it. Knows nothing of what is written there."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

OWN_DIRECTORIES: Final = ("etcd", "tls", "kubeconfigs", "run", "logs", "cache", "bin")
OWN: Final = (*OWN_DIRECTORIES, "tokens.csv", "operator.token", "signing.key", "plane.json", "operator.log", "lock")
"""Everything that a control plane writes into its directory; nothing else is ever removed from it."""


@dataclass(frozen=True)
class Layout:
    """The directory of one control plane; `root` is absolute."""

    root: Path

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def state(self) -> Path:
        """Marks the directory as ours, and keeps the ports."""
        return self.root / "plane.json"

    @property
    def data(self) -> Path:
        """etcd's data."""
        return self.root / "etcd"

    @property
    def tls(self) -> Path:
        """The API server makes its own certificate here."""
        return self.root / "tls"

    @property
    def authority(self) -> Path:
        """What clients must trust."""
        return self.tls / "apiserver.crt"

    @property
    def tokens(self) -> Path:
        return self.root / "tokens.csv"

    @property
    def signing_key(self) -> Path:
        return self.root / "signing.key"

    @property
    def operator_token(self) -> Path:
        return self.root / "operator.token"

    @property
    def run(self) -> Path:
        """One record for each process, and etcd's sockets."""
        return self.root / "run"

    @property
    def stages(self) -> Path:
        """How kwok plays the kubelet."""
        return self.run / "stages.yaml"

    @property
    def cache(self) -> Path:
        """kubectl's discovery cache."""
        return self.root / "cache"

    @property
    def kubectl(self) -> Path:
        """A link to the kubectl that fits."""
        return self.root / "bin" / "kubectl"

    def kubeconfig(self, user: str) -> Path:
        return self.root / "kubeconfigs" / f"{user.replace(':', '-')}.yaml"

    def log(self, part: str) -> Path:
        """The operator's log lies on top: it is the one that people read."""
        return self.root / "operator.log" if part == "operator" else self.root / "logs" / f"{part}.log"


def default_directory(environment: Mapping[str, str]) -> Path:
    """Where the control plane lives unless `--directory` says otherwise."""
    return Path(environment.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "prepaid" / "local"
