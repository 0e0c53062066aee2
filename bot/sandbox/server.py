"""The sandbox as one web application, and as a server of its own."""

from aiohttp import web

from bot.sandbox import api, oauth, pages
from bot.sandbox.errors import as_json
from bot.sandbox.memory import MEMORY, Memory, SandboxConfig


def application(config: SandboxConfig | None = None) -> web.Application:
    """A sandbox with an empty memory."""
    app = web.Application(middlewares=[as_json], client_max_size=16 * 1024)
    app[MEMORY] = Memory(config or SandboxConfig())
    for part in (api, oauth, pages):
        app.add_routes(part.routes)
    return app


async def start(host: str, port: int, config: SandboxConfig | None = None) -> tuple[web.AppRunner, str]:
    """Serve on that port, any free one for 0; the caller cleans the runner up."""
    runner = web.AppRunner(application(config), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    bound = runner.addresses[0][1]
    return runner, f"http://{f'[{host}]' if ':' in host else host}:{bound}"
