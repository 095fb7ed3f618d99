"""One Lease on the server: read, made and changed, each change on exactly the version that was read. Refuses to know who should hold it."""

import secrets
import socket
from typing import Final

from pydantic import ValidationError

from prepaid.api.lease import API_VERSION, KIND, Lease, LeaseSpec
from prepaid.api.marks import FIELD_MANAGER
from prepaid.cluster.client import patch_request
from prepaid.cluster.clock import Clock
from prepaid.cluster.discovery import Endpoint
from prepaid.cluster.errors import Gone, Refused
from prepaid.cluster.transport import Request, Transport

LEASES: Final = Endpoint(f"/apis/{API_VERSION}", "leases", namespaced=True)


def new_identity() -> str:
    """Who this process is: its host, and something that no other process on it has, nor itself after a restart."""
    return f"{socket.gethostname()}_{secrets.token_hex(4)}"


class LeaseStore:
    """All methods raise Unavailable and Refused; writes raise Conflict and Gone as well, when somebody was faster."""

    def __init__(self, transport: Transport, clock: Clock, namespace: str, name: str) -> None:
        self._transport = transport
        self._clock = clock
        self._namespace = namespace
        self._name = name

    def __str__(self) -> str:
        return f"{KIND} {self._namespace}/{self._name}"

    def moment(self) -> str:
        """Now by our own clock, as a Lease has it: with six digits, for people."""
        return self._clock.read_wall().format_iso(unit="microsecond")

    async def read(self) -> Lease | None:
        """The Lease, or None where there is none."""
        try:
            answer = await self._transport.call(Request("GET", LEASES.path(self._namespace, self._name)))
        except Gone:
            return None
        try:
            return Lease.model_validate(answer.body)
        except ValidationError as error:
            raise Refused(f"{self} cannot be read: {error}", "Unreadable") from error

    async def create(self, record: LeaseSpec) -> None:
        """Raises Conflict when it exists."""
        body = {"apiVersion": API_VERSION, "kind": KIND, "metadata": {"name": self._name}, "spec": record.to_manifest()}
        await self._transport.call(Request("POST", LEASES.path(self._namespace), {"fieldManager": FIELD_MANAGER}, body))

    async def change(self, lease: Lease, record: LeaseSpec) -> None:
        """Writes another record into exactly this version."""
        path = LEASES.path(self._namespace, self._name)
        await self._transport.call(patch_request(path, lease.metadata, {"spec": record.to_manifest()}))
