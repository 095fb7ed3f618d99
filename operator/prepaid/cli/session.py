"""One command's connection to a cluster: who it acts as, in which namespace, and whether it only rehearses."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final, NoReturn

import typer
import yaml

from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.failures import Failure, told
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.connection import Connection
from prepaid.cluster.errors import Refused
from prepaid.cluster.home import home_namespace
from prepaid.cluster.person import PLUGIN, Person

GARBLED: Final = (yaml.YAMLError, AttributeError, LookupError, TypeError, ValueError)
ILLEGIBLE: Final = "the kubeconfig is not written as one: mend it, or set KUBECONFIG to a file that names a cluster"


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
    with legible():
        clock, home = Clock(), home_namespace(target.context)
    connection = Connection(None, target.context, clock, PLUGIN)
    namespace = "" if target.everywhere else target.namespace or home
    try:
        with legible():
            await connection.connect()
        yield Session(Cluster(Person(connection, target.is_rehearsal), clock), namespace)
    finally:
        await connection.close()


@contextmanager
def legible() -> Iterator[None]:
    """A kubeconfig that is none is told in a sentence, not in what Python made of it. Raises Refused."""
    try:
        yield
    except GARBLED as error:
        raise Refused(ILLEGIBLE) from error
    except Refused as error:
        if isinstance(error.__cause__, GARBLED):
            raise Refused(ILLEGIBLE) from error.__cause__
        raise


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
