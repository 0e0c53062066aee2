"""Liveness and readiness, for whatever watches the process."""

from dataclasses import dataclass

from aiohttp import web

from conversations.store import Store


@dataclass(frozen=True)
class Health:
    store: Store

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/healthz", self.alive), web.get("/readyz", self.ready)]

    async def alive(self, _request: web.Request) -> web.Response:
        """The process answers."""
        return web.json_response({"status": "alive"})

    async def ready(self, _request: web.Request) -> web.Response:
        """The database answers too."""
        try:
            await self.store.read(lambda connection: connection.closed)
        except Exception:  # whatever the driver raises, the answer is the same
            return web.json_response({"status": "database unavailable"}, status=503)
        return web.json_response({"status": "ready"})
