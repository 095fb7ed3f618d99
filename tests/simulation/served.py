"""Which kinds the in-memory server serves and what it knows of each. Refuses to know what they are for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Final

from prepaid.api.crd import root_schema
from prepaid.api.kinds import KINDS
from prepaid.api.resource import API_VERSION, Resource
from simulation.filling import fixed_fields

Body = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Served:
    """One kind: `selectable` are field paths beyond metadata, `schema` is that of a custom resource."""

    api_version: str
    kind: str
    plural: str
    namespaced: bool = True
    counts_generations: bool = False
    selectable: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def prefix(self) -> str:
        return f"/apis/{self.api_version}" if "/" in self.api_version else f"/api/{self.api_version}"

    @cached_property
    def fixed(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        """The fields that may not change, with what is said to who changes one."""
        return tuple(fixed_fields(self.schema or {}))

    @property
    def qualified(self) -> str:
        """As the server calls it in its messages."""
        return f"{self.plural}.{self.api_version.partition('/')[0]}" if "/" in self.api_version else self.plural


def ours(kind: type[Resource]) -> Served:
    """A kind of ours, as crds/ has it."""
    selectable = tuple(path.removeprefix(".") for path in kind.selectable)
    return Served(API_VERSION, kind.kind, kind.plural, kind.namespaced, True, selectable, root_schema(kind))


SERVICE: Final = Served("v1", "Service", "services")
POD: Final = Served("v1", "Pod", "pods")
CLAIM: Final = Served("v1", "PersistentVolumeClaim", "persistentvolumeclaims")
VOLUME: Final = Served("v1", "PersistentVolume", "persistentvolumes", namespaced=False)
NAMESPACE: Final = Served("v1", "Namespace", "namespaces", namespaced=False)
EVENT: Final = Served("v1", "Event", "events")
STATEFUL_SET: Final = Served("apps/v1", "StatefulSet", "statefulsets", counts_generations=True)
DEPLOYMENT: Final = Served("apps/v1", "Deployment", "deployments", counts_generations=True)
LEASE: Final = Served("coordination.k8s.io/v1", "Lease", "leases")
BUILT_IN: Final = (NAMESPACE, SERVICE, POD, CLAIM, VOLUME, EVENT, STATEFUL_SET, DEPLOYMENT, LEASE)


@cache
def all_served() -> tuple[Served, ...]:
    return (*(ours(kind) for kind in KINDS), *BUILT_IN)


@cache
def by_path() -> dict[tuple[str, str], Served]:
    """By prefix and plural."""
    return {(served.prefix, served.plural): served for served in all_served()}


@cache
def by_kind() -> dict[tuple[str, str], Served]:
    """By apiVersion and kind."""
    return {(served.api_version, served.kind): served for served in all_served()}


@cache
def discovered(prefix: str) -> Body | None:
    """The answer to a discovery request, None for a group that is not served."""
    found = [served for served in all_served() if served.prefix == prefix]
    resources = [entry for served in found for entry in (listed(served, ""), listed(served, "/status"))]
    version = found[0].api_version if found else ""
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": resources} if found else None


def listed(served: Served, subresource: str) -> Body:
    name = "" if subresource else served.kind.lower()
    return {"name": served.plural + subresource, "singularName": name, "namespaced": served.namespaced, "kind": served.kind}
