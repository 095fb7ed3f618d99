"""Trying again and waiting, for whoever has no next look: a command that ends. Refuses to know what is tried or waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from prepaid.cluster.clock import monotonic
from prepaid.cluster.errors import Conflict, Unavailable

TRIES: Final = 5
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 1.0
T = TypeVar("T")


async def persist(act: Callable[[], Awaitable[T]]) -> T:
    """What `act` answers. Lost connections and conflicts are tried again: `act` reads anew, and doing it twice must be as doing it once.

    Raises the last ClusterError.
    """
    for number in range(TRIES - 1):
        try:
            return await act()
        except (Conflict, Unavailable):
            await asyncio.sleep(pause(number))
    return await act()


async def until(is_over: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Looks until it is over; whether it was in so many seconds. A connection that is lost meanwhile is waited for."""
    deadline, number = monotonic() + seconds, 0
    while True:
        try:
            if await is_over():
                return True
        except Unavailable:
            if monotonic() >= deadline:
                raise
        if monotonic() >= deadline:
            return False
        await asyncio.sleep(pause(number))
        number += 1


def pause(number: int) -> float:
    """Seconds before the next try: longer and longer."""
    return float(min(FIRST_PAUSE * 1.5**number, LONGEST_PAUSE))
