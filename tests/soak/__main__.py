"""`python -m tests.soak --minutes 60 --chats 1000 --out FILE`: talk for so long, print the figures."""

import argparse
import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.soak import soak


def main() -> int:
    """0 when every promise was kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--chats", type=int, default=1000)
    parser.add_argument("--database", help="the URL of an empty database; a file of its own otherwise")
    parser.add_argument("--out", type=Path, help="a file for figures and samples as JSON")
    given = parser.parse_args()
    outcome = asyncio.run(soak.run(given.minutes * 60, given.chats, database_url=given.database))
    if given.out:
        given.out.write_text(json.dumps(asdict(outcome), ensure_ascii=False, indent=1))
    for name, value in outcome.figures.items():
        sys.stdout.write(f"{name:18}{value}\n")
    for promise in outcome.broken:
        sys.stdout.write(f"broken: {promise}\n")
    return int(bool(outcome.broken))


if __name__ == "__main__":
    sys.exit(main())
