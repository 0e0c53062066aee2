"""The product's own Weibo sandbox in the test's process: accounts can be connected, and it is not killed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.sandbox import server
from bot.sandbox.memory import SandboxConfig

CALLS = 100_000  #: a day about one account: what is tried here is not the limit


@asynccontextmanager
async def sandbox() -> AsyncIterator[dict[str, str]]:
    """The settings with which a process talks to it."""
    config = SandboxConfig(daily_calls=CALLS)
    runner, url = await server.start("127.0.0.1", 0, config)
    try:
        yield {
            "weibo_api_url": url,
            "weibo_app_key": config.app_key,
            "weibo_app_secret": config.app_secret,
        }
    finally:
        await runner.cleanup()
