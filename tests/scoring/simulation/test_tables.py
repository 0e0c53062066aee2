"""A table of merchants: measured rows are exact, drawn ones say so, and no column is lost on the way."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scoring import policy
from scoring.simulation import files, tables
from scoring.simulation.merchants import Simulation

COUNT, MEASURED = 3000, 24


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    file = tmp_path_factory.mktemp("tables") / "town.parquet"
    files.write_table(Simulation(seed=2), policy.load(), COUNT, file, measured=MEASURED)
    return pq.read_table(file)


def test_every_merchant_has_one_row(table: pa.Table) -> None:
    assert table["merchant"].to_pylist() == list(range(COUNT))
    assert sum(table["measured"].to_pylist()) == MEASURED


def test_a_drawn_row_keeps_the_outcome_and_the_trade_of_whom_it_was_drawn_from(table: pa.Table) -> None:
    rows = table.select(["drawn_from", "trade", "outcome_defaulted", "outcome_fraud", "asked"]).to_pylist()
    measured = {row["drawn_from"]: row for row in rows[:MEASURED]}

    assert all(row == measured[row["drawn_from"]] for row in rows)


def test_a_drawn_figure_stays_near_and_missing_ones_stay_missing(table: pa.Table) -> None:
    rows = table.select(["drawn_from", "cushion", "personal_followers"]).to_pylist()
    for row in rows[MEASURED:]:
        source = rows[row["drawn_from"]]
        assert abs(row["cushion"] - source["cushion"]) < 0.2
        assert (row["personal_followers"] is None) == (source["personal_followers"] is None)


def test_a_row_is_the_same_however_many_are_asked_for(table: pa.Table, tmp_path: Path) -> None:
    fewer = tmp_path / "fewer.parquet"
    files.write_table(Simulation(seed=2), policy.load(), COUNT // 2, fewer, measured=MEASURED)

    assert pq.read_table(fewer).equals(table.slice(0, COUNT // 2))


def test_two_processes_write_the_same_lines_as_one(tmp_path: Path) -> None:
    written = []
    for processes in (1, 2):
        file = tmp_path / f"{processes}.jsonl"
        outcomes = files.write_lines(Simulation(seed=2), 258, file, processes=processes)
        written.append((file.read_bytes(), outcomes.read_bytes()))

    assert written[0] == written[1]


def test_the_file_says_what_it_is(table: pa.Table) -> None:
    assert b"drawn" in table.schema.metadata[b"about"]
    assert set(tables.FACTS) < set(table.column_names)
