"""`python -m tests.interleavings 10000 [--seed N]`: a line of figures, and what was broken."""

import argparse
import asyncio
import logging
import secrets
import sys
import time

from tests.interleavings import running


def main() -> int:
    """0 when every fact held."""
    given = _arguments()
    logging.disable()  # deaths are meant
    began = time.monotonic()
    outcome = asyncio.run(running.run(given.seed, given.schedules))
    figures = "  ".join(f"{name} {figure}" for name, figure in outcome.figures.items())
    _say(f"seed {given.seed}  {time.monotonic() - began:.0f} s  {figures}  broken {len(outcome.broken)}")
    for fact in outcome.broken:
        _say(f"    {fact}")
    return int(bool(outcome.broken))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.interleavings", description=__doc__)
    parser.add_argument("schedules", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
