"""Fitting the reader of intents, on a handful of phrases."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import intent_fitting
from bot.cli import app
from conversations.intents import phrases
from conversations.intents.intent import CLASSES, Intent
from conversations.intents.reader import dumped

CONCEPTS = b'money = ["money"]\nsign = ["\xe9\x92\xb1"]'


def _silent(_said: str) -> None:
    """Nobody looks on."""


def few() -> bytes:
    """A few patterns for each intent, made of its name."""
    around = (
        "{any|the|a} %s {now|then|please}",
        "my %s {yes|no}",
        "{no|what} %s",
        "%s {?|!}",
        "more %s",
        "so %s",
    )
    patterns = [[one.replace("%s", name) for one in around] for name in CLASSES]
    return "\n".join(
        f"[{name}]\nphrases = {json.dumps(each)}" for name, each in zip(CLASSES, patterns, strict=True)
    ).encode()


FILES = {"concepts.toml": CONCEPTS, "phrases.zh.toml": few(), "phrases.en.toml": few()}


def test_what_is_fitted_reads_its_own_phrases() -> None:
    fitted = intent_fitting.fit(FILES, _silent)

    assert fitted.read("the rate please") is Intent.RATE
    assert fitted.read("none then") is None
    assert 0.3 <= fitted.threshold <= 0.99


def test_the_same_phrases_give_the_same_file() -> None:
    assert dumped(intent_fitting.fit(FILES, _silent)) == dumped(intent_fitting.fit(FILES, _silent))


def test_an_intent_without_phrases_cannot_be_fitted() -> None:
    with pytest.raises(KeyError):
        intent_fitting.fit({**FILES, "phrases.en.toml": b""}, _silent)


def test_the_command_writes_what_was_fitted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "files", lambda: FILES)
    out = tmp_path / "weights.npz"

    said = CliRunner().invoke(app, ["train", "--phrases", "--out", str(out)])

    assert said.exit_code == 0, said.output
    assert "wrote" in said.output
    assert out.read_bytes() == dumped(intent_fitting.fit(FILES, _silent))
