"""Patterns of phrases, and what they stand for."""

import tomllib

import pytest

from conversations.intents import phrases
from conversations.intents.intent import CLASSES
from conversations.intents.phrases import MOST, alternatives

TOLD = {
    name: tomllib.loads(raw.decode()) for name, raw in phrases.files().items() if name.startswith("phrases")
}


@pytest.mark.parametrize("file", TOLD)
def test_every_intent_has_many_phrasings_in_every_file(file: str) -> None:
    assert set(TOLD[file]) == set(CLASSES)
    assert all(len(told["phrases"]) >= 10 for told in TOLD[file].values())


@pytest.mark.parametrize("file", TOLD)
def test_every_pattern_is_written_once_and_whole(file: str) -> None:
    every = [pattern for told in TOLD[file].values() for pattern in told["phrases"]]

    assert len(every) == len(set(every))
    assert [pattern for pattern in every if pattern.count("{") != pattern.count("}") or not pattern] == []


def test_a_pattern_with_few_phrases_gives_all_of_them() -> None:
    assert alternatives("a{b|c}{|d}") == ["ab", "abd", "ac", "acd"]
    assert alternatives("plain") == ["plain"]


def test_one_with_many_gives_a_few_the_same_each_time() -> None:
    many = "{a|b|c|d}{e|f|g|h}{i|j|k|l}"

    assert alternatives(many) == alternatives(many)
    assert len(alternatives(many)) == MOST
    assert {sign for text in alternatives(many) for sign in text} == set("abcdefghijkl")


def test_phrases_of_one_pattern_share_what_they_count_for() -> None:
    known = phrases.phrases(phrases.files())
    first = [phrase for phrase in known if phrase.pattern == 0]

    assert {phrase.weight for phrase in first} == {len(first) ** -0.5}
    assert [phrase.pattern for phrase in known] == sorted(phrase.pattern for phrase in known)


def test_another_phrase_gives_another_digest() -> None:
    given = phrases.files()

    assert phrases.digest(given) == phrases.digest(dict(reversed(list(given.items()))))
    assert phrases.digest(given) != phrases.digest({**given, "concepts.toml": b""})
