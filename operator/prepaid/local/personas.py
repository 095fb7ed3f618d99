"""Who can talk to the control plane: the personas that a person may take, and the users that its own parts have."""

from dataclasses import dataclass
from typing import Final

SYSTEM: Final = "prepaid-system"
TENANT_NAMESPACES: Final = ("team-a", "team-b")
OPERATOR: Final = "operator"
ADMIN: Final = "admin"
CONTROLLERS_USER: Final = "system:kube-controller-manager"
SCHEDULER_USER: Final = "system:kube-scheduler"
KWOK_USER: Final = "system:node:kwok"


@dataclass(frozen=True)
class Persona:
    """`user` is the name that the API server sees; without a namespace of its own a persona starts in `default`."""

    name: str
    user: str
    groups: tuple[str, ...] = ()
    namespace: str = "default"


PERSONAS: Final = (
    Persona(ADMIN, ADMIN, ("system:masters",)),
    Persona(OPERATOR, f"system:serviceaccount:{SYSTEM}:prepaid-operator", namespace=SYSTEM),
    Persona("cashier", "cashier"),
    Persona("alice", "alice", namespace="team-a"),
    Persona("bob", "bob", namespace="team-b"),
    Persona("viewer", "viewer"),
)
PARTS: Final = tuple(Persona(user, user) for user in (CONTROLLERS_USER, SCHEDULER_USER, KWOK_USER))
WITH_TOKEN: Final = tuple(persona for persona in (*PERSONAS, *PARTS) if persona.name != OPERATOR)
"""Those who show a static token. The operator shows its ServiceAccount's."""
