"""What a copy of a database is compared by."""

from typing import NamedTuple

#: rows that only say when, and differ between any two looks
VOLATILE = frozenset({"pulses"})


class Impossible(Exception):
    """Why there is no backup, or no restoring, in one line."""


class Held(NamedTuple):
    """What a table holds: its rows, and a digest that no order of them changes."""

    rows: int
    digest: str


Contents = dict[str, Held]
