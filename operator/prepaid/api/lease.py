"""The part of a coordination.k8s.io/v1 Lease that leading needs. Not a kind of ours.

Its times stay text on purpose: they are for people to read, no two clocks are ever compared by them.
"""

from typing import Any, Final

from pydantic import Field

from prepaid.api.resource import Model, ObjectMeta

API_VERSION: Final = "coordination.k8s.io/v1"
KIND: Final = "Lease"


class LeaseSpec(Model):
    """Who leads, and how long whoever does not see this change must wait. Nobody leads where there is no holder."""

    holder_identity: str | None = None
    lease_duration_seconds: int | None = None
    acquire_time: str | None = None
    renew_time: str | None = None
    lease_transitions: int = 0

    def to_manifest(self) -> dict[str, Any]:
        """All of it: in a merge patch a null takes a field away."""
        return self.model_dump(mode="json", by_alias=True)


class Lease(Model):
    """One Lease as the server showed it."""

    metadata: ObjectMeta
    spec: LeaseSpec = Field(default_factory=LeaseSpec)
