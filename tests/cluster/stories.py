"""Several stories told at once, each in a thread of its own, so that their terms run out together; a test asks for the outcome of one."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar, cast

from cluster.scenes import Scene

T = TypeVar("T")
Story = Callable[[Scene], T]


class Outcomes:
    """What the stories came to."""

    def __init__(self, told: dict[Story[Any], Future[Any]], scene: Scene) -> None:
        self._told = told
        self.scene = scene

    def of(self, story: Story[T]) -> T:
        """What this story answered; raises what it failed with."""
        return cast(T, self._told[story].result())


def tell(stories: Sequence[Story[Any]], scene: Scene) -> Outcomes:
    """Tells them all, to their ends, whatever those are."""
    with ThreadPoolExecutor(len(stories)) as pool:
        return Outcomes({story: pool.submit(story, scene) for story in stories}, scene)
