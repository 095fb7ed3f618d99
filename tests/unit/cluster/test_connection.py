"""What a connection makes of one that is no API server: a proxy in between, or a line that is dead."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from prepaid.cluster import connection as connections
from prepaid.cluster.clock import Clock
from prepaid.cluster.connection import Connection
from prepaid.cluster.errors import Unavailable
from prepaid.cluster.transport import METADATA_LIST, Request

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
LIMIT_SECONDS = 10.0
"""Less than an exchange may take: a watch that is given up as one of those is told from one that was silent."""
PAGE = "<html>Please log in.</html>"


async def a_page(_: web.BaseRequest) -> web.Response:
    return web.Response(text=PAGE, content_type="text/html")


async def silence(request: web.BaseRequest) -> web.StreamResponse:
    """Says that there will be something, and nothing more."""
    reply = web.StreamResponse()
    await reply.prepare(request)
    await asyncio.sleep(LIMIT_SECONDS)
    return reply


@pytest.fixture
async def connect(tmp_path: Path) -> AsyncIterator[Callable[[Handler], Awaitable[Connection]]]:
    """To a server that answers everything so."""
    ends: list[Callable[[], Awaitable[None]]] = []

    async def connected(handler: Handler) -> Connection:
        runner = web.ServerRunner(web.Server(handler), shutdown_timeout=0)
        await runner.setup()
        ends.append(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        kubeconfig = tmp_path / "kubeconfig"
        kubeconfig.write_text(json.dumps(kubeconfig_for(site.name)))
        made = Connection(str(kubeconfig), None, Clock())
        await made.connect()
        ends.append(made.close)
        return made

    yield connected
    for end in reversed(ends):
        await end()


def kubeconfig_for(server: str) -> dict[str, object]:
    return {
        "current-context": "it",
        "contexts": [{"name": "it", "context": {"cluster": "it", "user": "me"}}],
        "clusters": [{"name": "it", "cluster": {"server": server}}],
        "users": [{"name": "me", "user": {"token": "secret"}}],
    }


@pytest.mark.parametrize(
    "asked", [Request("GET", "/x"), Request("GET", "/x", accept=METADATA_LIST), Request("GET", "/x", leaves_unread=True)]
)
async def test_an_answer_in_another_language_is_looked_for_again(
    connect: Callable[[Handler], Awaitable[Connection]], asked: Request
) -> None:
    connection = await connect(a_page)
    with pytest.raises(Unavailable, match="another language than an API server"):
        await connection.call(asked)


async def test_a_watch_in_another_language_ends(connect: Callable[[Handler], Awaitable[Connection]]) -> None:
    connection = await connect(a_page)
    with pytest.raises(Unavailable, match="another language than an API server"):
        await anext(connection.stream(Request("GET", "/x")))


async def test_a_watch_that_is_silent_for_too_long_is_given_up(
    connect: Callable[[Handler], Awaitable[Connection]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ENDLESS", aiohttp.ClientTimeout(total=None, sock_read=0.05))
    connection = await connect(silence)
    with pytest.raises(Unavailable, match="ended a watch"):
        await asyncio.wait_for(anext(connection.stream(Request("GET", "/x"))), LIMIT_SECONDS)


def test_a_watch_outlives_what_a_server_says_each_minute() -> None:
    assert connections.ENDLESS.total is None
    assert connections.ENDLESS.sock_read is not None
    assert connections.ENDLESS.sock_read > 60
