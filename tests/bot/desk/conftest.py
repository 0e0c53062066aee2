"""`office` is the product with a desk, as `serve` runs it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.desk.office import Office, office_in


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with office_in(tmp_path) as opened:
        yield opened


@pytest.fixture
async def demonstration(tmp_path: Path) -> AsyncIterator[Office]:
    """The product with a desk, as `demo` runs it."""
    async with office_in(tmp_path, demonstration=True) as opened:
        yield opened
