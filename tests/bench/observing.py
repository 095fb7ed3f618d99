"""A watch in a thread of its own that tells when each of many instances has come to an end state."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Event, Thread
from time import monotonic, time
from types import TracebackType
from typing import Final, Self

import urllib3

from cluster.apiserver import INSTANCES, ITEMS, ORDERS, Api, Body, Kind, Refusal
from cluster.waiting import NeverCame
from prepaid.api.marks import ENDED

PAUSE_SECONDS: Final = 0.2
IsSo = Callable[[Body], bool]


@dataclass(frozen=True)
class End:
    """What comes last is watched; what has to be so `beside` it is looked at when all has been seen: each watch takes the server time."""

    last: Kind
    is_so: IsSo
    beside: Mapping[Kind, IsSo] = field(default_factory=dict)


class Observer:
    """Watches one kind in one namespace; an instance is done when what comes last has been seen to be so."""

    def __init__(self, kubeconfig: Path, namespace: str, end: End) -> None:
        self._api = Api(kubeconfig)
        self._namespace = namespace
        self._end = end
        self._news = Condition()
        self._over = Event()
        self.moments: dict[str, float] = {}
        """When each was done, in seconds of the wall clock."""

    def __enter__(self) -> Self:
        Thread(target=self._follow, args=(self._look(),), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._api.close()

    def wait_for(self, names: Collection[str], seconds: float) -> list[float]:
        """Their moments. Raises NeverCame with how many were missing."""
        wanted, until = set(names), monotonic() + seconds
        with self._news:
            if not self._news.wait_for(lambda: wanted <= self.moments.keys(), seconds):
                missing = wanted - self.moments.keys()
                raise NeverCame(f"{len(missing)} of {len(wanted)} not done within {seconds:.0f} s, among them {min(missing)}")
        self._confirm(wanted, until)
        return [self.moments[name] for name in names]

    def _confirm(self, names: set[str], until: float) -> None:
        """What is not so yet beside what was seen is done when that is seen to be so."""
        while late := names - self._confirmed():
            if monotonic() > until:
                raise NeverCame(f"{len(late)} of {len(names)} are not all done, among them {min(late)}")
            self.moments |= dict.fromkeys(late, time())
            self._over.wait(PAUSE_SECONDS)

    def _confirmed(self) -> set[str]:
        found = [
            {whom_it_concerns(body) for body in self._api.list(kind, self._namespace)["items"] if is_so(body)}
            for kind, is_so in self._end.beside.items()
        ]
        return set(self.moments).intersection(*found)

    def _follow(self, version: str) -> None:
        """Again and again: a server ends the watch of who cannot keep up."""
        while not self._over.is_set():
            try:
                with suppress(Refusal):
                    for event in self._api.watch(self._end.last, version):
                        self._take(event["object"])
                version = self._look()
            except (Refusal, urllib3.exceptions.HTTPError, OSError, ValueError):
                self._over.wait(PAUSE_SECONDS)

    def _look(self) -> str:
        """Takes what is there; the version to watch from."""
        listed = self._api.list(self._end.last, self._namespace)
        for body in listed["items"]:
            self._take(body)
        version: str = listed["metadata"]["resourceVersion"]
        return version

    def _take(self, body: Body) -> None:
        moment, name = time(), whom_it_concerns(body)
        if body["metadata"].get("namespace") != self._namespace or name in self.moments or not self._end.is_so(body):
            return
        with self._news:
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


RUNNING: Final = End(INSTANCES, is_running)
FILED: Final = End(ITEMS, lambda _: True, {INSTANCES: is_recycled})
STOPPED: Final = End(INSTANCES, is_recycled, {ITEMS: lambda _: True})
RENEWED: Final = End(ORDERS, has_ended, {INSTANCES: has_renewed})
