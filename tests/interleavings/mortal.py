"""A process in which the product runs and that may die: what it wrote stays, what it was doing is gone."""

from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import make_url

from conversations.store.bell import Bell
from conversations.store.database import Store
from conversations.store.presence import Alone
from conversations.store.sqlite import Body, Sqlite

T = TypeVar("T")


class Died(OSError):
    """The process that was asked is dead; whoever asked must ask the next one."""


class Mortal(Sqlite):
    """A database whose process dies at a commit: just `before` it or just `after`."""

    def __init__(self, file: Path) -> None:
        super().__init__(make_url(f"sqlite+aiosqlite:///{file}"))
        self.dies: str | None = None
        self.dead = False

    async def read(self, body: Body[T]) -> T:
        self.must_live()
        return await super().read(body)

    async def write(self, body: Body[T]) -> T:
        self.must_live()
        if self.dies == "before":
            self.die()
        written = await super().write(body)
        if self.dies == "after":
            self.die()
        self.must_live()
        return written

    def die(self) -> None:
        """
        Raises:
            Died: always.
        """
        self.dead = True
        raise Died

    def must_live(self) -> None:
        """
        Raises:
            Died: it does not.
        """
        if self.dead:
            raise Died


def store(database: Mortal, file: Path) -> Store:
    """As `Store.open` makes it."""
    return Store(database, Alone(file), Bell(), shared=False)
