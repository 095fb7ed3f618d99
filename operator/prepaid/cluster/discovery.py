"""Which path a kind is served at, asked of the server once and again when a kind is not known (CRDs come and go)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from prepaid.cluster.clock import monotonic
from prepaid.cluster.errors import Gone
from prepaid.cluster.transport import Request, Transport

REFRESH_SECONDS = 5.0
LAST_NAMES = 4096
"""So many are kept as they were quoted: of one object a look asks for a dozen paths."""


@dataclass(frozen=True)
class Endpoint:
    """Where the objects of a kind live: `prefix` is /api/v1 or /apis/<group>/<version>."""

    prefix: str
    plural: str
    namespaced: bool

    def path(self, namespace: str = "", name: str = "", subresource: str = "") -> str:
        """Raises Gone for a name that no object can have: it would lead to another path."""
        parts = [self.prefix]
        if self.namespaced and namespace:
            parts += ["namespaces", step(namespace)]
        return "/".join([*parts, self.plural, *filter(None, (step(name), subresource))])


@lru_cache(LAST_NAMES)
def step(name: str) -> str:
    """A name as one step of a path. Templates and owners have a say in names: none of them leads out of its namespace."""
    if name in (".", "..") or "/" in name or "%" in name:
        raise Gone(f"no object can be called {name[:64]!r}", "NoSuchName")
    return quote(name, safe="")


class Discovery:
    """Kinds to endpoints; raises Gone with a sentence for a kind that the cluster does not serve."""

    def __init__(self, transport: Transport, read_monotonic: Callable[[], float] = monotonic) -> None:
        self._transport = transport
        self._read_monotonic = read_monotonic
        self._known: dict[tuple[str, str], Endpoint] = {}
        self._asked_at: dict[str, float] = {}

    async def endpoint(self, api_version: str, kind: str) -> Endpoint:
        """The endpoint of a kind."""
        key = (api_version, kind)
        if key not in self._known:
            await self._ask(api_version)
        if key not in self._known:
            raise Gone(f"the cluster serves no kind {kind} in {api_version}", "NoSuchKind")
        return self._known[key]

    async def _ask(self, api_version: str) -> None:
        if self._read_monotonic() - self._asked_at.get(api_version, float("-inf")) < REFRESH_SECONDS:
            return
        prefix = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
        try:
            answer = await self._transport.call(Request("GET", prefix))
        except Gone:
            answer = None
        self._asked_at[api_version] = self._read_monotonic()
        for resource in answer.body.get("resources", []) if answer else []:
            if "/" not in resource["name"]:
                self._known[api_version, resource["kind"]] = Endpoint(prefix, resource["name"], resource["namespaced"])
