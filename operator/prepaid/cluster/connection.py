"""The HTTP session to a real API server: where it is, who we are there (tokens rotate: read again every minute), and the bare exchange.

kopf's session is one of its own on the same connections. Knows no kind.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import msgspec
import orjson
import yaml
from kubernetes.aio import config as kubeconfig_reader
from kubernetes.aio.client import ApiClient, Configuration
from kubernetes.aio.config.config_exception import ConfigException

from prepaid.api.marks import FIELD_MANAGER
from prepaid.cluster.clock import Clock, monotonic
from prepaid.cluster.errors import TIMEOUT, ClusterError, Refused, Unavailable, error_for
from prepaid.cluster.partial import partial_list, unread_list
from prepaid.cluster.transport import METADATA_LIST, Answer, Request

TOKEN_SECONDS = 60.0
REQUEST_SECONDS = 20.0
EXCHANGE = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
SILENT_SECONDS = 80.0
"""A server says each minute how far a watch is, if it is asked to: one that has been silent for longer is dead."""
ENDLESS = aiohttp.ClientTimeout(total=None, sock_connect=REQUEST_SECONDS, sock_read=SILENT_SECONDS)
UNPACKED = "identity"
"""What is packed costs the server more than it saves where we run: beside it."""
WATCH_BUFFER_BYTES = 2**22


class Connection:
    """A Transport to the cluster of a kubeconfig, or of the pod that we run in."""

    def __init__(self, kubeconfig: str | None, context: str | None, clock: Clock, agent: str = FIELD_MANAGER) -> None:
        self._agent = agent
        self._kubeconfig = kubeconfig
        self._context = context
        self._clock = clock
        self._client: ApiClient | None = None
        self._authorization = ""
        self._authorized_at = float("-inf")

    @property
    def server(self) -> str:
        """The server's address, once connected."""
        return str(self._open().configuration.host)

    async def connect(self) -> None:
        """Reads the credentials and opens the session. Raises Refused where the kubeconfig cannot be used."""
        configuration = await self._read_configuration()
        configuration.client_session_kwargs = self._manners(configuration)
        self._client = ApiClient(configuration)

    def _manners(self, configuration: Configuration) -> dict[str, Any]:
        """What all sessions are made with."""
        return {
            "trust_env": False,
            "middlewares": (self._authorize,),
            "read_bufsize": WATCH_BUFFER_BYTES,
            "proxy": configuration.proxy,
            "headers": {"User-Agent": self._agent, "Accept-Encoding": UNPACKED},
        }

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    def session(self) -> aiohttp.ClientSession:
        """The session of our own exchanges."""
        rest = self._open().rest_client
        if rest.pool_manager is None:
            rest.pool_manager = rest._create_pool_manager()
        return rest.pool_manager  # type: ignore[no-any-return]

    def another_session(self) -> aiohttp.ClientSession:
        """On the same connections, for whoever closes his own: kopf does after a 401, and wants another with what is authorized now."""
        self._authorized_at = float("-inf")
        manners = self._manners(self._open().configuration)
        return aiohttp.ClientSession(connector=self.session().connector, connector_owner=False, **manners)

    async def call(self, request: Request) -> Answer:
        sent = None if request.body is None else orjson.dumps(request.body)
        forms = {"Content-Type": request.content_type, "Accept": request.accept}
        try:
            async with self._send(request, data=sent, headers=forms, timeout=EXCHANGE) as reply:
                body = await reply.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise unanswered(self.server, error) from error
        if date := reply.headers.get("Date"):
            self._clock.observe(date)
        if reply.status >= 400:
            raise self._failure(reply, body)
        try:
            return Answer(reader_of(request)(body), created=reply.status == 201)
        except (orjson.JSONDecodeError, msgspec.DecodeError) as error:
            raise self._illegible(error) from error

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        try:
            async with self._send(request, headers={"Accept": request.accept}, timeout=ENDLESS) as reply:
                if reply.status >= 400:
                    raise self._failure(reply, await reply.read())
                async for line in reply.content:
                    yield orjson.loads(line)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable(f"the API server at {self.server} ended a watch ({type(error).__name__})") from error
        except orjson.JSONDecodeError as error:
            raise self._illegible(error) from error

    def _illegible(self, error: Exception) -> Unavailable:
        return Unavailable(f"{self.server} answers in another language than an API server: {error}")

    def _failure(self, reply: aiohttp.ClientResponse, body: bytes) -> ClusterError:
        """After a 401 the credentials are read again at once."""
        if reply.status == HTTPStatus.UNAUTHORIZED:
            self._authorized_at = float("-inf")
        return failure(reply.status, body, reply.headers.get("Retry-After"))

    def _send(self, request: Request, **how: Any) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:  # noqa: ANN401
        """On the session, past the client's own layers, which take as long as the exchange itself."""
        name = self._open().configuration.tls_server_name
        return self.session().request(request.method, self._url(request), server_hostname=name, **how)

    def _open(self) -> ApiClient:
        if self._client is None:
            raise Unavailable("there is no connection yet: call connect() first")
        return self._client

    def _url(self, request: Request) -> str:
        return f"{self.server}{request.path}" + (f"?{urlencode(request.query)}" if request.query else "")

    async def _authorize(self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        if monotonic() - self._authorized_at > TOKEN_SECONDS:
            configuration = await self._read_configuration()
            self._authorization = configuration.api_key.get("BearerToken", "")
            self._authorized_at = monotonic()
        if self._authorization:
            request.headers["Authorization"] = self._authorization
        return await handler(request)

    async def _read_configuration(self) -> Configuration:
        configuration = Configuration()
        try:
            if self._kubeconfig is None and not os.environ.get("KUBECONFIG") and in_a_pod():
                kubeconfig_reader.load_incluster_config(configuration)
            else:
                await kubeconfig_reader.load_kube_config(self._kubeconfig, self._context, configuration, persist_config=False)
        except (ConfigException, OSError, ValueError, TypeError, yaml.YAMLError) as error:
            raise Refused(f"the kubeconfig cannot be used: {error}; set KUBECONFIG to a file that names a cluster") from error
        return configuration


def reader_of(request: Request) -> Callable[[bytes], dict[str, Any]]:
    """What makes Python objects of the answer."""
    if request.accept == METADATA_LIST:
        return partial_list
    return unread_list if request.leaves_unread else orjson.loads


def in_a_pod() -> bool:
    """Whether a ServiceAccount's token is mounted here."""
    return Path("/var/run/secrets/kubernetes.io/serviceaccount/token").exists()


def unanswered(server: str, error: Exception) -> Unavailable:
    """A server that took too long has too much to do; one that was not reached says nothing of that."""
    return Unavailable(
        f"the API server at {server} does not answer ({type(error).__name__})", TIMEOUT if isinstance(error, TimeoutError) else ""
    )


def failure(status: int, body: bytes, retry_after: str | None) -> ClusterError:
    """The ClusterError for an answer of 400 or more; `body` is a Kubernetes Status, or whatever a proxy in between says."""
    try:
        said = orjson.loads(body)
        message, reason = str(said.get("message", "")), str(said.get("reason", ""))
    except (orjson.JSONDecodeError, AttributeError):
        message, reason = body[:200].decode(errors="replace"), ""
    seconds = float(retry_after) if retry_after and retry_after.isdigit() else None
    return error_for(status, reason, message or f"the API server answered {status}", seconds)


async def wait_for_server(connection: Connection, seconds: float) -> None:
    """Waits until the server answers. Raises the last ClusterError after so many seconds."""
    deadline = monotonic() + seconds
    while True:
        try:
            await connection.call(Request("GET", "/version"))
        except Unavailable:
            if monotonic() > deadline:
                raise
            await asyncio.sleep(0.2)
        else:
            return
