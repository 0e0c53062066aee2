"""Every trial at full size, with a table and JSON; a seed replays what one run did."""

import argparse
import asyncio
import json
import secrets
import sys
import time
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path

from tests import postgres
from tests.faults import (
    absences,
    crashes,
    deliveries,
    disks,
    durability,
    kills,
    outages,
    poison,
    sources,
    storms,
)
from tests.faults.machine import machine
from tests.faults.outcome import Outcome
from tests.faults.weibo import Lie

Trial = Callable[[int], Coroutine[None, None, Outcome]]


def trials(given: argparse.Namespace) -> dict[str, Trial]:
    """What can be tried here, by name; the rest is left out with the reason."""
    few, some = min(given.chats, 50), min(given.chats, 500)
    killed = partial(kills.run, kept=True, judged=True)
    tenth, think, chats = max(1, given.kills // 10), given.think, given.chats
    found: dict[str, Trial] = {
        "kills": partial(killed, kills=given.kills, chats=chats, think=think),
        "kills-webhook": partial(
            killed, kills=max(1, given.kills // 2), chats=chats, mode="webhook", think=think
        ),
        "kills-rush": partial(kills.run, kills=max(1, given.kills // 4), chats=chats),
        "crashes": partial(crashes.run, hits=given.hits),
        "again": partial(deliveries.run, chats=some, mode="webhook"),
        "again-polling": partial(deliveries.run, chats=some, mode="polling"),
        "storms": partial(storms.run, chats=some),
        "flooded": partial(storms.flooded, chats=min(chats, 200)),
        "blocked": partial(storms.blocked, chats=some),
        "absence": partial(absences.run, chats=some),
        "poison": partial(poison.run, chats=few),
        "clock": partial(sources.jumping, chats=few),
        **{f"weibo-{lie}": partial(sources.lying, chats=few, lie=lie) for lie in Lie if lie != Lie.NONE},
    }
    if disks.mountable():
        found["disk-full"] = partial(disks.full, chats=few)
        found["disk-read-only"] = partial(disks.read_only, chats=few)
    if durability.available():
        found["durability"] = durability.run
    if postgres.available():
        found["postgres"] = partial(outages.stopped, chats=some, stops=tenth, think=think)
        found["postgres-start"] = partial(outages.starting, chats=min(chats, 100), starts=tenth // 2 or 1)
        found["two"] = partial(outages.two, chats=some, kills=tenth)
        found["two-polling"] = partial(outages.two, chats=some, kills=tenth, mode="polling")
    return found


def main() -> int:
    """0 when every fact held."""
    given = _arguments()
    chosen = trials(given)
    names = given.only.split(",") if given.only else list(chosen)
    _say(f"seed {given.seed}; the same again: python -m tests.faults --seed {given.seed} --only NAME")
    _say("  ".join(f"{key} {value}" for key, value in machine().items()))
    results = {name: _tried(name, chosen[name], given.seed) for name in names}
    if given.json:
        told = {"seed": given.seed, "machine": machine(), "trials": results}
        given.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return int(any(result["broken"] for result in results.values()))


def _tried(name: str, trial: Trial, seed: int) -> dict[str, object]:
    begun = time.monotonic()
    sys.stderr.write(f"{name} ...\n")
    try:
        outcome = asyncio.run(trial(seed))
    except Exception as error:  # one trial that cannot go on is a result, and the others are still wanted
        outcome = Outcome(name, {}, [f"{type(error).__name__}: {error}"])
    seconds = time.monotonic() - begun
    figures = "  ".join(f"{key} {value}" for key, value in outcome.figures.items())
    _say(f"{'broken' if outcome.broken else 'held':7}{name:15}{seconds:7.1f} s  {figures}")
    for fact in outcome.broken:
        _say(f"        {fact}")
    return {"seconds": round(seconds, 1), "figures": dict(outcome.figures), "broken": outcome.broken}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    parser.add_argument("--only", help="names of trials, with commas between them")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--chats", type=int, default=1000)
    parser.add_argument("--think", type=float, default=30.0, help="mean pause of a merchant, in seconds")
    parser.add_argument("--hits", type=int, default=5, help="passes of each named place to die at")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
