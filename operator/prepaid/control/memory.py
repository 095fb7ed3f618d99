"""What the last look at each instance saw, by version: so that a sweep can tell what has changed behind our back without looking again."""

from dataclasses import dataclass

from prepaid.api.bin_item import RecycleBinItem
from prepaid.cluster.client import Key


@dataclass(frozen=True, slots=True)
class Look:
    """The instance's uid, its resourceVersion and that of its workload ("" for none) when it was last at rest; and whether in the bin."""

    uid: str
    instance_version: str
    workload_version: str
    is_in_bin: bool = False


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


def item_of(key: Key) -> Key:
    """The bin item of an instance has its name."""
    return Key(RecycleBinItem, key.namespace, key.name)
