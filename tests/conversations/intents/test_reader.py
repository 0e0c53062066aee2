"""The packaged reader of intents: honest figures on phrases never fitted on, and files it refuses."""

import io
from dataclasses import replace

import numpy as np
import pytest

from conversations.amounts import plain
from conversations.intents import phrases, reader
from conversations.intents.intent import CLASSES, NONE, Intent
from conversations.intents.reader import UnreadableWeights, dumped, parsed
from tests.conversations.intents.measured import LANGUAGES, held_out, measure, with_rules

READER = reader.load()
RIGHT = {"zh-Hans": 0.90, "zh-Hant": 0.90, "en": 0.82}  #: a few points below what was measured
RIGHT_ON_NEW = {"zh-Hans": 0.87, "zh-Hant": 0.87, "en": 0.78}
EVERY = pytest.mark.parametrize("language", LANGUAGES)


@EVERY
def test_phrases_never_fitted_on_are_understood(language: str) -> None:
    found = measure(READER.read, language)

    assert found.right >= RIGHT[language]
    assert found.wrong <= 0.03
    assert found.taken <= 0.05


@EVERY
def test_so_are_phrases_that_no_pattern_could_give(language: str) -> None:
    found = measure(READER.read, language, new=True)

    assert found.right >= RIGHT_ON_NEW[language]
    assert found.wrong <= 0.04
    assert found.taken <= 0.06


@EVERY
def test_the_rules_before_the_reader_take_little_away(language: str) -> None:
    assert measure(with_rules, language).right >= measure(READER.read, language).right - 0.03


@pytest.mark.parametrize("intent", Intent)
def test_no_intent_is_read_badly(intent: Intent) -> None:
    for language in ("zh-Hans", "en"):
        assert measure(READER.read, language).recall(intent) >= 0.6


def test_nothing_measured_was_fitted_on() -> None:
    fitted = {phrase.text for phrase in phrases.phrases(phrases.files())}
    measured = {plain(text) for told in held_out().values() for texts in told.values() for text in texts}

    assert fitted & measured == set()


def test_the_weights_are_those_of_the_phrases_kept_here() -> None:
    assert READER.digest == phrases.digest(phrases.files()), "run: bangbang train --phrases"


def test_enough_phrases_are_measured() -> None:
    for intent, told in held_out().items():
        assert {language: len(texts) >= 25 for language, texts in told.items() if language != "zh-Hant"} == {
            "zh-Hans": True,
            "en": True,
        }, intent
    assert sum(len(texts) for texts in held_out()[NONE].values()) >= 150


@pytest.mark.parametrize("text", ["", " ", "\u200b", "ψψψ", "\ud800", "9" * 4096, "💥" * 50])
def test_what_is_no_language_has_no_intent(text: str) -> None:
    assert READER.read(text) is None


@pytest.mark.parametrize("text", ["利息怎么算", "what is it", "", "35000"])
def test_shares_add_up_to_one(text: str) -> None:
    assert sum(READER.shares(text).values()) == pytest.approx(1)
    assert list(READER.shares(text)) == list(CLASSES)


def test_below_its_threshold_the_reader_is_not_sure() -> None:
    assert READER.read("can i talk to someone") is Intent.HUMAN
    assert replace(READER, threshold=1.0).read("can i talk to someone") is None


def test_a_file_gives_back_the_reader_it_was_made_of() -> None:
    again = parsed(dumped(READER), READER.concepts)

    assert dumped(again) == dumped(READER)
    assert again.shares("还要多久") == READER.shares("还要多久")


def _something_else() -> bytes:
    out = io.BytesIO()
    np.savez(out, head=np.array([1]))
    return out.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PK\x03\x04",
        _something_else(),
        dumped(replace(READER, weights=READER.weights[1:])),
        dumped(replace(READER, lengths=READER.lengths[1:])),
    ],
    ids=("empty", "torn", "of something else", "a row missing", "a length missing"),
)
def test_a_file_of_something_else_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableWeights):
        parsed(raw, READER.concepts)


def test_weights_of_other_intents_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = dumped(READER)
    monkeypatch.setattr(reader, "CLASSES", CLASSES[1:])
    with pytest.raises(UnreadableWeights, match="bangbang train --phrases"):
        parsed(raw, READER.concepts)
