"""The command line of each part. Pure: from where things are to what is run."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prepaid.local.binaries import Binaries
from prepaid.local.layout import Layout
from prepaid.local.personas import CONTROLLERS_USER, KWOK_USER, OPERATOR, SCHEDULER_USER
from prepaid.local.ports import LOOPBACK
from prepaid.local.processes import Command

ETCD: Final = "etcd"
API: Final = "kube-apiserver"
CONTROLLERS: Final = "kube-controller-manager"
SCHEDULER: Final = "kube-scheduler"
KWOK: Final = "kwok"
START_ORDER: Final = (ETCD, API, CONTROLLERS, SCHEDULER, KWOK, OPERATOR)
WITH_PORT: Final = (API, CONTROLLERS, SCHEDULER, KWOK, OPERATOR)

ETCD_SOCKET: Final = "unix://etcd.sock"
PEER_SOCKET: Final = "unix://peer.sock"
"""etcd knows no passwords: it listens on sockets in our own directory only, where nobody else can go."""


@dataclass(frozen=True)
class Plan:
    """Where everything is: enough to write down every command line."""

    layout: Layout
    binaries: Binaries
    ports: dict[str, int]
    stamp: str

    @property
    def server(self) -> str:
        return f"https://{LOOPBACK}:{self.ports[API]}"

    def command(self, part: str) -> Command:
        """How to start this part."""
        flags = {ETCD: etcd, API: apiserver, CONTROLLERS: controllers, SCHEDULER: scheduler, KWOK: kwok}
        if part == OPERATOR:
            return self._command(part, (sys.executable, "-m", "prepaid", "operator", "run"), operator_environment(self))
        return self._command(part, (str(self.binaries[part]), *flags[part](self)), {})

    def _command(self, part: str, argv: tuple[str, ...], environment: dict[str, str]) -> Command:
        stamp = "" if part == ETCD else self.stamp
        return Command(part, argv, self.layout.run, self.layout.log(part), environment, stamp)

    def kubeconfig(self, user: str) -> Path:
        return self.layout.kubeconfig(user)


def etcd(plan: Plan) -> tuple[str, ...]:
    """One member; it need not survive a power failure (no fsync)."""
    return (
        "--name=local",
        f"--data-dir={plan.layout.data}",
        f"--listen-client-urls={ETCD_SOCKET}",
        f"--advertise-client-urls={ETCD_SOCKET}",
        f"--listen-peer-urls={PEER_SOCKET}",
        f"--initial-advertise-peer-urls={PEER_SOCKET}",
        f"--initial-cluster=local={PEER_SOCKET}",
        "--unsafe-no-fsync",
        "--quota-backend-bytes=8589934592",
        "--auto-compaction-retention=10m",
        "--log-level=warn",
    )


def apiserver(plan: Plan) -> tuple[str, ...]:
    """RBAC, tokens, a certificate that it makes itself, loopback only."""
    layout = plan.layout
    return (
        f"--etcd-servers={ETCD_SOCKET}",
        f"--bind-address={LOOPBACK}",
        f"--advertise-address={LOOPBACK}",
        "--endpoint-reconciler-type=none",
        f"--secure-port={plan.ports[API]}",
        f"--cert-dir={layout.tls}",
        "--authorization-mode=RBAC",
        f"--token-auth-file={layout.tokens}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-signing-key-file={layout.signing_key}",
        f"--service-account-key-file={layout.signing_key}",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--allow-privileged=true",
    )


def controllers(plan: Plan) -> tuple[str, ...]:
    """All controllers; claims get real directories below /tmp/hostpath_pv, a place that Kubernetes has fixed in its code.

    What the volume controller could not remove at once (its claim was still going) it tries again each second, not after 15.
    """
    return (
        *_follower(plan, CONTROLLERS, CONTROLLERS_USER),
        f"--root-ca-file={plan.layout.authority}",
        "--controllers=*",
        "--use-service-account-credentials=true",
        "--enable-hostpath-provisioner",
        "--pvclaimbinder-sync-period=1s",
        "--kube-api-qps=200",
        "--kube-api-burst=400",
    )


def scheduler(plan: Plan) -> tuple[str, ...]:
    return _follower(plan, SCHEDULER, SCHEDULER_USER)


def kwok(plan: Plan) -> tuple[str, ...]:
    """The kubelet's part, for every node."""
    return (
        f"--kubeconfig={plan.kubeconfig(KWOK_USER)}",
        f"--config={plan.layout.stages}",
        "--manage-all-nodes",
        f"--node-ip={LOOPBACK}",
        "--node-lease-duration-seconds=40",
        f"--server-address={LOOPBACK}:{plan.ports[KWOK]}",
    )


def operator_environment(plan: Plan) -> dict[str, str]:
    return {"KUBECONFIG": str(plan.kubeconfig(OPERATOR)), "PREPAID_HEALTH_PORT": str(plan.ports[OPERATOR])}


def _follower(plan: Plan, part: str, user: str) -> tuple[str, ...]:
    """What the controllers and the scheduler have in common: alone, so no leader is elected."""
    return (
        f"--kubeconfig={plan.kubeconfig(user)}",
        f"--bind-address={LOOPBACK}",
        f"--secure-port={plan.ports[part]}",
        f"--cert-dir={plan.layout.root / 'tls' / part}",
        "--leader-elect=false",
    )
