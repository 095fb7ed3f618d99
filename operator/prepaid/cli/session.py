"""One command's connection to a cluster: who it acts as, in which namespace, and whether it only rehearses."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NoReturn

import typer

from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.failures import Failure, told
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.connection import Connection
from prepaid.cluster.home import home_namespace
from prepaid.cluster.person import PLUGIN, Person


@dataclass(frozen=True)
class Target:
    """What the command line says about where to act."""

    namespace: str | None = None
    context: str | None = None
    everywhere: bool = False
    is_rehearsal: bool = False


@dataclass(frozen=True)
class Session:
    """`namespace` is empty for all of them."""

    cluster: Cluster
    namespace: str

    @property
    def place(self) -> str:
        """Where, in a sentence."""
        return f"in namespace {self.namespace}" if self.namespace else "in any namespace"


@asynccontextmanager
async def session(target: Target) -> AsyncIterator[Session]:
    """Connected inside. Raises ClusterError."""
    clock, home = Clock(), home_namespace(target.context)
    connection = Connection(None, target.context, clock, PLUGIN)
    namespace = "" if target.everywhere else target.namespace or home
    try:
        await connection.connect()
        yield Session(Cluster(Person(connection, target.is_rehearsal), clock), namespace)
    finally:
        await connection.close()


def run(target: Target, work: Callable[[Session], Awaitable[ExitCode]]) -> NoReturn:
    """Runs a command to its end: its exit code, or one sentence."""

    async def worked() -> ExitCode:
        async with session(target) as here:
            return await work(here)

    with told():
        try:
            code = asyncio.run(worked())
        except KeyboardInterrupt:
            raise Failure("Ended by Ctrl-C before anything was asked for.", ExitCode.INTERRUPTED) from None
        raise typer.Exit(code)
