"""The objects that only a local control plane has: its node, its storage class, its namespaces, and who may do what. Pure."""

from typing import Final

from prepaid.api.marks import INSTANCE
from prepaid.local.manifests import Object
from prepaid.local.personas import KWOK_USER, SYSTEM, TENANT_NAMESPACES

NODE: Final = "local"
RBAC: Final = "rbac.authorization.k8s.io"
KWOK_ROLE: Final = "kwok-controller"


def ground() -> list[Object]:
    """What must be there before anything else."""
    return [*(namespace(name) for name in (SYSTEM, *TENANT_NAMESPACES)), storage_class(), node(), cluster_binding(KWOK_ROLE, KWOK_USER)]


def bindings() -> list[Object]:
    """The personas' rights: `alice` and `bob` at home in their namespaces, cashier and viewer everywhere."""
    homes = dict(zip(("alice", "bob"), TENANT_NAMESPACES, strict=True))
    at_home = [binding(role, user, home) for user, home in homes.items() for role in ("prepaid-tenant", "edit")]
    shoppers = [cluster_binding("prepaid-class-user", user) for user in homes]
    everywhere = [("prepaid-cashier", "cashier"), ("prepaid-viewer", "viewer"), ("view", "viewer")]
    return [*at_home, *shoppers, *(cluster_binding(role, user) for role, user in everywhere)]


def namespace(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def storage_class() -> Object:
    """The default: a claim gets a real directory, and loses it when it is deleted."""
    annotations = {"storageclass.kubernetes.io/is-default-class": "true"}
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": "host-path", "annotations": annotations},
        "provisioner": "kubernetes.io/host-path",
        "reclaimPolicy": "Delete",
    }


def node() -> Object:
    """The one node, played by kwok."""
    labels = {"kubernetes.io/hostname": NODE, "kubernetes.io/os": "linux", "type": "kwok"}
    metadata = {"name": NODE, "annotations": {"kwok.x-k8s.io/node": "fake"}, "labels": labels}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata}


def forgery() -> Object:
    """What nobody but the operator may make: something that claims to back an instance."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "forgery", "namespace": "default", "labels": {INSTANCE: "nobody"}},
    }


def cluster_binding(role: str, user: str) -> Object:
    """The whole cluster, for one user."""
    return {**_binding(role, user), "kind": "ClusterRoleBinding", "metadata": {"name": _binding_name(role, user)}}


def binding(role: str, user: str, home: str) -> Object:
    """One namespace, for one user."""
    return {**_binding(role, user), "kind": "RoleBinding", "metadata": {"name": _binding_name(role, user), "namespace": home}}


def _binding_name(role: str, user: str) -> str:
    return f"local-{role}-{user.replace(':', '-')}"


def _binding(role: str, user: str) -> Object:
    return {
        "apiVersion": f"{RBAC}/v1",
        "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": RBAC, "kind": "User", "name": user}],
    }
