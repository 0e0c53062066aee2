"""How well the guard tells good lines from bad ones: each rule's precision and recall on labelled lines."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from conversations.guard.checking import RULES, check
from conversations.guard.known import Known
from tests.conversations.guard.chat import known

HERE = Path(__file__).parent
HALVES, LANGUAGES = ("tuning", "held_out"), ("zh", "en")


@dataclass(frozen=True)
class Line:
    """A text as staff write it; `labels` are the rules that must speak, none for a good one."""

    text: str
    labels: frozenset[str] = frozenset()


@dataclass
class Score:
    """Counts of one rule."""

    right: int = 0  #: spoke where it must
    wrong: int = 0  #: spoke where it must not
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


@dataclass
class Measured:
    """One half in one language: each rule's score, good lines that were held back, bad ones that passed."""

    rules: dict[str, Score] = field(default_factory=lambda: {rule: Score() for rule in RULES})
    good: int = 0
    bad: int = 0
    held_back: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)


def lines(half: str, language: str) -> Iterator[Line]:
    read = tomllib.loads((HERE / f"{half}.{language}.toml").read_text("utf-8"))
    yield from (Line(text) for text in read["good"])
    for labels, texts in read["bad"].items():
        yield from (Line(text, frozenset(labels.split("+"))) for text in texts)


def measure(half: str, language: str) -> Measured:
    """The guard on every line of a half."""
    found, chat = Measured(), known()
    for line in lines(half, language):
        _judge(line, chat, found)
    return found


def _judge(line: Line, chat: Known, found: Measured) -> None:
    spoke = {finding.rule for finding in check(line.text, chat)}
    for rule, score in found.rules.items():
        score.right += rule in spoke & line.labels
        score.wrong += rule in spoke - line.labels
        score.missed += rule in line.labels - spoke
    found.bad += bool(line.labels)
    found.good += not line.labels
    if spoke and not line.labels:
        found.held_back.append(line.text)
    if line.labels and not spoke:
        found.passed.append(line.text)
