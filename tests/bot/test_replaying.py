"""Replay: what was decided in one process comes out the same, bit for bit, in any other."""

import asyncio
import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from bot import replaying
from bot.replaying import Found, Replay
from conversations import requests
from conversations.store import Store, records
from conversations.store.records import Context
from conversations.tables import DECISIONS, SESSIONS
from scoring import archive, policy, registry
from scoring.decide import Inputs, decide
from scoring.forms import packaged
from tests.commands import COMMAND, run, surroundings
from tests.scoring import builders

NOW = datetime(2020, 4, 15, 12, tzinfo=UTC)
SESSION = "0123456789abcdef0123456789abcdef"


def case(**changes: Any) -> Inputs:
    return Inputs(
        builders.answers(**changes),
        builders.example()["brand"],
        builders.example()["personal"],
        builders.DAY,
        {"edits": 1, "seconds": 400},
    )


CASES = (
    case(),
    case(debt_balance=8_000_000, debt_payment=600_000),
    case(purpose=["stock"]),
    case(capacity=4),
)


def keep(connection: Connection, *inputs: Inputs) -> None:
    """Decide with what is packaged and keep it as a turn does."""
    model, rules = registry.model(), policy.load()
    context = Context(SESSION, "zh-Hans", NOW, str)
    for each in inputs:
        made = decide(each, model=model, policy=rules)
        records.keep(requests.KeepDecision(made, each.to_json()), connection, context)


def begin(connection: Connection) -> None:
    row = {
        "id": SESSION,
        "state": "{}",
        "stage": "offered",
        "language": "zh-Hans",
        "holder": "bot",
        "epoch": 0,
    }
    moments = {"created": NOW, "updated": NOW}
    connection.execute(insert(SESSIONS), {**row, **moments, "version": 1, "counter": 0, "person": None})


@pytest.fixture
async def decided(store: Store) -> Store:
    await store.write(begin)
    await store.write(lambda connection: keep(connection, *CASES))
    return store


async def replayed(store: Store, models: Path | None = None, **own: Any) -> Found:
    loaded = own.get("policy") or policy.load()
    model = own.get("model") or registry.model()
    kept = archive.read(models) if models else archive.EMPTY
    return await Replay(model, loaded, kept).run(store)


async def change(store: Store, decision: dict[str, Any] | None = None, **inputs: Any) -> None:
    """Alter the first kept decision, as nobody should."""

    def body(connection: Connection) -> None:
        row = connection.execute(select(DECISIONS).order_by(DECISIONS.c.id).limit(1)).one()
        values = {"inputs": {**row.inputs, **inputs}, "decision": {**row.decision, **(decision or {})}}
        connection.execute(update(DECISIONS).where(DECISIONS.c.id == row.id).values(**values))

    await store.write(body)


async def test_every_kept_decision_comes_out_the_same(decided: Store) -> None:
    found = await replayed(decided)

    assert (found.same, found.differs, found.withdrawn, dict(found.missing)) == (len(CASES), None, 0, {})
    assert found.lines() == ["4 replayed, the same to the bit"]


async def test_the_first_decision_that_differs_is_named_with_the_place(decided: Store) -> None:
    limit = decide(CASES[0], model=registry.model(), policy=policy.load()).limit
    await change(decided, {"limit": 1})
    found = await replayed(decided)

    assert found.same == 0
    assert found.differs is not None
    assert found.differs.startswith("decision 1 (")
    assert f"at $.limit: stored 1, now {limit}" in found.differs


@pytest.mark.parametrize(
    ("decision", "path"),
    [
        ({"pd": 1}, "$.pd: stored 1, now "),
        ({"offers": []}, "$.offers: stored [], now "),
        ({"reasons": None}, "$.reasons: stored None, now "),
        ({"extra": True}, "$.extra: stored True, now nothing"),
    ],
)
async def test_any_kind_of_difference_is_found(decided: Store, decision: dict[str, Any], path: str) -> None:
    await change(decided, decision)

    assert path in str((await replayed(decided)).differs)


async def test_inputs_that_cannot_be_read_any_more_differ(decided: Store) -> None:
    await change(decided, application={"rent": "much"})

    assert "$: cannot be decided again: ApplicationError: rent" in str((await replayed(decided)).differs)


async def test_a_withdrawn_account_is_counted_and_not_called_a_difference(decided: Store) -> None:
    withdraw = requests.WithdrawConsent("brand")
    await decided.write(lambda c: records.keep(withdraw, c, Context(SESSION, "zh-Hans", NOW, str)))
    found = await replayed(decided)

    assert (found.same, found.withdrawn, found.differs) == (0, len(CASES), None)
    assert any("consent was withdrawn" in line for line in found.lines())


def older_model(folder: Path) -> Path:
    """Another points table: the packaged one with its base moved."""
    table = json.loads(packaged("scorecard.json"))
    file = folder / "older.json"
    file.write_text(json.dumps({**table, "base": table["base"] + 5, "version": "0"}))
    return file


def older_policy(folder: Path) -> Path:
    rules = json.loads(packaged("policy.json"))
    file = folder / "rules.json"
    file.write_text(json.dumps({**rules, "version": "2019.1"}))
    return file


async def test_another_model_is_told_apart_and_replayed_from_the_archive(
    decided: Store, tmp_path: Path
) -> None:
    file = older_model(tmp_path)
    model = registry.model(file)
    (tmp_path / "notes.json").write_text("[]")
    made = decide(case(), model=model, policy=policy.load())
    context = Context(SESSION, "zh-Hans", NOW, str)
    kept = requests.KeepDecision(made, case().to_json())
    await decided.write(lambda c: records.keep(kept, c, context))

    without = await replayed(decided)
    assert (without.same, dict(without.missing), without.differs) == (4, {f"model {model.name}": 1}, None)
    assert any(model.name in line and "--models" in line for line in without.lines())
    found = await replayed(decided, tmp_path)
    assert (found.same, found.archived, found.differs, dict(found.missing)) == (5, 1, None, {})


async def test_another_policy_is_told_apart_and_replayed_from_the_archive(
    decided: Store, tmp_path: Path
) -> None:
    newer = policy.load(policy=older_policy(tmp_path))
    without = await replayed(decided, policy=newer)
    assert (without.same, sum(without.missing.values())) == (0, 4)
    (tmp_path / "first.json").write_bytes(packaged("policy.json"))

    found = await replayed(decided, tmp_path, policy=newer)
    assert (found.same, found.archived, found.differs) == (4, 4, None)


async def test_another_release_is_counted_and_must_decide_alike(decided: Store) -> None:
    made = decide(CASES[0], model=registry.model(), policy=policy.load())
    await change(decided, {"made_with": {**made.made_with, "code": "0.0.1@000000000000"}})
    found = await replayed(decided)

    assert (found.same, found.other_code, found.differs) == (4, 1, None)
    assert "1 of them made by another release of the code" in found.lines()


async def test_progress_is_told_to_whoever_listens(decided: Store) -> None:
    told: list[str] = []
    await Replay(registry.model(), policy.load(), archive.EMPTY).run(decided, told.append)

    assert told == ["\r4 of 4", "\n"]
    assert replaying.progress() is None  # no terminal here


@pytest.mark.parametrize("zone", ["America/St_Johns", "Asia/Shanghai"])
async def test_another_process_zone_language_and_hash_seed_decide_alike(
    decided: Store, url: str, zone: str, tmp_path: Path
) -> None:
    await decided.write(marked)
    ended = await asyncio.to_thread(elsewhere, tmp_path, url, zone)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "4 replayed, the same to the bit\n"


def elsewhere(folder: Path, url: str, zone: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "replay", "--database", url],
        cwd=folder,
        env={**surroundings({}), "TZ": zone, "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "4711"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def marked(connection: Connection) -> None:
    """Say that the schema is this release's, as a migration does."""
    from bot.database import revisions

    head = revisions()[0]
    connection.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"
    )
    connection.exec_driver_sql("DELETE FROM alembic_version")
    connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{head}')")


async def test_a_difference_ends_the_command_with_one(decided: Store, url: str, tmp_path: Path) -> None:
    await decided.write(marked)
    await change(decided, {"score": 1})
    ended = run(tmp_path, "replay", "--database", url)

    assert ended.returncode == 1
    assert "DIFFERENT: decision 1 (" in ended.stdout
    assert "$.score: stored 1, now " in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--database", "mysql://x"), "BANGBANG_DATABASE_URL: should be sqlite"),
        (("--database", "sqlite+aiosqlite:///nowhere.db"), "there is no database at nowhere.db"),
    ],
)
def test_what_cannot_be_read_ends_the_command_with_two(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    ended = run(tmp_path, "replay", *arguments)

    assert ended.returncode == 2
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(("name", "content"), [("broken.json", "{"), (None, "")])
def test_an_archive_that_cannot_be_read_is_named(tmp_path: Path, name: str | None, content: str) -> None:
    folder = tmp_path / "models"
    if name:
        folder.mkdir()
        (folder / name).write_text(content)
    with pytest.raises(policy.PolicyError, match=name or "models"):
        archive.read(folder)
