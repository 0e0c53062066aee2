"""What a start need not import, it does not: after a crash every merchant waits for it."""

import subprocess
import sys
from pathlib import Path

#: with who would need it; a start on SQLite with Telegram's webhook does not
NEEDLESS = (
    "aiosqlite",  # the store has threads of its own
    "alembic",  # migrates, and the schema is current
    "asyncpg",  # PostgreSQL
    "bot.sandbox",  # the demonstration
    "cn2an",  # the first Chinese numeral
    "httpx",  # nobody: Telegram is spoken to by another transport
    "jinja2",  # the first page
    "numpy",  # the first sentence that is no plain answer
    "pandas",
    "procrastinate",  # PostgreSQL
    "psycopg",  # PostgreSQL
    "pygments",
    "rich",
    "sklearn",
    "sqlalchemy.dialects.postgresql",  # PostgreSQL
    "sqlalchemy.ext.asyncio",  # PostgreSQL
    "structlog",
)
START = """
import asyncio, socket, sys

from bot import app, database, processes, settings

async def start(url):
    given = settings.read(
        _env_file=None, database_url=url, secret_key=32 * "x", public_url="https://shop.example",
        telegram_token="1:x", telegram_api_url="http://127.0.0.1:9", telegram_mode="webhook",
        telegram_webhook_secret=16 * "x", weibo_app_key="x",
    )
    assert await database.check(url) is None
    with socket.create_server(("127.0.0.1", 0)) as listening:
        async with app.assembled(given) as parts, app.serving(parts, listening):
            assert "telegram" in sys.modules
            print(*sys.modules)

asyncio.run(start(sys.argv[1]))
"""


def test_a_start_imports_nothing_that_it_can_do_without(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bangbang.db'}"
    upgrade = f"import asyncio; from bot import database; asyncio.run(database.upgrade({url!r}))"
    subprocess.run([sys.executable, "-c", upgrade], check=True)

    started = subprocess.run(
        [sys.executable, "-c", START, url], capture_output=True, text=True, check=True, timeout=60
    )

    imported = set(started.stdout.split())
    assert sorted(imported & set(NEEDLESS)) == []
