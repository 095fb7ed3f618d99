"""A gate that lets so many in at once, in the order they came. Its width may change at any moment, and it may be closed for a while.

Refuses to know what is done inside. asyncio.Semaphore cannot be made narrower.
"""

import asyncio
from collections import deque
from types import TracebackType


class Gate:
    """`async with gate:` waits for a turn. Whoever is cancelled, at whatever moment, leaves no place taken."""

    def __init__(self, width: int) -> None:
        self.inside = 0
        self._width = width
        self._turns: deque[asyncio.Future[None]] = deque()
        self._opening: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._turns.append(turn)
        self._let_in()
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._leave()
            raise

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._leave()

    def set_width(self, width: int) -> None:
        """Narrower: nobody is put out, fewer are let in."""
        self._width = width
        self._let_in()

    def close_for(self, seconds: float) -> None:
        """Nobody is let in for so long, or for as long as was said before."""
        loop = asyncio.get_running_loop()
        opening_time = loop.time() + seconds
        if self._opening and self._opening.when() >= opening_time:
            return
        if self._opening:
            self._opening.cancel()
        self._opening = loop.call_at(opening_time, self._open)

    def _open(self) -> None:
        self._opening = None
        self._let_in()

    def _leave(self) -> None:
        self.inside -= 1
        self._let_in()

    def _let_in(self) -> None:
        """Whose turn it is counts as inside at once, before it has heard of it."""
        while self._turns and self.inside < self._width and not self._opening:
            turn = self._turns.popleft()
            if not turn.cancelled():
                self.inside += 1
                turn.set_result(None)
