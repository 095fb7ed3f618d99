"""Tries every act as every actor, a few at a time, by server-side dry run: an administrator's connection that takes on their names."""

import asyncio
import base64
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
import yaml

from cluster.matrix.acts import Act, Body
from cluster.matrix.cast import CAST, Actor

AT_ONCE: Final = 16
DENIED: Final = (403, 422)


@dataclass(frozen=True)
class Cell:
    """What the server said to one actor about one act."""

    act: Act
    actor: Actor
    status: int
    message: str

    @property
    def is_accepted(self) -> bool:
        return self.status < 300

    @property
    def is_expected(self) -> bool:
        return self.is_accepted == (self.actor.sign in self.act.may) and (self.is_accepted or self.status in DENIED)

    @property
    def advice(self) -> str:
        """What a policy of ours says; empty when something else refuses."""
        return self.message.partition(" denied request: ")[2] if "ValidatingAdmissionPolicy 'prepaid-" in self.message else ""

    def __str__(self) -> str:
        return f"{self.act} as {self.actor.title}: {self.status} {self.message}"


class Trial:
    """One server, as an administrator's kubeconfig names it."""

    def __init__(self, kubeconfig: Path) -> None:
        told = yaml.safe_load(kubeconfig.read_text())
        cluster = told["clusters"][0]["cluster"]
        self._server = cluster["server"]
        self._token = told["users"][0]["user"]["token"]
        self._tls = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())

    async def cells(self, acts: Iterable[Act]) -> list[Cell]:
        """Everybody tries everything."""
        turns = asyncio.Semaphore(AT_ONCE)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=self._tls)) as session:
            sent = [(act, await self._body(session, act)) for act in acts]
            return await asyncio.gather(*(self._tried(session, turns, act, body, actor) for act, body in sent for actor in CAST))

    async def _body(self, session: aiohttp.ClientSession, act: Act) -> Body:
        """A PUT is of what is there, with the labels that the act names."""
        if act.method != "PUT":
            return act.body
        path, headers = act.path.removesuffix("/finalize"), {"Authorization": f"Bearer {self._token}"}
        async with session.get(self._server + path, headers=headers) as reply:
            live = await reply.json()
        return {**live, "metadata": {**live["metadata"], **act.body["metadata"]}}

    async def _tried(self, session: aiohttp.ClientSession, turns: asyncio.Semaphore, act: Act, body: Body, actor: Actor) -> Cell:
        headers: list[tuple[str, Any]] = [("Authorization", f"Bearer {self._token}"), ("Content-Type", act.content_type), *actor.headers]
        async with turns, session.request(act.method, self._server + act.url, json=body or None, headers=headers) as reply:
            said = (await reply.json()).get("message", "") if reply.status >= 400 else ""
            return Cell(act, actor, reply.status, said)
