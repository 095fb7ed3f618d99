"""An event loop that never waits: where it would sleep, its clock jumps. So a test may let an hour go by, to the second, at once."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Skipping(selectors.DefaultSelector):
    """Notes how long it should have waited instead of waiting."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if not found and timeout is None:
            raise AssertionError("everybody waits for something that will never come")
        if not found and timeout:
            self.skipped += timeout
        return found


class Unhurried(asyncio.SelectorEventLoop):
    """Its time goes on by what was skipped alone."""

    def __init__(self) -> None:
        self.skipping = Skipping()
        super().__init__(self.skipping)

    def time(self) -> float:
        return self.skipping.skipped


def at_once(story: Coroutine[Any, Any, T]) -> T:
    """What the story comes to, however long it takes."""
    with asyncio.Runner(loop_factory=Unhurried) as runner:
        return runner.run(story)
