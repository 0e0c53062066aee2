"""Reads a loan book of any size: Parquet or CSV, checked row by row, a bounded sample kept to fit on.

Arrow batches stream through, so that ten million rows need no more memory than a few batches and the sample.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from scoring.training import columns
from scoring.training.columns import Array, BookError, Column

SAMPLE = 60_000  #: rows to fit on; more move a table's points by less than their rounding
BLOCK = 65_536  #: rows at a time

Step = Callable[[], None]


@dataclass(frozen=True)
class Asked:
    """Which file, what to foretell, and what to leave alone."""

    file: Path
    target: str
    bad: str | None = None  #: the value of the target that is a default, where it is not 1 of 0 and 1
    drop: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()  #: columns of numbers that are categories
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Book:
    columns: tuple[Column, ...]
    y: Array
    rows: int  #: in the file; `y` has those of the sample
    repeated: int  #: rows of the sample that are the same as another in every column
    bad: str  #: the value of the target that counts as bad


def read(asked: Asked, step: Step = lambda: None) -> Book:
    """The columns and outcomes of a loan book.

    Raises:
        BookError: the file, a column or a row cannot be used; named in one line.
    """
    rows, table = _sampled(asked, step)
    target = _texts(table.column(asked.target))
    bad = _bad(asked, target)
    names = [name for name in table.column_names if name != asked.target]
    found = tuple(_column(name, table.column(name), asked) for name in names)
    y = columns.outcome((target == bad).astype(np.int64))
    return Book(found, y, rows, _repeated(found, y), bad)


def _batches(asked: Asked) -> Iterator[pa.RecordBatch]:
    kind = asked.file.suffix.lower()
    if kind not in (".parquet", ".csv"):
        raise BookError(f"{asked.file}: should be a .parquet or a .csv file")
    try:
        if kind == ".csv":
            # with one thread a line that is too short is named by its number
            reader = pa.csv.open_csv(asked.file, pa.csv.ReadOptions(use_threads=False))
            _check_dropped(reader.schema.names, asked)
            yield from reader
            return
        with pa.parquet.ParquetFile(asked.file) as file:
            _check_dropped(file.schema_arrow.names, asked)
            wanted = [name for name in file.schema_arrow.names if name not in asked.drop]
            yield from file.iter_batches(BLOCK, columns=wanted)
    except FileNotFoundError:
        raise BookError(f"{asked.file}: there is no such file") from None
    except UnicodeDecodeError:
        raise BookError(f"{asked.file}: should be text in UTF-8") from None
    except (OSError, pa.ArrowException) as wrong:
        said = str(wrong).splitlines()[0] if str(wrong) else type(wrong).__name__
        raise BookError(f"{asked.file}: cannot be read ({said[:200]})") from None


def _sampled(asked: Asked, step: Step) -> tuple[int, pa.Table]:
    """How many rows there are, and the rows of the sample in their order; every row is checked."""
    pool = _Pool(np.random.default_rng(asked.seed))
    for batch in _batches(asked):
        if not pool.rows:
            _check_names(batch.schema, asked)
        kept = batch.select([name for name in batch.schema.names if name not in asked.drop])
        _check_rows(kept, asked, pool.rows)
        pool.add(kept)
        step()
    if not pool.rows:
        raise BookError(f"{asked.file}: holds no rows")
    return pool.rows, pool.table()


@dataclass(eq=False)
class _Pool:
    """The rows with the smallest of random numbers: a sample of a stream of unknown length."""

    dice: np.random.Generator
    rows: int = 0
    parts: list[pa.Table] = field(default_factory=list)
    keys: Array = field(default_factory=lambda: np.empty(0))

    def add(self, batch: pa.RecordBatch) -> None:
        self.parts.append(pa.Table.from_batches([batch]))
        self.keys = np.append(self.keys, self.dice.random(batch.num_rows))
        self.rows += batch.num_rows
        if len(self.keys) > 3 * SAMPLE:
            self.parts = [self.table()]

    def table(self) -> pa.Table:
        whole = pa.concat_tables(self.parts)
        if len(self.keys) > SAMPLE:
            keep = np.sort(np.argpartition(self.keys, SAMPLE)[:SAMPLE])
            whole, self.keys = whole.take(pa.array(keep)), self.keys[keep]
        return whole


def _check_dropped(names: Sequence[str], asked: Asked) -> None:
    for name in asked.drop:
        if name not in names:
            raise BookError(
                f"column {name}: to be dropped, is not there; the file has {', '.join(names)[:300]}"
            )


def _check_names(schema: pa.Schema, asked: Asked) -> None:
    names = schema.names
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BookError(f"column {twice[0]}: stands in the file twice")
    for name in (asked.target, *asked.categories):
        if name not in names or name in asked.drop:
            raise BookError(f"column {name}: is not there; the file has {', '.join(names)[:300]}")
    used = [name for name in names if name != asked.target and name not in asked.drop]
    if not used:
        raise BookError(f"{asked.file}: has no column beside the target")
    columns.refuse_forbidden(used)
    for name in used:
        if pa.types.is_temporal(schema.field(name).type):
            raise BookError(f"column {name}: holds dates, which only say when; drop it, or give a duration")
        if pa.types.is_nested(schema.field(name).type):
            raise BookError(f"column {name}: should hold numbers or texts, not {schema.field(name).type}")


def _check_rows(batch: pa.RecordBatch, asked: Asked, before: int) -> None:
    """No row without an outcome, none without bounds; rows are counted from 1, without a heading."""
    for name, values in zip(batch.schema.names, batch.columns, strict=True):
        tests = {columns.UNBOUNDED: _unbounded}
        if name == asked.target:
            tests = {"is missing": pc.is_null, "is not a number": pc.is_nan}
        for says, test in tests.items():
            row = _first(test, values)
            if row is not None:
                raise BookError(f"column {name}, row {before + row + 1}: {says}")


def _unbounded(values: Any) -> Any:
    return pc.greater(pc.abs(values), columns.MOST)


def _first(test: Callable[[Any], Any], values: Any) -> int | None:
    """The first row that passes a test which only numbers with a fraction can be put to."""
    if test is not pc.is_null and not pa.types.is_floating(values.type):
        return None
    place = pc.index(test(values), True).as_py()
    return None if place < 0 else int(place)


def _texts(values: pa.ChunkedArray) -> Array:
    return np.array([columns.as_text(value) for value in values.to_pylist()], dtype=object)


def _bad(asked: Asked, target: Array) -> str:
    """Which of the two values of the target is the bad one."""
    values = sorted(set(target.tolist()))
    if len(values) != 2:
        shown = ", ".join(values[:5]) + (", ..." if len(values) > 5 else "")
        raise BookError(f"target {asked.target}: should hold two values, holds {len(values)}: {shown}")
    usual = {("0", "1"): "1", ("False", "True"): "True"}.get((values[0], values[1]))
    bad = usual if asked.bad is None else asked.bad
    if bad not in values:
        raise BookError(f"target {asked.target}: say which is the bad one with --bad: {' or '.join(values)}")
    return str(bad)


def _column(name: str, values: pa.ChunkedArray, asked: Asked) -> Column:
    if pa.types.is_null(values.type):
        raise BookError(f"column {name}: holds no value; drop it")
    numeric = pa.types.is_integer(values.type) or pa.types.is_floating(values.type)
    if numeric or pa.types.is_boolean(values.type) or pa.types.is_decimal(values.type):
        numbers = values.cast(pa.float64()).to_numpy()
        return columns.column(name, numbers, category=name in asked.categories)
    return columns.column(name, np.array(values.to_pylist(), dtype=object))


def _repeated(found: Sequence[Column], y: Array) -> int:
    rows = np.column_stack([*(np.nan_to_num(one.numbers, nan=-1e300) for one in found), y])
    return len(rows) - len(np.unique(rows, axis=0))
