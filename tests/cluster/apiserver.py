"""The API server as a test talks to it: plain JSON in and out, as one persona. Safe in threads. Knows paths, and no rule."""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import orjson
import urllib3
import yaml

from prepaid.api.resource import API_VERSION
from prepaid.local.personas import SYSTEM

Body = dict[str, Any]
MERGE: Final = "application/merge-patch+json"


@dataclass(frozen=True)
class Kind:
    """Where the objects of a kind are."""

    api: str
    plural: str
    kind: str

    def path(self, namespace: str = "", name: str = "", part: str = "") -> str:
        root = "api" if self.api == "v1" else "apis"
        home = ("namespaces", namespace) if namespace else ()
        return "/" + "/".join(filter(None, (root, self.api, *home, self.plural, name, part)))


CLASSES: Final = Kind(API_VERSION, "instanceclasses", "InstanceClass")
INSTANCES: Final = Kind(API_VERSION, "prepaidinstances", "PrepaidInstance")
ORDERS: Final = Kind(API_VERSION, "renewalorders", "RenewalOrder")
ITEMS: Final = Kind(API_VERSION, "recyclebinitems", "RecycleBinItem")
RESOURCES: Final = Kind(API_VERSION, "elasticresources", "ElasticResource")
MONEY: Final = Kind(API_VERSION, "prepaidaccounts", "PrepaidAccount")
STATEFUL_SETS: Final = Kind("apps/v1", "statefulsets", "StatefulSet")
DEPLOYMENTS: Final = Kind("apps/v1", "deployments", "Deployment")
PODS: Final = Kind("v1", "pods", "Pod")
CLAIMS: Final = Kind("v1", "persistentvolumeclaims", "PersistentVolumeClaim")
VOLUMES: Final = Kind("v1", "persistentvolumes", "PersistentVolume")
SERVICES: Final = Kind("v1", "services", "Service")
SLICES: Final = Kind("discovery.k8s.io/v1", "endpointslices", "EndpointSlice")
EVENTS: Final = Kind("v1", "events", "Event")
LEASES: Final = Kind("coordination.k8s.io/v1", "leases", "Lease")
NAMESPACES: Final = Kind("v1", "namespaces", "Namespace")
ACCOUNTS: Final = Kind("v1", "serviceaccounts", "ServiceAccount")
CRDS: Final = Kind("apiextensions.k8s.io/v1", "customresourcedefinitions", "CustomResourceDefinition")
ROLES: Final = Kind("rbac.authorization.k8s.io/v1", "clusterroles", "ClusterRole")
OURS: Final = (CLASSES, INSTANCES, ITEMS, RESOURCES, MONEY)
BY_NAME: Final = {each.kind: each for each in (*OURS, STATEFUL_SETS, DEPLOYMENTS, PODS, CLAIMS, SERVICES, LEASES, NAMESPACES, CRDS, ROLES)}


AS_THE_OPERATOR: Final = {"Impersonate-User": f"system:serviceaccount:{SYSTEM}:prepaid-operator", "Impersonate-Group": "system:masters"}
"""An administrator who borrows the operator's name: the only one whom the admission policies let damage what is the operator's."""


class Refusal(Exception):
    """What the server said no with."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message


class Api:
    """One persona's calls."""

    def __init__(self, kubeconfig: Path, acting_as: Mapping[str, str] | None = None) -> None:
        told = yaml.safe_load(kubeconfig.read_text())
        cluster = told["clusters"][0]["cluster"]
        authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
        self._server = cluster["server"]
        self._headers = {"Authorization": f"Bearer {told['users'][0]['user']['token']}", **(acting_as or {})}
        self._pool = urllib3.PoolManager(ca_cert_data=authority, maxsize=256)
        self._watches: list[urllib3.BaseHTTPResponse] = []
        self.is_closed = False

    def call(self, method: str, path: str, body: Body | list[Body] | None = None, content_type: str = "application/json") -> bytes:
        """One exchange. Raises Refusal for every status of 400 or more."""
        headers = {**self._headers, "Content-Type": content_type}
        reply = self._pool.request(method, self._server + path, body=json.dumps(body) if body else None, headers=headers, retries=False)
        if reply.status >= 400:
            raise Refusal(reply.status, str(json.loads(reply.data).get("message", "")))
        return reply.data

    def get(self, kind: Kind, namespace: str, name: str) -> Body | None:
        try:
            return as_body(self.call("GET", kind.path(namespace, name)))
        except Refusal as refusal:
            if refusal.status == 404:
                return None
            raise

    def list(self, kind: Kind, namespace: str = "", labels: str = "", fields: str = "") -> Body:
        """The list as the server sent it, with `items` and `metadata`."""
        query = urlencode({"labelSelector": labels, "fieldSelector": fields})
        return as_body(self.call("GET", f"{kind.path(namespace)}?{query}"))

    def create(self, body: Body) -> Body:
        kind = BY_NAME[body["kind"]]
        return as_body(self.call("POST", kind.path(body["metadata"].get("namespace", "")), body))

    def replace(self, body: Body) -> Body:
        """PUT onto the newest version, whatever else was written meanwhile."""
        path = BY_NAME[body["kind"]].path(body["metadata"].get("namespace", ""), body["metadata"]["name"])
        while True:
            version = as_body(self.call("GET", path))["metadata"]["resourceVersion"]
            try:
                return as_body(self.call("PUT", path, {**body, "metadata": {**body["metadata"], "resourceVersion": version}}))
            except Refusal as refusal:
                if refusal.status != 409:
                    raise

    def merge(self, kind: Kind, namespace: str, name: str, changes: Body, part: str = "") -> Body:
        return as_body(self.call("PATCH", kind.path(namespace, name, part), changes, MERGE))

    def delete(self, kind: Kind, namespace: str, name: str) -> None:
        self.call("DELETE", kind.path(namespace, name))

    def watch(self, kind: Kind, version: str) -> Iterator[Body]:
        """Every change after this version, as {"type", "object"}, until the server or `close` ends it.

        Raises Refusal where the server cannot tell them, with 410 where it no longer knows them.
        """
        url = f"{self._server}{kind.path()}?watch=true&timeoutSeconds=3600&resourceVersion={version}"
        reply = self._pool.request("GET", url, headers=self._headers, preload_content=False, retries=False)
        self._watches.append(reply)
        for event in self._events(reply):
            refused = event if reply.status >= 400 else event["object"] if event["type"] == "ERROR" else None
            if refused:
                raise Refusal(refused["code"], refused["message"])
            yield event

    def _events(self, reply: urllib3.BaseHTTPResponse) -> Iterator[Body]:
        """Whoever reads while it is closed may read what is left on the bare connection, which is encrypted."""
        try:
            for line in reply:
                yield as_body(line)
        except (ValueError, OSError):
            if not self.is_closed:
                raise

    def close(self) -> None:
        """Ends its watches, as far as the server has not: an API server waits for them before it goes."""
        self.is_closed = True
        for reply in self._watches:
            with suppress(RuntimeError, ValueError, OSError):
                reply.shutdown()


def as_body(text: bytes) -> Body:
    body: Body = orjson.loads(text)
    return body
