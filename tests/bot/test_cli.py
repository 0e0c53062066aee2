"""The command itself: what it lists, how it ends, and what it must not import to say so."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import commands

COMMANDS = ("demo", "serve", "chat", "score", "evaluate", "sandbox", "db")
HEAVY = (
    "aiohttp",
    "alembic",
    "asyncio",
    "cryptography",
    "jinja2",
    "numpy",
    "pydantic",
    "sqlalchemy",
    "sqlmodel",
    "telegram",
)
EXAMPLE = Path(__file__).parents[2] / "scoring" / "examples" / "xiaoxia.json"


def test_help_lists_every_command_whatever_the_encoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")

    shown = commands.run(tmp_path, "--help")

    assert shown.returncode == 0
    assert [name for name in COMMANDS if f" {name} " not in shown.stdout] == []
    assert "幫幫" in shown.stdout


def test_help_and_mistakes_need_no_heavy_module() -> None:
    code = f"import bot.cli, sys; print(sorted(set(sys.modules) & set({HEAVY!r})))"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert loaded.stdout == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "nonsense"),
        (["chat", "--lang", "klingon"], "zh-Hant"),
        (["demo", "--port", "99999"], "65535"),
        (["score", "nothing.json"], "nothing.json"),
        (["evaluate", "--merchants", "3"], "50"),
    ],
)
def test_wrong_usage_is_told_without_a_traceback(tmp_path: Path, arguments: list[str], words: str) -> None:
    refused = commands.run(tmp_path, *arguments)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_reader_who_leaves_early_is_no_mistake(tmp_path: Path) -> None:
    """As `bangbang score ... | head -c 1` would: more than a pipe holds is left unread."""
    many = tmp_path / "many.jsonl"
    many.write_text((EXAMPLE.read_text("utf-8").strip() + "\n") * 40, "utf-8")
    with subprocess.Popen(
        [commands.COMMAND, "score", many], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as scoring:
        assert scoring.stdout is not None
        assert scoring.stderr is not None
        scoring.stdout.read(1)
        scoring.stdout.close()

        assert scoring.stderr.read() == ""
