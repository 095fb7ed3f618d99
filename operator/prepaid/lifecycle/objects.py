"""Objects of any kind, as values: what a class's template makes and what the cluster shows. Knows no kind in particular."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from prepaid.api.resource import ObjectMeta

Manifest = Mapping[str, Any]
ENDED_PODS: Final = ("Succeeded", "Failed")
"""The phases of a pod that runs nothing and mounts nothing any more (Kubernetes, "Pod Lifecycle")."""


@dataclass(frozen=True)
class ObjectRef:
    """Which object: `namespace` is empty for what belongs to the cluster."""

    api_version: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class LiveObject:
    """One object as the server showed it: metadata parsed, the rest as it came."""

    ref: ObjectRef
    metadata: ObjectMeta
    body: Manifest

    @classmethod
    def parse(cls, body: Manifest) -> Self:
        """Reads what the API server sent; raises pydantic.ValidationError where metadata is not of the known shape."""
        metadata = ObjectMeta.model_validate(body.get("metadata", {}))
        ref = ObjectRef(str(body.get("apiVersion", "")), str(body.get("kind", "")), metadata.namespace, metadata.name)
        return cls(ref, metadata, body)

    def at(self, path: str) -> object:
        """What stands at a dotted path ("status.readyReplicas"), or None."""
        value: object = self.body
        for step in path.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        return value
