"""Writes invented merchants a block at a time: JSON lines with raw accounts, or a table of features."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from scoring.policy import Policy
from scoring.simulation import tables
from scoring.simulation.measuring import MeasuredMerchant, measure
from scoring.simulation.merchants import BLOCK, Json, Simulation

OUTCOMES = ".outcomes.jsonl"
POOL = 20_000  #: merchants measured where far more rows are asked for
MOST_MEASURED = 100_000

T = TypeVar("T")
Progress = Callable[[int], None]  #: told how many merchants more are done


def write_lines(
    simulation: Simulation,
    count: int,
    file: Path,
    *,
    processes: int = 1,
    progress: Progress = lambda _: None,
) -> Path:
    """What `bangbang score` reads, and beside it the outcomes in the same order; returns the second file."""
    outcomes = file.with_name(file.name.removesuffix(".jsonl") + OUTCOMES)
    with (
        file.open("w", encoding="utf-8") as lines,
        outcomes.open("w", encoding="utf-8") as ends,
        _each(partial(_lines, simulation), count, processes) as blocks,
    ):
        for asked, told in blocks:
            lines.write("".join(f"{line}\n" for line in asked))
            ends.write("".join(f"{line}\n" for line in told))
            progress(len(asked))
    return outcomes


def _lines(simulation: Simulation, span: tuple[int, int]) -> tuple[list[str], list[str]]:
    merchants = list(simulation.merchants(*span))
    return [one.line() for one in merchants], [one.outcome_line() for one in merchants]


def write_table(  # noqa: PLR0913 -- each an own question of the command
    simulation: Simulation,
    policy: Policy,
    count: int,
    file: Path,
    *,
    measured: int | None = None,
    processes: int = 1,
    progress: Progress = lambda _: None,
) -> int:
    """A Parquet file of features, amounts and outcomes; returns how many rows were measured.

    Without `measured` all are, up to 100,000; beyond that 20,000 are, and the other rows are drawn from them.
    """
    real = min(count, measured or (count if count <= MOST_MEASURED else POOL))
    with _each(partial(_measured, simulation, policy), real, processes) as blocks:
        first = next(blocks)
        features = tables.feature_names(first)
        with pq.ParquetWriter(file, tables.schema(features), compression="zstd") as writer:
            pool = _write_measured(chain([first], blocks), features, writer, progress, keep=real < count)
            drawn = tables.Pool(pool, simulation.seed).rows(count - real, real) if pool else ()
            for rows in drawn:
                writer.write_table(rows)
                progress(rows.num_rows)
    return real


def _measured(simulation: Simulation, policy: Policy, span: tuple[int, int]) -> list[MeasuredMerchant]:
    return [_without_accounts(measure(one, policy)) for one in simulation.merchants(*span)]


def _without_accounts(one: MeasuredMerchant) -> MeasuredMerchant:
    """Raw accounts are large and were read: only that they are there is kept."""
    merchant = one.merchant
    bare: list[Json | None] = [raw and {"user": {}} for raw in (merchant.brand, merchant.personal)]
    return replace(one, merchant=replace(merchant, brand=bare[0], personal=bare[1]))


def _write_measured(
    blocks: Iterator[list[MeasuredMerchant]],
    features: Sequence[str],
    writer: pq.ParquetWriter,
    progress: Progress,
    *,
    keep: bool,
) -> pa.Table | None:
    """Write what was measured and, where more is to be drawn from it, keep it."""
    kept = []
    for block in blocks:
        rows = tables.table(block, features)
        writer.write_table(rows)
        progress(rows.num_rows)
        kept += [rows] if keep else []
    return pa.concat_tables(kept).combine_chunks() if kept else None


@contextmanager
def _each(work: Callable[[tuple[int, int]], T], count: int, processes: int) -> Iterator[Iterator[T]]:
    """The work on each block of merchants, in order, with few in hand at a time."""
    spans = ((min(BLOCK, count - first), first) for first in range(0, count, BLOCK))
    if processes == 1:
        yield map(work, spans)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield _in_order(pool, work, spans, 2 * processes)


def _in_order(
    pool: ProcessPoolExecutor,
    work: Callable[[tuple[int, int]], T],
    spans: Iterator[tuple[int, int]],
    ahead: int,
) -> Iterator[T]:
    waiting = [pool.submit(work, span) for span in islice(spans, ahead)]
    while waiting:
        yield waiting.pop(0).result()
        waiting += [pool.submit(work, span) for span in islice(spans, 1)]
