"""Reads what others write about a shop: is it a consumer's remark at all, and is it pleased or displeased?

A first reader by word lists with negation; a trained one can take its place behind `Lexicon.tone`.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoring.reading.tone import Tone

_NAMES = re.compile(r"@[\w\-·]+")
_FURNITURE = re.compile(r"@[\w\-·]+|#[^#]*#|https?://\S+|[\s!-/:-?\\^-`{-~　、。，！？：；…～·—“”‘’（）]+")
_CLAUSE_ENDS = "，。！？；,.!?;\n"
_LONGEST = 500  #: characters of a text that are read; Weibo's own comments end at 140
_BACK, _BACK_LATIN = 8, 30  #: characters before a word in which its negation can stand
_PASSING = 4  #: a text that names somebody and says no more than this many characters calls a friend


@dataclass(frozen=True)
class Lexicon:
    """Words with what they weigh, ready for reading."""

    words: Mapping[str, tuple[tuple[str, int], ...]]  #: by first character, longest first; 0 says nothing
    first: re.Pattern[str]  #: any character that a word begins with or a clause ends with
    signs: Mapping[str, int]  #: emoji and their weight, heard only where there are no words
    sign: re.Pattern[str]
    turns: frozenset[str]
    negated: re.Pattern[str]
    letters: Mapping[int, str]  #: traditional to simplified
    small_talk: frozenset[str]
    lottery: tuple[str, ...]

    def read(self, texts: Sequence[str]) -> list[Tone | None]:
        """What each text says of the shop; None where it is no remark."""
        return [self.tone(text) if self.is_remark(text) else None for text in texts]

    def is_remark(self, text: str) -> bool:
        """Whether a text says anything: no bare names, reposts, lotteries or greetings.

        >>> from scoring.forms import packaged
        >>> known = lexicon(packaged("feedback_words.toml"))
        >>> [known.is_remark(text) for text in ("转发微博", "@小北 快看", "[赞]", "中午去的")]
        [False, False, True, True]
        """
        plain = self._plain(text)
        said = _FURNITURE.sub("", plain)
        if not said or said in self.small_talk or any(mark in plain for mark in self.lottery):
            return False
        calling = len(said) <= _PASSING and _NAMES.search(plain)
        return not (calling and not any(self._weights(said)))

    def tone(self, text: str) -> Tone:
        """What a remark says of the shop.

        >>> from scoring.forms import packaged
        >>> known = lexicon(packaged("feedback_words.toml"))
        >>> [known.tone(text).value for text in ("不好吃", "不错", "没有失望", "周三去的[赞]", "[赞]")]
        ['negative', 'positive', 'positive', 'neutral', 'positive']
        """
        plain = _NAMES.sub(" ", self._plain(text))
        words = self.sign.sub(" ", plain)
        if _FURNITURE.sub("", words):
            balance = sum(self._weights(words))
        else:
            balance = sum(self.signs.get(sign, 0) for sign in self.sign.findall(plain))
        if balance == 0:
            return Tone.NEUTRAL
        return Tone.POSITIVE if balance > 0 else Tone.NEGATIVE

    def _plain(self, text: str) -> str:
        return text[:_LONGEST].lower().translate(self.letters)

    def _weights(self, text: str) -> Iterator[int]:
        """The weight of each word found, turned round where negated, doubled after a "but"."""
        factor, start, done = 1, 0, 0
        for found in self.first.finditer(text):
            place = found.start()
            if place < done:
                continue
            word, weight = self._word_at(text, place)
            if not word:
                start = place + 1 if text[place] in _CLAUSE_ENDS else start
                continue
            if word in self.turns:
                factor = 2
            elif weight:
                yield -factor * weight if self._negated(text, start, place) else factor * weight
            start = done = place + len(word)

    def _negated(self, text: str, start: int, place: int) -> bool:
        """Whether a negation stands shortly before a place; how shortly depends on the script."""
        back = _BACK_LATIN if text[place].isascii() else _BACK
        return self.negated.search(text, max(start, place - back), place) is not None

    def _word_at(self, text: str, place: int) -> tuple[str, int]:
        for word, weight in self.words.get(text[place], ()):
            if text.startswith(word, place) and not self._inside(text, place, word):
                return word, weight
        return "", 0

    @staticmethod
    def _inside(text: str, place: int, word: str) -> bool:
        """An English word counts only where it stands alone; a word asked about (好吃吗) not at all."""
        before, after = text[place - 1 : place], text[place + len(word) : place + len(word) + 1]
        if word.isascii() and word.isalpha():
            return _is_latin(before) or _is_latin(after)
        return after == "吗"


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


def lexicon(raw: bytes) -> Lexicon:
    """Read the word lists from TOML bytes."""
    lists = tomllib.loads(raw.decode())
    weights = [(word, 1) for word in lists["positive"]] + [(word, -1) for word in lists["negative"]]
    weights += [(word, 0) for word in (*lists["turns"], *lists["idioms"])]
    signs = {sign: 1 for sign in lists["positive_signs"]} | {sign: -1 for sign in lists["negative_signs"]}
    words = _by_first_letter(weights)
    return Lexicon(
        first=re.compile("[" + re.escape("".join(words) + _CLAUSE_ENDS) + "]"),
        signs=signs,
        sign=re.compile("|".join(map(re.escape, signs)) + r"|\[[^\[\]]{1,8}\]"),
        words=words,
        turns=frozenset(lists["turns"]),
        negated=_negation(lists["negations"], lists["reach"]),
        letters={ord(old): new for old, new in zip(lists["traditional"], lists["simplified"], strict=True)},
        small_talk=frozenset((*lists["small_talk"], *lists["repost_marks"])),
        lottery=tuple(lists["lottery"]),
    )


def _by_first_letter(weights: Iterable[tuple[str, int]]) -> Mapping[str, tuple[tuple[str, int], ...]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for word, weight in sorted(weights, key=lambda entry: -len(entry[0])):
        found.setdefault(word[0], []).append((word, weight))
    return {letter: tuple(words) for letter, words in found.items()}


def _negation(negations: Iterable[str], reach: int) -> re.Pattern[str]:
    """Matches a negation at the end of a stretch, with a few characters or two English words after it."""
    longest_first = sorted(negations, key=lambda word: (-len(word), word))
    chinese = "|".join(word for word in longest_first if not word.isascii())
    english = "|".join(word for word in longest_first if word.isascii())
    return re.compile(
        rf"(?:(?:{chinese})[^\s{_CLAUSE_ENDS}]{{0,{reach}}}|\b(?:{english})(?:\s+\w+){{0,2}}\s+)$"
    )


def canonical(raw: bytes) -> bytes:
    """The word lists as JSON bytes, for fingerprints that do not depend on comments or layout."""
    lists: dict[str, Any] = tomllib.loads(raw.decode())
    return json.dumps(lists, sort_keys=True).encode()
