"""Waiting for something that another task brings about."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def until(
    found: Callable[[], T | None], seconds: float = 10, otherwise: Callable[[], str] = lambda: "it never came"
) -> T:
    """What `found` returns, as soon as it is true."""
    end = asyncio.get_running_loop().time() + seconds
    while not (value := found()):
        assert asyncio.get_running_loop().time() < end, otherwise()
        await asyncio.sleep(0.002)
    return value
