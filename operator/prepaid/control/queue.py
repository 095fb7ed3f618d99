"""Keys to look at: each waits at most once and is looked at by one worker at a time. Knows nothing of what a look does."""

import asyncio
from itertools import islice
from typing import Final

from prepaid.api.resource import Resource
from prepaid.cluster.client import Key

LOOKED_THROUGH: Final = 500


class KeyQueue:
    """A set in order of arrival. What is added while it is in work is looked at once more afterwards."""

    def __init__(self) -> None:
        self._waiting: dict[Key, None] = {}
        self._in_work: set[Key] = set()
        self._again: set[Key] = set()
        self._arrived = asyncio.Event()
        self._done = asyncio.Event()
        self._closed = False

    def add(self, key: Key) -> None:
        """Asks for a look at the key."""
        if key in self._in_work:
            self._again.add(key)
        else:
            self._waiting[key] = None
            self._arrived.set()

    async def get(self) -> Key | None:
        """The next key, which is then in work until `done`; None once the queue is closed."""
        while not self._closed:
            if self._waiting:
                return self._give(next(iter(self._waiting)))
            self._arrived.clear()
            await self._arrived.wait()
        return None

    def more_like(self, key: Key, most: int) -> list[Key]:
        """Others of its kind and namespace that wait near the front, which are then in work too."""
        near = islice(self._waiting, LOOKED_THROUGH)
        alike = (other for other in near if other.kind is key.kind and other.namespace == key.namespace)
        return [self._give(other) for other in tuple(islice(alike, most))]

    def waiting(self, kind: type[Resource], namespace: str) -> int:
        """How many of a kind wait in a namespace, and are not in work."""
        return sum(key.kind is kind and key.namespace == namespace for key in self._waiting)

    def _give(self, key: Key) -> Key:
        del self._waiting[key]
        self._in_work.add(key)
        return key

    async def until_room(self, most: int) -> None:
        """Until there are fewer in work than so many; while many wait, half as many, so that the next can be looked at together."""
        while most - len(self._in_work) < min(max(len(self._waiting), 1), max(most // 2, 1)):
            self._done.clear()
            await self._done.wait()

    def done(self, key: Key) -> None:
        """Ends the work on a key that `get` gave."""
        self._in_work.discard(key)
        self._done.set()
        if key in self._again:
            self._again.discard(key)
            self.add(key)

    def close(self) -> None:
        """No more keys are given out; what is in work goes on."""
        self._closed = True
        self._arrived.set()

    @property
    def in_work(self) -> int:
        return len(self._in_work)

    @property
    def is_closed(self) -> bool:
        return self._closed

    def __len__(self) -> int:
        return len(self._waiting) + len(self._in_work)
