"""Runs a python-telegram-bot application by the pieces of its `run_webhook`, and says when it listens."""

import asyncio
import signal
from typing import Any

from telegram.ext import Application

from tests.benchmarks.programs.told import PATH, SECRET, listening, say_ready


async def serve(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Until SIGTERM."""
    with listening() as free:
        port = int(free.getsockname()[1])  # its server takes a number, not a socket
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with application:
        assert application.updater is not None
        await application.updater.start_webhook(
            "127.0.0.1", port, PATH.lstrip("/"), secret_token=SECRET, webhook_url=f"https://127.0.0.1{PATH}"
        )
        await application.start()
        say_ready(port)
        await stopped.wait()
        await application.updater.stop()
        await application.stop()
