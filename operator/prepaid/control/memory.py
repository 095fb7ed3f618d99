"""What the last look at each instance saw, by version: so that a sweep can tell what has changed behind our back without looking again."""

import json
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from prepaid.api.bin_item import RecycleBinItem
from prepaid.cluster.client import Key
from prepaid.lifecycle.facts import Seen
from prepaid.lifecycle.objects import Manifest

NO_FACES: Final = frozenset[str]()
CHANGES_WITH_STATUS: Final = frozenset({"resourceVersion", "managedFields"})


@dataclass(frozen=True, slots=True)
class Look:
    """The instance's uid, its resourceVersion and that of its workload ("" for none) when it was last at rest.

    `faces` are those of what was made for one that is in the bin.
    """

    uid: str
    instance_version: str
    workload_version: str
    is_in_bin: bool = False
    faces: frozenset[str] = NO_FACES


class Memory:
    """Looks by key; forgotten with the instance, empty after a start."""

    def __init__(self) -> None:
        self._looks: dict[Key, Look] = {}
        self._known: dict[Key, set[str]] = {}

    def remember(self, key: Key, look: Look) -> None:
        self._looks[key] = look

    def forget(self, key: Key) -> None:
        self._looks.pop(key, None)
        self._known.pop(key, None)
        self._known.pop(item_of(key), None)

    def know(self, key: Key, version: str) -> None:
        """The look that is under way has read, or written, this version of the instance, or of its item."""
        self._known.setdefault(key, set()).add(version)

    def is_news(self, key: Key, version: str) -> bool:
        """Whether an event tells of a version that the last look, or the one under way, does not know."""
        return version not in self._known.get(key, ())

    def last(self, key: Key) -> Look | None:
        return self._looks.get(key)


def faces_of(seen: Seen) -> frozenset[str]:
    """Of the workload, and of all data."""
    made = (seen.workload, *(data.live for data in seen.data))
    return frozenset(face(live.ref.kind, live.body["metadata"]) for live in made if live)


def face(kind: str, metadata: Manifest) -> str:
    """The same until something else than its status changes; of a kind that does not count its changes, until anything does.

    A generation grows with each change of a spec (Kubernetes, API conventions, "Metadata"); the spec of a claim changes when it is bound,
    which its annotations tell, and when it grows.
    """
    if kind != "PersistentVolumeClaim" and not metadata.get("generation"):
        return str(metadata.get("resourceVersion", ""))
    lasting = {known: value for known, value in metadata.items() if known not in CHANGES_WITH_STATUS}
    return blake2b(json.dumps(lasting, sort_keys=True).encode(), digest_size=8).hexdigest()


def item_of(key: Key) -> Key:
    """The bin item of an instance has its name."""
    return Key(RecycleBinItem, key.namespace, key.name)
