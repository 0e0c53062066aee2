"""The phrases that the reader of intents is fitted on: patterns, and the phrases that each stands for."""

import hashlib
import itertools
import random
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from math import prod

from conversations.amounts import plain
from conversations.intents.intent import CLASSES

LANGUAGES = ("zh", "en")
MOST = 8  #: phrases that one pattern gives, however many it stands for
_BRACES = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True)
class Phrase:
    """One phrase in the form it is compared in; those of one pattern share what they count for."""

    text: str
    intent: str
    language: str
    pattern: int  #: the number of its pattern
    weight: float


def files() -> Mapping[str, bytes]:
    """What the fit depends on, by file name."""
    folder = resources.files("conversations.intents")
    names = ("concepts.toml", *(f"phrases.{language}.toml" for language in LANGUAGES))
    return {name: folder.joinpath(name).read_bytes() for name in names}


def digest(given: Mapping[str, bytes]) -> str:
    """Says which phrases a fit was made of."""
    parts = b"\0".join(name.encode() + b"\0" + raw for name, raw in sorted(given.items()))
    return hashlib.sha256(parts).hexdigest()


def phrases(given: Mapping[str, bytes]) -> list[Phrase]:
    """Every phrase of every pattern, in the same order each time."""
    return list(_phrases(given))


def _phrases(given: Mapping[str, bytes]) -> Iterator[Phrase]:
    number = itertools.count()
    for language in LANGUAGES:
        told = tomllib.loads(given[f"phrases.{language}.toml"].decode())
        for intent in CLASSES:
            for pattern in told[intent]["phrases"]:
                texts = sorted({plain(text) for text in alternatives(pattern)} - {""})
                place, weight = next(number), len(texts) ** -0.5
                for text in texts:
                    yield Phrase(text, str(intent), language, place, weight)


def alternatives(pattern: str) -> list[str]:
    """Phrases of a pattern: all of them, or as many as are taken, with each alternative where it can be.

    >>> alternatives("{can|could} i skip{ this|}")
    ['can i skip this', 'can i skip', 'could i skip this', 'could i skip']
    """
    parts = [part.split("|") if place % 2 else [part] for place, part in enumerate(_BRACES.split(pattern))]
    if prod(map(len, parts)) <= MOST:
        return ["".join(chosen) for chosen in itertools.product(*parts)]
    dice = random.Random(pattern)  # noqa: S311 -- repeatable on purpose
    columns = [_shuffled(part, dice) for part in parts]
    return ["".join(column[row] for column in columns) for row in range(MOST)]


def _shuffled(part: list[str], dice: random.Random) -> list[str]:
    repeated = (part * (MOST // len(part) + 1))[: max(MOST, len(part))]
    dice.shuffle(repeated)
    return repeated
