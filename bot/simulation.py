"""`bangbang simulate`: invented merchants in a file, with progress on a terminal."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bot import settings
from scoring import policy
from scoring.simulation import files
from scoring.simulation.merchants import Simulation

LINES, TABLE = ".jsonl", ".parquet"


def simulate(  # noqa: PLR0913, PLR0917 -- each an option of the command
    merchants: int, out: Path, seed: int, as_of: date | None, measured: int | None, processes: int
) -> None:
    """Write the file that its name asks for.

    Raises:
        OSError: the file cannot be written.
        ValueError: the name asks for neither, or a settings or policy file is wrong.
    """
    if out.suffix not in (LINES, TABLE):
        raise ValueError(f"--out: should end in {LINES} (merchants) or {TABLE} (a table), not {out.name!r}")
    simulation, shown = Simulation(seed, as_of), _progress(merchants)
    if out.suffix == LINES:
        files.write_lines(simulation, merchants, out, processes=processes, progress=shown)
        return
    given = settings.read()
    rules = policy.load(given.products_file, given.policy_file)
    files.write_table(
        simulation, rules, merchants, out, measured=measured, processes=processes, progress=shown
    )


def _progress(merchants: int) -> Callable[[int], None]:
    """Tells how far it is, on a terminal only."""
    if not sys.stderr.isatty():
        return lambda _: None
    done = 0

    def show(more: int) -> None:
        nonlocal done
        done += more
        end = "\n" if done >= merchants else ""
        sys.stderr.write(f"\r{done:,} of {merchants:,} merchants{end}")
        sys.stderr.flush()

    return show
