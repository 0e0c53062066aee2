"""`bangbang chat` as a program sees it: a process that reads lines and writes one JSON object a line."""

import signal
import sys
from pathlib import Path

import pytest

from tests import commands
from tests.commands import CORE, SUBMIT, objects, typed

FIELDS = {"id", "kind", "step", "key", "text", "choices", "data", "from", "at"}


def test_a_chat_over_the_core_questions_ends_with_a_decision(tmp_path: Path) -> None:
    lines = [line for line, _ in CORE]

    given = typed(*lines[:3], "{nonsense", '{"tap": 1}', *lines[3:], SUBMIT)
    ended = commands.run(tmp_path, "chat", "--json", "--data", "mine", given=given)

    said = objects(ended.stdout)
    assert ended.returncode == 0
    waited = [line["step"] for line in said if line.get("kind") == "waiting"]
    assert waited == ["consent", *(step for _, step in CORE), "offer"]
    wrong = [line for line in said if "error" in line]
    assert [(set(line), line["line"]) for line in wrong] == [({"error", "line"}, n) for n in (4, 5)]
    messages = [line for line in said if "id" in line]
    assert [message["key"] for message in messages[:2]] == ["hello", "ask.consent"]
    assert all(set(message) == FIELDS and message["from"] == "bot" for message in messages)
    assert [message["id"] for message in messages] == sorted({message["id"] for message in messages})
    [decision] = [message["data"] for message in messages if message["kind"] == "decision"]
    assert (decision["outcome"], decision["limit"]) == ("approved", decision["offers"][0]["principal"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_chat_answers_line_by_line_and_ctrl_c_ends_it_at_once(tmp_path: Path) -> None:
    with commands.started(tmp_path, "chat", "--json", "--lang", "zh-Hant", "--data", "mine") as running:
        assert running.group()[-1]["step"] == "consent"
        assert running.answer(CORE[0][0])[-1]["step"] == "role"
        assert running.answer({"text": "老闆"})[-1]["step"] == "trade"

        running.process.send_signal(signal.SIGINT)

        assert running.process.wait(commands.PATIENCE) == 0
