"""Candidates for one Lease, in the event loop's own time: a server that holds it, lines to it that fail, and who led when."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from whenever import Instant, TimeDelta

from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import Conflict, Gone, Refused, Unavailable
from prepaid.cluster.lease_store import LeaseStore
from prepaid.cluster.transport import Answer, Request
from prepaid.control.elector import Elector
from prepaid.lifecycle.election import Timing
from unhurried import at_once

NOON: Final = Instant.parse_iso("2026-06-01T12:00:00Z")
LEASE, RENEW, RETRY = 15, 10, 2
Spec = dict[str, Any]
Trouble = Callable[[Request], Awaitable[None]]


async def no_trouble(_: Request) -> None:
    return


async def refusal(_: Request) -> None:
    raise Refused("leases is forbidden")


async def away(_: Request) -> None:
    raise Unavailable("the API server does not answer")


async def silence(_: Request) -> None:
    await asyncio.sleep(3600)


async def read_only(request: Request) -> None:
    if request.method != "GET":
        raise Unavailable("etcd has no leader")


async def fault(_: Request) -> None:
    raise ValueError("a fault of ours")


async def deaf(request: Request) -> None:
    """Does what it is asked, and its answer is lost."""
    if request.method != "GET":
        raise LostAnswer


async def sluggish(_: Request) -> None:
    await asyncio.sleep(0.5)


async def late(request: Request) -> None:
    """Does what it is asked, and answers a good while later."""
    if request.method != "GET":
        raise LateAnswer


class LateAnswer(Exception):
    """For the line below: what it is to do."""


class LostAnswer(Exception):
    """For the line below: what it is to do."""


@dataclass
class Server:
    """Holds one Lease, and does nothing else."""

    body: dict[str, Any] | None = None
    version: int = 0

    def call(self, request: Request) -> Answer:
        match request.method:
            case "GET":
                return Answer(self._there())
            case "POST" if self.body:
                raise Conflict("it exists")
            case "POST":
                assert request.body
                return self._keep(dict(request.body))
            case _:
                assert request.body
                if request.body["metadata"]["resourceVersion"] != str(self.version):
                    raise Conflict("somebody was faster")
                return self._keep({**self._there(), "spec": {**self._there()["spec"], **request.body["spec"]}})

    def set(self, **fields: object) -> None:
        """Somebody edits the record."""
        self._keep({**self._there(), "spec": {**self._there()["spec"], **fields}})

    def annotate(self) -> None:
        self._keep(self._there())

    @property
    def spec(self) -> Spec:
        return dict(self._there()["spec"])

    def _there(self) -> dict[str, Any]:
        if self.body is None:
            raise Gone("there is none")
        return self.body

    def _keep(self, body: dict[str, Any]) -> Answer:
        self.version += 1
        self.body = {**body, "metadata": {"name": "prepaid-operator", "uid": "1", "resourceVersion": str(self.version)}}
        return Answer(self.body)


@dataclass
class Line:
    """One candidate's connection to the server."""

    server: Server
    trouble: Trouble = no_trouble

    async def call(self, request: Request) -> Answer:
        await asyncio.sleep(0.01)
        try:
            await self.trouble(request)
        except LostAnswer:
            self.server.call(request)
            raise Unavailable("the answer is lost") from None
        except LateAnswer:
            answer = self.server.call(request)
            await asyncio.sleep(4)
            return answer
        return self.server.call(request)

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        raise AssertionError(request)
        yield {}


@dataclass
class Candidate:
    """An operator that does nothing but lead; what became of it, and when."""

    server: Server
    name: str
    wall_behind: float = 0.0
    told: list[tuple[str, float]] = field(default_factory=list)
    is_dead: bool = False
    ready_at: float | None = None
    line: Line = field(init=False)
    elector: Elector = field(init=False)
    _life: asyncio.Task[None] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.line = Line(self.server)

    def start(self) -> None:
        self._life = asyncio.create_task(self._live())

    def kill(self) -> None:
        """It does nothing any more, and finishes nothing."""
        self.is_dead = True
        self.line.trouble = silence

    def stop(self) -> None:
        assert self._life
        self._life.cancel()

    def tell(self, what: str) -> None:
        if not self.is_dead:
            self.told.append((what, round(asyncio.get_running_loop().time(), 1)))

    def stand_by(self) -> None:
        self.ready_at = round(asyncio.get_running_loop().time(), 1) if self.ready_at is None else self.ready_at

    async def _live(self) -> None:
        loop = asyncio.get_running_loop()
        clock = Clock(lambda: NOON + TimeDelta(seconds=loop.time() - self.wall_behind), loop.time)
        self.elector = Elector(LeaseStore(self.line, clock, "prepaid-system", "lease"), self.name, Timing(LEASE), loop.time)
        async with self.elector.leading(self.stand_by, lambda: self.tell("ended")):
            self.tell("leads")
            await asyncio.sleep(3600)

    def led_at(self) -> float:
        return dict(self.told)["leads"]

    def ended_at(self) -> float:
        return dict(self.told)["ended"]


@dataclass
class Stage:
    """Two candidates on one server; `a` is there first, things happen at moments, and in the end nobody finishes anything."""

    server: Server = field(default_factory=Server)

    def __post_init__(self) -> None:
        self.a, self.b = Candidate(self.server, "a"), Candidate(self.server, "b", wall_behind=3600)

    async def play(self, seconds: float, *events: tuple[float, Callable[[], None]]) -> None:
        loop = asyncio.get_running_loop()
        for moment, event in ((0, self.a.start), (1, self.b.start), *events):
            loop.call_at(moment, event)
        await asyncio.sleep(seconds)
        self.a.kill()
        self.b.kill()


def played(stage: Stage, seconds: float, *events: tuple[float, Callable[[], None]]) -> Stage:
    at_once(stage.play(seconds, *events))
    return stage


def trouble(candidate: Candidate, kind: Trouble) -> Callable[[], None]:
    """From then on, its line is like that."""
    return lambda: setattr(candidate.line, "trouble", kind)
