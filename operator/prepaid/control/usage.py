"""Takes the mark "in use" off what no living instance depends on any more, and puts it where it is missing: late, but never for long.

Before an instance's first purchase the mark is set by lifecycle/usage.py; this is the sweep behind it.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from prepaid.api.account import PrepaidAccount
from prepaid.api.instance import Phase, PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.marks import IN_USE
from prepaid.cluster.client import Cluster
from prepaid.cluster.errors import Conflict, Gone
from prepaid.lifecycle.objects import LiveObject, Manifest, ObjectRef
from prepaid.lifecycle.usage import Dependence, home_patch, in_use, is_in_use, is_marked_home, may_be_marked

Place = tuple[str, str]
"""Namespace and name; the namespace is empty for a class, the name for a namespace."""


@dataclass(frozen=True)
class Needs:
    """What depends on what: `bought` by instances that were granted something or are being, `living` by all that are not Terminated."""

    bought: set[Place] = field(default_factory=set)
    living: set[Place] = field(default_factory=set)

    def add(self, body: Manifest) -> None:
        status = body.get("status", {})
        if status.get("phase") == Phase.TERMINATED:
            return
        places = places_of(body)
        self.living.update(places)
        if status.get("periods") or status.get("intent"):
            self.bought.update(places)

    def change(self, place: Place, is_marked: bool) -> bool | None:
        """What the mark should be changed to; None leaves it."""
        if is_marked and place not in self.living:
            return False
        return True if not is_marked and place in self.bought else None


def places_of(body: Manifest) -> tuple[Place, Place, Place]:
    """The class, the account and the namespace of an instance."""
    namespace, spec = body["metadata"]["namespace"], body["spec"]
    return ("", spec["instanceClass"]), (namespace, spec.get("account", "default")), (namespace, "")


def places_marked(everything: Iterable[Dependence], homes: Iterable[LiveObject]) -> Iterator[Place]:
    """What carries the mark."""
    yield from ((what.metadata.namespace, what.metadata.name) for what in everything if is_in_use(what))
    yield from ((home.metadata.name, "") for home in homes if is_marked_home(home))


@dataclass(frozen=True)
class Usage:
    """Compares the marks with what lives."""

    cluster: Cluster

    async def check(self) -> None:
        """All marks. Where one was taken off all is compared once more: who found it there has written none. Raises ClusterError."""
        if await self.compare():
            await self.compare()

    async def compare(self) -> bool:
        """Whether a mark was taken off. The marked are read before the instances, so that none goes that was set meanwhile."""
        classes = await self.cluster.all(InstanceClass)
        accounts = await self.cluster.all(PrepaidAccount)
        homes = await self.cluster.list_objects("v1", "Namespace", "", IN_USE)
        needs = Needs()
        async for body in self.cluster.pages(PrepaidInstance):
            needs.add(body)
        everything: list[Dependence] = [*classes, *filter(may_be_marked, accounts)]
        for what in everything:
            await self.mark(what, needs.change((what.metadata.namespace, what.metadata.name), is_in_use(what)))
        await self.mark_homes(homes, needs)
        return any(needs.change(place, True) is False for place in places_marked(everything, homes))

    async def mark(self, what: Dependence, is_so: bool | None) -> None:
        if is_so is None:
            return
        with suppress(Conflict, Gone):
            await self.cluster.write_status(in_use(what, is_so, self.cluster.now()))

    async def mark_homes(self, marked: Iterable[LiveObject], needs: Needs) -> None:
        names = {home.metadata.name for home in marked}
        missing = {namespace for namespace, name in needs.bought if not name} - names
        found = [await self.cluster.read_object(ObjectRef("v1", "Namespace", "", name)) for name in sorted(missing)]
        for home in (*marked, *filter(None, found)):
            change = needs.change((home.metadata.name, ""), is_marked_home(home))
            if change is not None:
                with suppress(Conflict, Gone):
                    await self.cluster.patch_object(home, home_patch(change))
