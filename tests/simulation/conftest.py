"""The two servers that the same tests are held against."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio

from cluster.apiserver import AS_THE_OPERATOR
from prepaid.cluster.clock import Clock
from prepaid.cluster.connection import Connection
from prepaid.cluster.transport import Request
from simulation.bench import Bench
from simulation.client import Client
from simulation.clocks import VirtualTime
from simulation.server import Server


@pytest_asyncio.fixture(params=["simulated", pytest.param("real", marks=pytest.mark.shared)])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """A server, and an empty namespace on it."""
    if request.param == "simulated":
        server = Server(VirtualTime().read)
        yield Bench(Client(server, "tester"), "bench", server)
        return
    connection = Connection(str(request.getfixturevalue("control_plane").kubeconfig("admin")), None, Clock())
    await connection.connect()
    connection.session().headers.update(AS_THE_OPERATOR)
    namespace = f"bench-{uuid4().hex[:8]}"
    await connection.call(Request("POST", "/api/v1/namespaces", {}, {"metadata": {"name": namespace}}))
    yield Bench(connection, namespace, None)
    await connection.call(Request("DELETE", f"/api/v1/namespaces/{namespace}"))
    await connection.close()
