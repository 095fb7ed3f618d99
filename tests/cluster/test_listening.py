"""What kopf's session hears: of what is watched below a path the metadata alone, of everything else the whole."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
import pytest

from prepaid.api.instance_class import InstanceClass
from prepaid.api.resource import API_VERSION, GROUP
from prepaid.cluster.clock import Clock
from prepaid.cluster.connection import Connection
from prepaid.cluster.transport import Request
from prepaid.local.personas import ADMIN
from prepaid.local.plane import ControlPlane

CLASSES = f"/apis/{API_VERSION}/{InstanceClass.plural}"
NAMESPACES = "/api/v1/namespaces"
WATCH = {"watch": "true", "resourceVersion": "0", "timeoutSeconds": "5"}


@pytest.fixture
async def connection(control_plane: ControlPlane) -> AsyncIterator[Connection]:
    made = Connection(str(control_plane.kubeconfig(ADMIN)), None, Clock())
    await made.connect()
    yield made
    await made.close()


async def first(session: aiohttp.ClientSession, url: str, query: dict[str, str]) -> dict[str, Any]:
    """Of a list, or of what a watch begins with."""
    async with session.get(url, params=query) as reply:
        told = orjson.loads(await (reply.content.readline() if query else reply.read()))
    found: dict[str, Any] = told["object"] if query else told["items"][0]
    return found


@pytest.mark.parametrize(
    ("path", "query", "is_whole"),
    [
        pytest.param(CLASSES, WATCH, False, id="what is watched"),
        pytest.param(CLASSES, {}, True, id="a list, because kopf cannot read an empty one of metadata"),
        pytest.param(NAMESPACES, WATCH, True, id="what is watched elsewhere"),
    ],
)
async def test_it_hears(connection: Connection, path: str, query: dict[str, str], is_whole: bool) -> None:
    session = connection.listening_session(f"/apis/{GROUP}/")
    heard = await first(session, f"{connection.server}{path}", query)
    assert ("spec" in heard, "uid" in heard["metadata"]) == (is_whole, True)


async def test_our_own_exchanges_outlive_it(connection: Connection) -> None:
    """kopf closes its session after a 401."""
    session = connection.listening_session(f"/apis/{GROUP}/")
    await first(session, f"{connection.server}{CLASSES}", {})
    await session.close()
    assert (await connection.call(Request("GET", CLASSES))).body["items"]
