"""A Transport that lets only so many writes be in flight: as many as the server keeps up with (pace.py), the others wait (gate.py).

What the server asks to be left alone for is kept by all writes, not only by the one that was told. Reads pass. For the operator, which
has thousands to write at once; whoever sits at a terminal waits for nobody.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any

from prepaid.cluster.clock import monotonic
from prepaid.cluster.errors import Unavailable
from prepaid.cluster.gate import Gate
from prepaid.cluster.pace import Pace, Write, after_refusal, after_write
from prepaid.cluster.transport import Answer, Request, Transport


class Paced:
    """Passes everything on, writes when it is their turn."""

    def __init__(self, inner: Transport, read_monotonic: Callable[[], float] = monotonic) -> None:
        self._inner = inner
        self._read_monotonic = read_monotonic
        self._pace = Pace()
        self._gate = Gate(self._pace.width)

    @property
    def width(self) -> int:
        """How many writes may be in flight now."""
        return self._pace.width

    async def call(self, request: Request) -> Answer:
        if request.method == "GET":
            return await self._inner.call(request)
        async with self._gate:
            return await self._write(request)

    def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        return self._inner.stream(request)

    async def _write(self, request: Request) -> Answer:
        """Only what was done tells how long it takes: a conflict is answered sooner."""
        start_time, in_flight = self._read_monotonic(), self._gate.inside
        try:
            answer = await self._inner.call(request)
        except Unavailable as error:
            self._heed(error, start_time)
            raise
        done = Write(sort_of(request), start_time, self._read_monotonic() - start_time, in_flight)
        self._go_on(after_write(self._pace, done))
        return answer

    def _heed(self, error: Unavailable, start_time: float) -> None:
        if not error.is_overload:
            return
        self._go_on(after_refusal(self._pace, start_time, self._read_monotonic()))
        if error.retry_after:
            self._gate.close_for(error.retry_after)

    def _go_on(self, pace: Pace) -> None:
        self._pace = pace
        self._gate.set_width(pace.width)


def sort_of(request: Request) -> str:
    """What takes about as long: the verb, the plural and the part, whatever the object."""
    steps = request.path.strip("/").split("/")
    steps = steps[2:] if steps[0] == "api" else steps[3:]
    if steps[0] == "namespaces" and len(steps) > 2:
        steps = steps[2:]
    return " ".join((request.method, steps[0], *steps[2:]))
