"""Who tries: people with the shipped roles, an almighty GitOps tool, a cluster administrator, the operator, Kubernetes' own controllers."""

from dataclasses import dataclass
from typing import Any, Final

from prepaid.local.objects import binding, cluster_binding
from prepaid.local.personas import KWOK_USER, SYSTEM

HOME: Final = "matrix"
"""The namespace in which everything is tried."""
OF_CONTROLLERS: Final = "system:serviceaccount:kube-system"


@dataclass(frozen=True)
class Actor:
    """`sign` stands for it in a row, `title` heads its column."""

    sign: str
    title: str
    user: str
    groups: tuple[str, ...] = ()

    @property
    def headers(self) -> list[tuple[str, str]]:
        """What makes an administrator's request this actor's."""
        return [("Impersonate-User", self.user), *(("Impersonate-Group", group) for group in self.groups)]


CAST: Final = (
    Actor("t", "tenant", "tenant"),
    Actor("w", "writer without rights", "scribe"),
    Actor("x", "other tenant", "stranger"),
    Actor("v", "viewer", "watcher"),
    Actor("c", "cashier", "treasurer"),
    Actor("p", "platform admin", "platform"),
    Actor("g", "GitOps, all rights", "system:serviceaccount:gitops:controller"),
    Actor("m", "cluster admin", "root", ("system:masters",)),
    Actor("o", "operator", f"system:serviceaccount:{SYSTEM}:prepaid-operator"),
    Actor("n", "namespace controller", f"{OF_CONTROLLERS}:namespace-controller"),
    Actor("k", "garbage collector", f"{OF_CONTROLLERS}:generic-garbage-collector"),
    Actor("s", "StatefulSet controller", f"{OF_CONTROLLERS}:statefulset-controller"),
    Actor("h", "autoscaler", f"{OF_CONTROLLERS}:horizontal-pod-autoscaler"),
    Actor("d", "kubelet", KWOK_USER),
)


def rights() -> list[dict[str, Any]]:
    """The roles as the README hands them out. Kubernetes' own have theirs."""
    at_home = [binding(role, "tenant", HOME) for role in ("edit", "prepaid-tenant")]
    elsewhere = [binding(role, "stranger", "default") for role in ("edit", "prepaid-tenant")]
    everywhere = [
        ("prepaid-class-user", "tenant"),
        ("prepaid-class-user", "stranger"),
        ("prepaid-viewer", "watcher"),
        ("prepaid-cashier", "treasurer"),
        ("prepaid-admin", "platform"),
        ("cluster-admin", "system:serviceaccount:gitops:controller"),
    ]
    return [*at_home, *elsewhere, *(cluster_binding(role, user) for role, user in everywhere), *without_rights()]


def without_rights() -> list[dict[str, Any]]:
    """A role that may write all of our kinds, and has none of the verbs that the policies ask for."""
    role = binding("all-of-ours", "scribe", HOME)
    rules = [{"apiGroups": ["prepaid.dev"], "resources": ["*"], "verbs": ["*"]}]
    of_ours = {"apiVersion": role["apiVersion"], "kind": "Role", "metadata": {"name": "all-of-ours", "namespace": HOME}, "rules": rules}
    return [of_ours, {**role, "roleRef": {**role["roleRef"], "kind": "Role"}}]
