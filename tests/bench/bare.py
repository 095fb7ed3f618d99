"""The bare asynchronous client: one session, so many requests in flight, nothing else. What it takes is the floor."""

import asyncio
import base64
import ssl
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

import aiohttp
import orjson
import uvloop
import yaml

from cluster.apiserver import AS_THE_OPERATOR, MERGE, Body, Refusal

JSON = "application/json"


class Bare:
    """Asks in the operator's name."""

    def __init__(self, kubeconfig: Path) -> None:
        told = yaml.safe_load(kubeconfig.read_text())
        cluster = told["clusters"][0]["cluster"]
        self._trust = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
        self._server = cluster["server"]
        self._headers = {"Authorization": f"Bearer {told['users'][0]['user']['token']}", **AS_THE_OPERATOR}

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(ssl=self._trust, limit=0)
        self._session = aiohttp.ClientSession(connector=connector, headers=self._headers, trust_env=False)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._session.close()

    async def call(self, method: str, path: str, body: Body | None = None) -> Body:
        """One exchange; the answer. Raises Refusal for every status of 400 or more."""
        content_type = MERGE if method == "PATCH" else JSON
        data = orjson.dumps(body) if body is not None else None
        async with self._session.request(method, self._server + path, data=data, headers={"Content-Type": content_type}) as reply:
            answer: Body = orjson.loads(await reply.read())
        if reply.status >= 400:
            raise Refusal(reply.status, str(answer.get("message", "")))
        return answer


Work = Callable[[Bare], Awaitable[None]]


def seconds_of(works: Iterable[Work], kubeconfig: Path, width: int) -> float:
    """Does them all, so many at a time; how long that took."""
    return uvloop.run(flow(works, kubeconfig, width))


async def flow(works: Iterable[Work], kubeconfig: Path, width: int) -> float:
    waiting = iter(works)
    async with Bare(kubeconfig) as bare:

        async def work_off() -> None:
            for work in waiting:
                await work(bare)

        begin = perf_counter()
        await asyncio.gather(*(work_off() for _ in range(width)))
        return perf_counter() - begin
