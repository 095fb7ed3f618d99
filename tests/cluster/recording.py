"""Everything that a watch brings of a few kinds, from the first moment on: each version of each object, and when it came.

Where the server ends a watch and has forgotten what was before, the versions up to the next list are missed, and only they.
"""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from threading import Condition, Thread
from typing import Final

import urllib3
from whenever import Instant

from cluster.apiserver import CLAIMS, DEPLOYMENTS, INSTANCES, ITEMS, PODS, STATEFUL_SETS, Api, Body, Kind, Refusal
from cluster.waiting import wait_for
from prepaid.api.instance import InstanceStatus, PrepaidInstance

RECORDED: Final = (INSTANCES, ITEMS, STATEFUL_SETS, DEPLOYMENTS, PODS, CLAIMS)


@dataclass(frozen=True)
class Sighting:
    """One version of an object, and the moment at which it was seen."""

    moment: Instant
    is_gone: bool
    body: Body

    @cached_property
    def instance(self) -> PrepaidInstance:
        return PrepaidInstance.parse(self.body)

    @property
    def status(self) -> InstanceStatus:
        return self.instance.status


class Recorder:
    """Watches until the server ends, or its Api is closed.

    Objects are found by kind, namespace and name; a namesake goes on in the same history.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self._seen: dict[tuple[Kind, str, str], list[Sighting]] = defaultdict(list)
        self._news = Condition()
        self._count = 0
        self.ended_watches = 0

    def start(self) -> None:
        """From here on it sees everything."""
        for kind in RECORDED:
            Thread(target=self._follow, args=(kind, self._look(kind)), daemon=True).start()

    def history(self, kind: Kind, namespace: str, name: str) -> tuple[Sighting, ...]:
        return tuple(self._seen[kind, namespace, name])

    def histories(self, kind: Kind, namespace: str) -> dict[str, tuple[Sighting, ...]]:
        """All of a namespace, by name."""
        return {name: tuple(seen) for (of, home, name), seen in list(self._seen.items()) if (of, home) == (kind, namespace) and seen}

    def everything(self, kind: Kind) -> list[Sighting]:
        """Every version of every object of a kind."""
        return [sighting for (of, _, _), seen in list(self._seen.items()) if of == kind for sighting in list(seen)]

    def newest(self, kind: Kind, namespace: str, name: str) -> Sighting | None:
        """How it was seen last; None if it is gone or never was there."""
        seen = self._seen[kind, namespace, name]
        return seen[-1] if seen and not seen[-1].is_gone else None

    def has_news_within(self, seconds: float, count: int = 1) -> bool:
        """Whether so many sightings came in time; answers within a millisecond or so of the last of them."""
        with self._news:
            wanted = self._count + count
            return self._news.wait_for(lambda: self._count >= wanted, seconds)

    def has_come_to(self, kind: Kind, namespace: str, name: str, version: str) -> bool:
        """Whether it has seen this version of an object, or a later one."""
        seen = self._seen[kind, namespace, name]
        return bool(seen) and int(seen[-1].body["metadata"]["resourceVersion"]) >= int(version)

    def _follow(self, kind: Kind, version: str) -> None:
        """Again and again: a server ends every watch of a kind as soon as its definition is written, and forgets what was before."""
        with suppress(urllib3.exceptions.HTTPError):
            while not self._api.is_closed:
                try:
                    for event in self._api.watch(kind, version):
                        self._keep(kind, event["type"], event["object"])
                        version = event["object"]["metadata"]["resourceVersion"]
                except (Refusal, urllib3.exceptions.ProtocolError):
                    version = version if self._api.is_closed else self._look(kind)
                self.ended_watches += 1

    def _look(self, kind: Kind) -> str:
        """Takes what is new, and what is gone; the version to watch from."""
        listed = wait_for(f"{kind.kind} can be listed", lambda: self._listed(kind))
        there = {(kind, body["metadata"].get("namespace", ""), body["metadata"]["name"]): body for body in listed["items"]}
        for key, body in there.items():
            if not self.has_come_to(*key, body["metadata"]["resourceVersion"]):
                self._keep(kind, "ADDED", body)
        for key, seen in list(self._seen.items()):
            if key[0] == kind and key not in there and seen and not seen[-1].is_gone:
                self._keep(kind, "DELETED", seen[-1].body)
        version: str = listed["metadata"]["resourceVersion"]
        return version

    def _listed(self, kind: Kind) -> Body | None:
        """None while the server makes room for a new definition."""
        try:
            return self._api.list(kind)
        except Refusal as refusal:
            if refusal.status != 429:
                raise
            return None

    def _keep(self, kind: Kind, event: str, body: Body) -> None:
        metadata = body["metadata"]
        sighting = Sighting(Instant.now(), event == "DELETED", body)
        self._seen[kind, metadata.get("namespace", ""), metadata["name"]].append(sighting)
        with self._news:
            self._count += 1
            self._news.notify_all()
