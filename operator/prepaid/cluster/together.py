"""Several things to do at once, a few at a time: what waits for the server's answers need not wait for each other's."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, Final, Protocol, TypeVar

T = TypeVar("T")
MOST_AT_ONCE: Final = 16
"""More calls in flight make an API server on two cores no faster (architecture.md, "Transitions and writes")."""


class Together(Protocol):
    """Does them all, in whatever order; the answers come in the order of the works. Raises the first error once all have ended."""

    async def __call__(self, works: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
        """Awaits them all."""


async def together(works: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """At once, on the running loop."""
    gate = asyncio.Semaphore(MOST_AT_ONCE)
    ended = await asyncio.gather(*(at_gate(gate, work) for work in works), return_exceptions=True)
    answers: list[T] = []
    for answer in ended:
        if isinstance(answer, BaseException):
            raise answer
        answers.append(answer)
    return answers


async def at_gate(gate: asyncio.Semaphore, work: Coroutine[Any, Any, T]) -> T:
    async with gate:
        return await work
