"""Verifying the record: what was tampered with is named, and anchors tell what a chain cannot."""

from pathlib import Path

import pytest

from bot import audit
from bot.audit import BadAnchor
from conversations.store.audit import Audit, Entry, Head
from tests.conversations.toy import START, ToyClock

RECORD = Audit(b"a key of the tests", ToyClock())


def record(rows: int) -> list[Entry]:
    """A record as it would be read, without a database."""
    found: list[Entry] = []
    for n in range(rows):
        entry = Entry(n + 1, START, "ann", "viewed", None, "{}", "")
        found.append(entry._replace(mac=RECORD.mac(entry, found[-1].mac if found else "")))
    return found


def test_a_whole_record_is_whole() -> None:
    entries = record(3)
    found = audit.checked(RECORD, entries, {2: entries[1].mac})

    assert (found.broken, found.head) == (None, Head(3, entries[2].mac))
    assert found.line.startswith("3 rows, all of them whole")


def test_an_empty_record_is_whole() -> None:
    assert audit.checked(RECORD, [], {}).broken is None


def test_the_first_row_at_fault_is_named() -> None:
    entries = record(4)
    changed = [*entries[:2], entries[2]._replace(who="bob"), entries[3]]
    without = [entries[0], *entries[2:]]
    twice = [entries[0], entries[0], *entries[1:]]

    found = [audit.checked(RECORD, rows, {}).broken for rows in (changed, without, twice, entries[1:])]
    assert found == [3, 2, 2, 1]


def test_a_cut_end_is_told_by_an_anchor_only() -> None:
    entries = record(4)

    assert audit.checked(RECORD, entries[:2], {}).broken is None
    cut = audit.checked(RECORD, entries[:2], {4: entries[3].mac})
    assert (cut.broken, "the end was cut off" in cut.line) == (3, True)


def test_a_record_written_anew_with_the_key_is_told_by_an_anchor() -> None:
    found = audit.checked(RECORD, record(4), {2: "what it was before"})

    assert (found.broken, "rewritten" in found.line) == (2, True)


def test_anchors_are_kept_a_line_each_and_read_back(tmp_path: Path) -> None:
    file = tmp_path / "anchors.jsonl"
    assert audit.anchored(file) == {}
    audit.anchor(file, Head(3, "aa"), START)
    audit.anchor(file, Head(5, "bb"), START)

    assert audit.anchored(file) == {3: "aa", 5: "bb"}


@pytest.mark.parametrize("text", ["nonsense", "[]", '{"rows": 1}', '{"rows": "x", "mac": ""}'])
def test_a_file_of_somebody_elses_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "other").write_text(text)

    with pytest.raises(BadAnchor, match="other"):
        audit.anchored(tmp_path / "other")
