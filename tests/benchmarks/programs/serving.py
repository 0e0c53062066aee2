"""Serves an aiohttp application on a free port until SIGTERM, as the bare programs and aiogram do."""

import asyncio
import signal

from aiohttp import web

from tests.benchmarks.programs.told import listening, say_ready


async def serve(application: web.Application) -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    socket = listening()
    await web.SockSite(runner, socket).start()
    say_ready(socket.getsockname()[1])
    await stopped.wait()
    await runner.cleanup()
