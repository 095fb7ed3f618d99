"""What people type: one request at a time, without a condition. One that the server refuses changes nothing."""

from dataclasses import dataclass
from typing import Final

from prepaid.api.resource import API_VERSION, Resource
from prepaid.cluster.client import endpoint_of
from prepaid.cluster.discovery import Endpoint
from prepaid.cluster.errors import ClusterError
from prepaid.cluster.transport import MERGE_PATCH, Request
from simulation.client import Client
from simulation.served import Body, Served, by_kind

NAMESPACE: Final = "team-a"


def at_once(client: Client, request: Request) -> bool:
    """One request, made in one step; whether it was taken."""
    call = client.call(request)
    try:
        while True:
            call.send(None)
    except StopIteration:
        return True
    except ClusterError:
        return False


@dataclass(frozen=True)
class Kubectl:
    """One person's hands; reads show the newest state."""

    client: Client

    def create(self, kind: type[Resource], name: str, spec: Body) -> None:
        body = {"apiVersion": API_VERSION, "kind": kind.kind, "metadata": {"name": name}, "spec": spec}
        self.post(kind, body)

    def post(self, kind: type[Resource], body: Body) -> None:
        at_once(self.client, Request("POST", endpoint_of(kind).path(NAMESPACE if kind.namespaced else ""), {}, body))

    def make(self, served: Served, name: str, spec: Body) -> None:
        """An object of Kubernetes' own."""
        path = Endpoint(served.prefix, served.plural, served.namespaced).path(NAMESPACE)
        at_once(self.client, Request("POST", path, {}, {"metadata": {"name": name}, "spec": spec}))

    def change(self, body: Body, spec: Body) -> None:
        """A merge patch of the spec."""
        self.patch(body, {"spec": spec})

    def patch(self, body: Body, changes: Body) -> None:
        at_once(self.client, Request("PATCH", path_of(body), {}, changes, MERGE_PATCH))

    def delete(self, body: Body) -> None:
        at_once(self.client, Request("DELETE", path_of(body)))

    def empty_status(self, body: Body) -> None:
        """A careless tool writes the object back without its status."""
        identity = {"metadata": {name: body["metadata"][name] for name in ("name", "namespace", "uid", "resourceVersion")}}
        at_once(self.client, Request("PUT", f"{path_of(body)}/status", {}, identity))

    def all(self, kind: type[Resource]) -> list[Body]:
        return self.client.server.bodies(kind)

    def find(self, kind: type[Resource], name: str) -> Body | None:
        return next((body for body in self.all(kind) if body["metadata"]["name"] == name), None)


def path_of(body: Body) -> str:
    metadata, served = body["metadata"], by_kind()[body["apiVersion"], body["kind"]]
    return Endpoint(served.prefix, served.plural, served.namespaced).path(metadata.get("namespace", ""), metadata["name"])
