"""The whole product, by its own command `serve`, on SQLite or on the database that the variant names."""

import asyncio
import os
import sys
from contextlib import nullcontext

from bot import database, processes
from tests.benchmarks import profiling
from tests.benchmarks.programs.told import SECRET, TOKEN, Told, told


def main() -> int:
    """Serve until SIGTERM; the line that `serve` prints says where."""
    given = told()
    os.environ.update(surroundings(given))
    asyncio.run(database.upgrade(os.environ["BANGBANG_DATABASE_URL"]))
    with profiling.into(given.profile) if given.profile else nullcontext():
        return asyncio.run(processes.serve(*processes.opened()))


def surroundings(given: Told) -> dict[str, str]:
    """An operator's settings for webhook mode; Weibo is an address at which nobody listens."""
    return {
        "BANGBANG_DATABASE_URL": given.variant or f"sqlite+aiosqlite:///{given.folder / 'bangbang.db'}",
        "BANGBANG_SECRET_KEY": "only for benchmarks, but long enough to pass for one",
        "BANGBANG_PUBLIC_URL": "http://127.0.0.1:8080",
        "BANGBANG_HOST": "127.0.0.1",
        "BANGBANG_PORT": "0",
        "BANGBANG_TELEGRAM_TOKEN": TOKEN,
        "BANGBANG_TELEGRAM_API_URL": given.api,
        "BANGBANG_TELEGRAM_MODE": "webhook",
        "BANGBANG_TELEGRAM_WEBHOOK_SECRET": SECRET,
        "BANGBANG_WEIBO_API_URL": "http://127.0.0.1:9",
        "BANGBANG_WEIBO_APP_KEY": "1",
        "BANGBANG_LOG_LEVEL": "WARNING",
    }


if __name__ == "__main__":
    sys.exit(main())
