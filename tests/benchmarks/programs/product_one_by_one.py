"""The whole product with a commit for every turn: groups of one, in turns as in the store."""

import sys

from conversations import gathering
from conversations.store import sqlite
from tests.benchmarks.programs import product


def main() -> int:
    """Serve as the product does otherwise."""
    for module in (gathering, sqlite):
        setattr(module, "GROUP", 1)  # noqa: B010  # a module's constant, typed as final by its use
    return product.main()


if __name__ == "__main__":
    sys.exit(main())
