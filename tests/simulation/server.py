"""An in-memory API server: takes the requests that prepaid.cluster.transport describes and answers as the real one does.

Serves what the operator uses, no more; test_server.py holds it against the real one. Each call is one step; nothing runs by itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from whenever import Instant

from prepaid.api.resource import API_VERSION, Resource
from prepaid.cluster.errors import error_for
from prepaid.cluster.transport import APPLY_PATCH, Answer, Request
from simulation import refusals
from simulation.controllers import CONTROLLERS
from simulation.filling import copied
from simulation.listing import listed, watched
from simulation.served import Body, Served, by_kind, by_path, discovered
from simulation.store import Address, Store
from simulation.verbs import Verbs


@dataclass(frozen=True)
class Target:
    """What a path speaks of."""

    served: Served
    namespace: str
    name: str
    subresource: str

    @property
    def address(self) -> Address:
        return Address(self.served, self.namespace, self.name)


class Server:
    """The whole cluster's state; `read_time` is its clock."""

    def __init__(self, read_time: Callable[[], Instant]) -> None:
        self.read_time = read_time
        self.store = Store()
        self.verbs = Verbs(self.store, read_time)
        self._quiet_at = 0

    def call(self, request: Request, number: int | None = None) -> Answer:
        """One exchange; reads answer from the state at `number`, writes always act on the newest. Raises ClusterError."""
        if request.method == "GET":
            return Answer(copied(self.read(request, number)))
        body, created = self.write(request)
        return Answer(copied(body), created)

    def read(self, request: Request, number: int | None) -> Body:
        if (resources := discovered(request.path)) is not None:
            return resources
        target = parsed(request.path)
        if not target.name:
            return listed(self.store, target.served, target.namespace, request.query, number, request.accept)
        return self.store.get(target.address, number) or refusals.not_found(target.address)

    def write(self, request: Request) -> tuple[Body, bool]:
        target = parsed(request.path)
        given = dict(request.body or {})
        match request.method, target.subresource:
            case "POST", "":
                refusals.check_kind(target.served, given)
                return self.verbs.create(target.address._replace(name=given["metadata"]["name"]), given), True
            case "PUT", "":
                return self.verbs.replace(target.address, given), False
            case "PUT", "status":
                return self.verbs.replace_status(target.address, given), False
            case "PATCH", "" if request.content_type == APPLY_PATCH:
                is_forced = request.query.get("force") == "true"
                return self.verbs.apply(target.address, given, request.query["fieldManager"], is_forced)
            case "PATCH", "":
                return self.verbs.patch(target.address, given), False
            case "PATCH", "status":
                return self.verbs.patch_status(target.address, given), False
            case "DELETE", "":
                return self.verbs.delete(target.address, given.get("preconditions") or {}), False
            case _:
                raise error_for(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")

    def settle(self, most: int = 1000) -> None:
        """Lets Kubernetes' own controllers do all that they have to do."""
        while self.progress():
            most -= 1
            assert most, "the controllers never come to rest"

    def progress(self) -> bool:
        """Lets the first controller that has something to do make one change."""
        if self.store.number == self._quiet_at:
            return False
        has_acted = any(controller(self.verbs) for controller in CONTROLLERS)
        self._quiet_at = 0 if has_acted else self.store.number
        return has_acted

    def bodies(self, kind: type[Resource]) -> list[Body]:
        """All objects of one of our kinds, as they are; not to be changed."""
        return self.store.all(by_kind()[API_VERSION, kind.kind])

    def places(self, kind: type[Resource]) -> list[tuple[str, str]]:
        """Namespace and name of each."""
        return [(body["metadata"].get("namespace", ""), body["metadata"]["name"]) for body in self.bodies(kind)]

    def watch(self, request: Request) -> Iterator[Body]:
        """The events since the resourceVersion of the request, up to now: the watch ends as after its timeout."""
        target = parsed(request.path)
        since = int(request.query.get("resourceVersion") or 0)
        return (copied(event) for event in watched(self.store, target.served, target.namespace, request.query, since))


def parsed(path: str) -> Target:
    """The target of a path. Raises Gone for a path that is not served."""
    parts = path.strip("/").split("/")
    head = 2 if parts[0] == "api" else 3
    prefix, rest = "/" + "/".join(parts[:head]), parts[head:]
    namespace = ""
    if len(rest) > 2 and rest[0] == "namespaces":
        namespace, rest = rest[1], rest[2:]
    plural, name, subresource = [*rest, "", "", ""][:3]
    served = by_path().get((prefix, plural))
    if served is None or subresource not in ("", "status"):
        raise error_for(404, "", "404 page not found")
    return Target(served, namespace, name, subresource)
