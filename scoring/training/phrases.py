"""Short remarks of our own, put together from lists, that teach the reader what reviews seldom show alone."""

import random
import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

from scoring.training.text_sets import COMPLAINT, NEITHER, PRAISE, Labelled

OF_EACH = 60  #: at most so many remarks of one pattern

_BLANK = re.compile(r"\{(\w+)\}")
_LISTS = {"pleasing": "pleasing", "displeasing": "displeasing", "regret": "regrets", "thing": "things"}
_LISTS |= {"time": "times", "people": "people", "place": "places"}


def own_phrases() -> Labelled:
    """Every pattern with words drawn from its lists, the same ones each time."""
    lists = tomllib.loads(resources.files("scoring.training").joinpath("phrases.toml").read_text("utf-8"))
    dice = random.Random(0)  # noqa: S311 -- repeatable on purpose
    kinds = (("praise", PRAISE), ("complaint", COMPLAINT), ("neither", NEITHER))
    return Labelled((text, tone) for kind, tone in kinds for text in _phrases(lists, kind, dice))


def _phrases(lists: dict[str, Any], kind: str, dice: random.Random) -> Iterator[str]:
    for pattern in lists[kind]:
        for _ in range(OF_EACH):
            yield _BLANK.sub(lambda blank: dice.choice(lists[_LISTS[blank.group(1)]]), pattern)
