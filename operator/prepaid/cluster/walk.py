"""A walk through the objects of a namespace, page by page, for looks that follow each other: who comes too early is told in his turn.

So what is told was so within the last half minute, and nobody is known to have changed it since. Only those may ask who are safe with
that, because all that follows is conditional on what they have been told.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

import orjson

from prepaid.api.resource import Resource
from prepaid.cluster.client import Cluster, endpoint_of, list_request
from prepaid.cluster.errors import Gone
from prepaid.cluster.partial import name_of
from prepaid.lifecycle.objects import Manifest

FEW: Final = 4
"""So few are cheaper to read one by one than a page of everything."""
GOOD_SECONDS: Final = 30.0
WORTH: Final = 3
"""A page after the first comes from etcd: an object in it takes a third of what it takes alone (measured on 1.37)."""


@dataclass(frozen=True)
class Met:
    """Objects that a walk has met, whether it began before they were asked for, and the paths of those that are known not to be there."""

    bodies: tuple[Manifest, ...] = ()
    are_from_before: bool = False
    absent: frozenset[str] = frozenset()


@dataclass
class Walk:
    """`ahead` are those that were seen and not told yet, by path. `following` is the next page: "" for the first, None after the last."""

    begun: float
    following: str | None = ""
    left: int = 0
    ahead: dict[str, bytes] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    def take(self, paths: Iterable[str]) -> dict[str, Manifest]:
        """Those of these that are ahead, who then are no more."""
        return {path: orjson.loads(self.ahead.pop(path)) for path in paths if path in self.ahead}

    def pass_by(self, page: Manifest, collection: str, wanted: Collection[str]) -> dict[str, Manifest]:
        """Those of a page that are wanted; the others are ahead, as they came."""
        shown = {f"{collection}/{name_of(body)}": body for body in page["items"]}
        self.ahead |= {path: body for path, body in shown.items() if path not in self.touched}
        self.following = page["metadata"].get("continue") or None
        self.left = page["metadata"].get("remainingItemCount", 0)
        return self.take(wanted)

    def touch(self, path: str) -> None:
        self.ahead.pop(path, None)
        self.touched.add(path)


class Walks:
    """One at a time through each namespace, kept while somebody waits there: `waiting` tells how many.

    So `few` do not walk: they are read one by one, and so is what they need.
    """

    def __init__(
        self, kind: type[Resource], read_monotonic: Callable[[], float], waiting: Callable[[type[Resource], str], int], few: int = FEW
    ) -> None:
        self._kind = kind
        self._read_monotonic = read_monotonic
        self._waiting = waiting
        self.few = few
        self._walks: dict[str, Walk] = {}

    def touch(self, path: str) -> None:
        """What is there may be another now. The path of a status is its object's, unless an object has that name."""
        if self._walks:
            self._drop_old_ones()
        for walk in self._walks.values():
            walk.touch(path)
            walk.touch(path.removesuffix("/status"))

    async def find(self, cluster: Cluster, namespace: str, names: Collection[str]) -> Met:
        """Those of these that pages show; a page is read where that is worth it. Raises Unavailable and Refused.

        Who is not met will be read alone: no page of the walk tells of him any more.
        """
        if len(names) <= self.few:
            return Met()
        collection, waiting = endpoint_of(self._kind).path(namespace), self._waiting(self._kind, namespace)
        wanted = {f"{collection}/{name}" for name in names}
        walk, is_new = self._go_on(namespace)
        found, has_met_all = walk.take(wanted), False
        while is_worth_a_page(walk, len(wanted - found.keys() - walk.touched), waiting, collection, cluster):
            page = await self._page(walk, namespace, cluster)
            if page is None:
                break
            found |= walk.pass_by(page, collection, wanted - found.keys())
            has_met_all = is_new and walk.following is None
        missing = wanted - found.keys()
        absent = missing - walk.touched if has_met_all else frozenset()
        for path in missing:
            walk.touch(path)
        if not waiting and self._walks.get(namespace) is walk:
            del self._walks[namespace]
        return Met(tuple(found.values()), not is_new, frozenset(absent))

    def _go_on(self, namespace: str) -> tuple[Walk, bool]:
        """The walk that is under way; or a new one where there is none, or it has grown old or come to its end."""
        self._drop_old_ones()
        walk = self._walks.get(namespace)
        if walk is not None and (walk.following is not None or walk.ahead):
            return walk, False
        walk = self._walks[namespace] = Walk(self._read_monotonic())
        return walk, True

    def _drop_old_ones(self) -> None:
        oldest = self._read_monotonic() - GOOD_SECONDS
        self._walks = {namespace: walk for namespace, walk in self._walks.items() if walk.begun >= oldest}

    async def _page(self, walk: Walk, namespace: str, cluster: Cluster) -> Manifest | None:
        """None where the server has forgotten where to go on, or the walk has ended meanwhile."""
        request = list_request(endpoint_of(self._kind), namespace)
        following = {"continue": walk.following} if walk.following else {}
        try:
            asked = replace(request, query={**request.query, **following}, leaves_unread=True)
            page = (await cluster.transport.call(asked)).body
        except Gone:
            if self._walks.get(namespace) is walk:
                del self._walks[namespace]
            return None
        if not following:
            count = len(page["items"]) + page["metadata"].get("remainingItemCount", 0)
            cluster.census.take(request.path, count)
        return page if self._walks.get(namespace) is walk else None


def alone(kind: type[Resource], cluster: Cluster) -> Walks:
    """For one who goes alone: nobody has gone before, and nobody comes after."""
    return Walks(kind, cluster.clock.read_monotonic, lambda _kind, _namespace: 0)


def is_worth_a_page(walk: Walk, missing: int, waiting: int, collection: str, cluster: Cluster) -> bool:
    """Of the first page it is known lately how many there are; each that follows tells how many are left."""
    if not missing or walk.following is None:
        return False
    if walk.following == "":
        return cluster.census.is_worth_a_page(collection, missing + waiting)
    return walk.left <= (missing + waiting) * WORTH
