"""The whole product on SQLite that never syncs, in a file that lies in memory.

Bodies of transactions speak SQL, so nothing simpler can stand in; what remains is SQLite's own work.
"""

import sys

from conversations.store import sqlite
from tests.benchmarks.programs import product

WITHOUT = ("synchronous", "OFF", 0)


def main() -> int:
    """Serve as the product does; the folder it is told lies in memory."""
    lost = tuple(WITHOUT if each[0] == WITHOUT[0] else each for each in sqlite.PRAGMAS)
    setattr(sqlite, "PRAGMAS", lost)  # noqa: B010  # the tuple's type spells out the durable pragmas
    return product.main()


if __name__ == "__main__":
    sys.exit(main())
