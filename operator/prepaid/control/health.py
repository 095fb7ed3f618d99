"""What a kubelet asks: /healthz, whether the process lives, and /readyz, whether it works, or stands by for the one that does."""

import asyncio

from aiohttp import web


class Health:
    """A small HTTP server; `ready` is set from outside."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._runner: web.AppRunner | None = None
        self.ready = asyncio.Event()

    async def start(self) -> None:
        """Listens; port 0 means nowhere. Raises OSError when the port is taken."""
        if not self._port:
            return
        app = web.Application()
        app.add_routes([web.get("/healthz", self._healthz), web.get("/readyz", self._readyz)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, port=self._port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _healthz(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _readyz(self, _: web.Request) -> web.Response:
        return web.Response(text="ok") if self.ready.is_set() else web.Response(status=503, text="starting")
