"""Leads while it holds a Lease: waits for it, renews it, gives it back. What to do about it is decided in lifecycle/election.py.

Two operators at once do no harm: every write is conditional, and any process may resume any step (architecture.md, "Transitions and
writes"). The lease saves the work, and the conflicts, of doing everything twice. Knows nothing of what a leader does.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from prepaid.api.lease import Lease
from prepaid.cluster.errors import ClusterError
from prepaid.cluster.lease_store import LeaseStore
from prepaid.cluster.patience import persist
from prepaid.lifecycle.election import Sighting, Step, Timing, decide, look_again, released, seconds_left, written

RELEASE_SECONDS = 2.0
"""A server that does not answer is not waited for at the end: the others will see that nobody renews."""

Tell = Callable[[], None]
log = logging.getLogger("prepaid.control")


class Elector:
    """One candidate, for one life of the process."""

    def __init__(self, store: LeaseStore, me: str, timing: Timing, read_monotonic: Callable[[], float]) -> None:
        self._store = store
        self._me = me
        self._timing = timing
        self._read_monotonic = read_monotonic
        self._sight: Sighting | None = None
        self._renewed_at = float("-inf")

    def may_lead(self) -> bool:
        """Whether nobody else can hold it yet."""
        return self._seconds_left() > 0

    @asynccontextmanager
    async def leading(self, stand_by: Tell, end_at_once: Tell) -> AsyncIterator[None]:
        """Inside, this process leads, or is told to end at once. `stand_by` is told when the Lease was seen, before it may be won."""
        try:
            await self._win(stand_by)
            async with self._kept(end_at_once):
                yield
        finally:
            await self._release()

    async def _win(self, stand_by: Tell) -> None:
        while not self.may_lead():
            step = await self._try(self._timing.renew_seconds)
            if step is not None:
                stand_by()
            if step in (Step.WAIT, None):
                await asyncio.sleep(self._timing.retry_seconds)
        log.info("%s is held by %s, which leads", self._store, self._me)

    @asynccontextmanager
    async def _kept(self, end_at_once: Tell) -> AsyncIterator[None]:
        """However the renewing ends, also by a fault of ours, nobody may go on as if it led."""
        keeping = asyncio.create_task(self._keep(), name="renew the lease")

        def tell(_: asyncio.Task[None]) -> None:
            end_at_once()

        keeping.add_done_callback(tell)
        try:
            yield
        finally:
            keeping.remove_done_callback(tell)
            keeping.cancel()

    async def _keep(self) -> None:
        """Renews it until that was not possible in time, or it is another's."""
        while self.may_lead():
            if await self._try(min(self._seconds_left(), self._timing.renew_seconds / 2)) is Step.WAIT:
                return
            await asyncio.sleep(max(0, min(self._timing.retry_seconds, self._seconds_left())))

    async def _try(self, seconds: float) -> Step | None:
        """What was done about it; None where that failed, or took too long."""
        try:
            async with asyncio.timeout(seconds):
                return await self._look()
        except (ClusterError, TimeoutError) as error:
            log.warning("%s: %s", self._store, str(error) or f"no answer within {seconds:.1f} s")
            return None

    async def _look(self) -> Step:
        lease = await self._store.read()
        now = self._read_monotonic()
        self._sight = look_again(self._sight, lease, now)
        step = decide(self._sight, self._me, now)
        if step is not Step.WAIT:
            await self._write(lease)
        return step

    async def _write(self, lease: Lease | None) -> None:
        """Counts from when it is sent: whoever sees it sees it later."""
        sent_at = self._read_monotonic()
        record = written(lease.spec if lease else None, self._me, self._store.moment(), self._timing)
        if lease is None:
            await self._store.create(record)
        else:
            await self._store.change(lease, record)
        self._renewed_at = sent_at

    async def _release(self) -> None:
        """Gives it back, if it is ours, so that the next need not wait."""
        self._renewed_at = float("-inf")
        try:
            async with asyncio.timeout(RELEASE_SECONDS):
                await persist(self._give_back)
        except (ClusterError, TimeoutError) as error:
            log.warning("%s was not released: %s", self._store, str(error) or "no answer in time")

    async def _give_back(self) -> None:
        lease = await self._store.read()
        if lease and lease.spec.holder_identity == self._me:
            await self._store.change(lease, released(lease.spec, self._store.moment()))

    def _seconds_left(self) -> float:
        return seconds_left(self._renewed_at, self._read_monotonic(), self._timing)
