"""The first page of the desk, until it has a queue."""

from dataclasses import dataclass

from aiohttp import web

from bot.desk.shell import Shell


@dataclass(frozen=True)
class Home:
    shell: Shell

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/desk", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        return self.shell.page(request, "desk/home.html", here="queue")
