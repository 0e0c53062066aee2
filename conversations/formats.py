"""Stored sessions of earlier releases, brought to the present format one step at a time.

The number is raised only when what is stored, read as it is, would mean something else than it did. Fields
that are missing take their usual values, and fields that are not known are left out, without a new number.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Stored: TypeAlias = Mapping[str, Any]

FORMAT = 2


def current(stored: Stored) -> Stored:
    """A stored session in the present format.

    One that a later release has written is read for what this release knows of it, and gets its number back
    when the later one next reads it.
    """
    for number in range(stored.get("format", 1), FORMAT):
        stored = _STEPS[number](stored)
    return {**stored, "format": FORMAT}


def _silences_of_before(stored: Stored) -> Stored:
    """Before there were reminders nobody waited for one: whoever was silent then is let be."""
    return {**stored, "reminded": stored.get("seen")}


_STEPS: Mapping[int, Callable[[Stored], Stored]] = {1: _silences_of_before}
