"""What a control plane consists of: the Go tools pinned in go.mod beside this file. Knows nothing of building or starting them."""

from dataclasses import dataclass
from typing import Final

KUBERNETES: Final = "1.37.2"
ETCD: Final = "3.7.0"
KWOK: Final = "0.8.0"
KWOK_MODULE: Final = "sigs.k8s.io/kwok"

VERSION: Final = "k8s.io/component-base/version"
LINK_FLAGS: Final = f"-s -w -X {VERSION}.gitVersion=v{KUBERNETES} -X {VERSION}.gitMajor=1 -X {VERSION}.gitMinor=37"
BUILD_FLAGS: Final = ("-trimpath", "-mod=readonly", f"-ldflags={LINK_FLAGS}")


@dataclass(frozen=True)
class Tool:
    """One executable. `built_as` is what `go install` calls it; `accepts` what its version must start with."""

    name: str
    package: str
    version: str
    accepts: str
    version_arguments: tuple[str, ...] = ("--version",)
    built_as: str = ""

    @property
    def output(self) -> str:
        """The file name that `go install` gives it."""
        return self.built_as or self.name


TOOLS: Final = (
    Tool("etcd", "go.etcd.io/etcd/server/v3", ETCD, "3.", built_as="server"),
    Tool("kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver", KUBERNETES, "v1.37."),
    Tool("kube-controller-manager", "k8s.io/kubernetes/cmd/kube-controller-manager", KUBERNETES, "v1.37."),
    Tool("kube-scheduler", "k8s.io/kubernetes/cmd/kube-scheduler", KUBERNETES, "v1.37."),
    Tool("kubectl", "k8s.io/kubernetes/cmd/kubectl", KUBERNETES, "v1.37.", ("version", "--client")),
    Tool("kwok", f"{KWOK_MODULE}/cmd/kwok", KWOK, f"v{KWOK}"),
)
ASSETS: Final = ("etcd", "kube-apiserver", "kubectl")
"""The tools that the directory named by KUBEBUILDER_ASSETS may bring."""
