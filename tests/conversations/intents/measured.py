"""How well intents are read from phrases never fitted on.

    uv run python -m tests.conversations.intents.measured

The phrases of heldout.toml were written before there was a classifier, and nothing is chosen by them. One
author wrote these and those of the fit, so that strangers will be read less well; the second table leaves
out what a pattern of the fit could have given. "With rules" puts the vocabulary first, as a chat does.
"""

import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conversations import vocabulary
from conversations.amounts import plain
from conversations.intents import phrases, reader
from conversations.intents.intent import CLASSES, NONE

HELD_OUT = Path(__file__).with_name("heldout.toml")
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
Reads = Callable[[str], str | None]


@dataclass(frozen=True)
class Measured:
    """Of one language: phrases by what they are and what they were taken for."""

    took: Mapping[tuple[str, str], int]  #: (intent, taken for) -> how many; "none" for not sure

    def of(self, intent: str) -> int:
        return sum(count for (told, _), count in self.took.items() if told == intent)

    @property
    def phrases(self) -> int:
        """How many have an intent."""
        return sum(self.of(intent) for intent in CLASSES if intent != NONE)

    def recall(self, intent: str) -> float:
        """The share of an intent's phrases that are taken for it."""
        return self.took.get((intent, intent), 0) / max(1, self.of(intent))

    @property
    def right(self) -> float:
        """The share of phrases with an intent that are taken for it."""
        return sum(self.took.get((intent, intent), 0) for intent in CLASSES if intent != NONE) / self.phrases

    @property
    def wrong(self) -> float:
        """The share of phrases with an intent that are taken for another one; the rest are "not sure"."""
        return (
            sum(n for (told, took), n in self.took.items() if NONE not in (told, took) and told != took)
            / self.phrases
        )

    @property
    def taken(self) -> float:
        """The share of phrases without an intent that are taken for one."""
        return 1 - self.recall(NONE)


def held_out() -> Mapping[str, Mapping[str, list[str]]]:
    """Phrases by intent and language."""
    return tomllib.loads(HELD_OUT.read_text("utf-8"))


@cache
def _patterns() -> re.Pattern[str]:
    """Every phrase that a pattern could give, whether or not it was drawn."""
    told = (
        tomllib.loads(raw.decode()) for name, raw in phrases.files().items() if name.startswith("phrases")
    )
    every = [pattern for intents in told for one in intents.values() for pattern in one["phrases"]]
    return re.compile("|".join(f"(?:{_regular(pattern)})" for pattern in every))


def _regular(pattern: str) -> str:
    parts = re.split(r"\{([^}]*)\}", pattern)
    each = (
        f"(?:{'|'.join(map(_plainly, part.split('|')))})" if n % 2 else _plainly(part)
        for n, part in enumerate(parts)
    )
    return r"\s*".join(("", *each, ""))


def _plainly(text: str) -> str:
    return r"\s*".join(map(re.escape, plain(text).split()))


def foreseen(phrase: str) -> bool:
    """Whether a pattern could give this phrase: then only the drawing kept it out of the fit."""
    return _patterns().fullmatch(plain(phrase)) is not None


def measure(reads: Reads, language: str, new: bool = False) -> Measured:
    """All phrases of a language, or only those that no pattern could give."""
    took: dict[tuple[str, str], int] = {}
    for intent, told in held_out().items():
        for phrase in told[language]:
            if new and foreseen(phrase):
                continue
            pair = (intent, reads(phrase) or NONE)
            took[pair] = took.get(pair, 0) + 1
    return Measured(took)


def report(reads: Reads, new: bool = False) -> Iterator[str]:
    """A table for people."""
    found = {language: measure(reads, language, new) for language in LANGUAGES}
    yield f"{'phrases':14}" + "".join(f"{one.phrases:>4} +{one.of(NONE):>3}" for one in found.values())
    yield f"{'':14}" + "".join(f"{language:>9}" for language in LANGUAGES)
    for name in ("right", "wrong", "taken"):
        yield f"{name:14}" + "".join(f"{getattr(one, name):9.3f}" for one in found.values())
    for intent in CLASSES:
        yield f"  {intent:12}" + "".join(f"{one.recall(intent):9.2f}" for one in found.values())


_COMMANDS = {
    "/human": "human",
    "/edit": "correct",
    "/restart": "restart",
    "/status": "status",
    "/details": "more",
    "/start": "small_talk",
    "/language": "language",
    "/back": "back",
    "/cancel": "cancel",
    "/bye": "small_talk",
}


def with_rules(text: str) -> str | None:
    """As a chat reads it: the vocabulary's words first."""
    words = vocabulary.load()
    if command := words.command(text):
        return _COMMANDS.get(command.split()[0], command)
    term = "glossary" if words.term(text) else None
    return term or words.intent(text) or words.question(text) or _signal(text) or reader.load().read(text)


def _signal(text: str) -> str | None:
    signal = vocabulary.load().signal(text)
    return signal if signal in ("skip", "unknown") else None


def main() -> None:
    alone = reader.load().read
    parts = (
        ("The reader alone", report(alone)),
        ("The reader alone, on phrases that no pattern could give", report(alone, new=True)),
        ("With rules", report(with_rules)),
    )
    for title, lines in parts:
        sys.stdout.write("".join(f"{line}\n" for line in (title, *lines, "")))


if __name__ == "__main__":
    main()
