"""A watch in threads of its own that tells when each of many instances has come to an end state."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Condition, Event, Thread
from time import time
from types import TracebackType
from typing import Final, Self

import urllib3

from cluster.apiserver import INSTANCES, ITEMS, ORDERS, Api, Body, Kind, Refusal
from cluster.waiting import NeverCame
from prepaid.api.marks import ENDED

PAUSE_SECONDS: Final = 0.2
IsSo = Callable[[Body], bool]
End = Mapping[Kind, IsSo]


class Observer:
    """Watches the kinds of one namespace; an instance is done when it, and all that speaks of it, has been seen to be so."""

    def __init__(self, kubeconfig: Path, namespace: str, end: End) -> None:
        self._api = Api(kubeconfig)
        self._namespace = namespace
        self._end = end
        self._seen: dict[str, set[str]] = {}
        self._news = Condition()
        self._over = Event()
        self.moments: dict[str, float] = {}
        """When each was done, in seconds of the wall clock."""

    def __enter__(self) -> Self:
        for kind in self._end:
            Thread(target=self._follow, args=(kind, self._look(kind)), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._api.close()

    def wait_for(self, names: Collection[str], seconds: float) -> list[float]:
        """Their moments. Raises NeverCame with how many were missing."""
        wanted = set(names)
        with self._news:
            if not self._news.wait_for(lambda: wanted <= self.moments.keys(), seconds):
                missing = wanted - self.moments.keys()
                raise NeverCame(f"{len(missing)} of {len(wanted)} not done within {seconds:.0f} s, among them {min(missing)}")
        return [self.moments[name] for name in names]

    def _follow(self, kind: Kind, version: str) -> None:
        """Again and again: a server ends the watch of who cannot keep up."""
        while not self._over.is_set():
            try:
                with suppress(Refusal):
                    for event in self._api.watch(kind, version):
                        self._take(kind, event["object"])
                version = self._look(kind)
            except (Refusal, urllib3.exceptions.HTTPError, OSError, ValueError):
                self._over.wait(PAUSE_SECONDS)

    def _look(self, kind: Kind) -> str:
        """Takes what is there; the version to watch from."""
        listed = self._api.list(kind, self._namespace)
        for body in listed["items"]:
            self._take(kind, body)
        version: str = listed["metadata"]["resourceVersion"]
        return version

    def _take(self, kind: Kind, body: Body) -> None:
        moment, name = time(), whom_it_concerns(body)
        if body["metadata"].get("namespace") != self._namespace or name in self.moments or not self._end[kind](body):
            return
        with self._news:
            seen = self._seen.setdefault(name, set())
            seen.add(kind.plural)
            if len(seen) == len(self._end):
                self.moments[name] = moment
                self._news.notify_all()


def whom_it_concerns(body: Body) -> str:
    """The instance's name: an item and an order speak of it, it speaks of itself."""
    name: str = body["spec"].get("instanceRef", body["metadata"])["name"]
    return name


def is_recycled(body: Body) -> bool:
    """In the Recycle Bin and at rest."""
    status = body.get("status", {})
    return status.get("phase") == "Recycled" and condition(status, "Reconciling") == "False"


def is_running(body: Body) -> bool:
    """Bought and at rest; a granted intent may lie there until the next write."""
    status = body.get("status", {})
    return condition(status, "Ready") == "True" and status.get("intent", {}).get("state", "Granted") == "Granted"


def has_renewed(body: Body) -> bool:
    return is_running(body) and body["status"]["periods"] > 1


def has_ended(body: Body) -> bool:
    return ENDED in body["metadata"].get("annotations", {})


def condition(status: Body, of_type: str) -> str:
    return next((known["status"] for known in status.get("conditions", []) if known["type"] == of_type), "")


RECYCLED: Final[End] = {INSTANCES: is_recycled, ITEMS: lambda _: True}
RENEWED: Final[End] = {INSTANCES: has_renewed, ORDERS: has_ended}
