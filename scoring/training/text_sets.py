"""The sets of labelled Chinese texts a reader is fitted and measured on, read from a folder."""

import csv
import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

COMPLAINT, NEITHER, PRAISE = 0.0, 0.5, 1.0

#: What the moods of SMP2020 count as; surprise goes either way and is left out.
MOODS = {"happy": PRAISE, "angry": COMPLAINT, "sad": COMPLAINT, "fear": COMPLAINT, "neutral": NEITHER}

_SIGNS = re.compile(r"[\W_]+")
_HEAD = 20  #: first characters by which a text is known again in another set

_Found = TypeVar("_Found")


class UnusableTexts(ValueError):
    """A set of texts that cannot be used: says the file and what is wrong in it."""


class Labelled:
    """Texts with how pleased each is, from 0 to 1; every text stands in it once."""

    def __init__(self, pairs: Iterable[tuple[str, float]]) -> None:
        first: dict[str, float] = {}
        for text, praise in pairs:
            first.setdefault(text, praise)
        self.texts = list(first)
        self.praise: NDArray[np.float64] = np.array(list(first.values()), dtype=np.float64)

    def __len__(self) -> int:
        return len(self.texts)

    def __iter__(self) -> Iterator[tuple[str, float]]:
        return iter(zip(self.texts, self.praise.tolist(), strict=True))

    def __add__(self, other: "Labelled") -> "Labelled":
        return Labelled(chain(self, other))

    def pick(self, chosen: Iterable[int]) -> "Labelled":
        return Labelled((self.texts[place], float(self.praise[place])) for place in chosen)

    @property
    def decided(self) -> "Labelled":
        """Without the texts that say neither."""
        return Labelled(pair for pair in self if pair[1] != NEITHER)

    def unlike(self, others: "Labelled") -> "Labelled":
        """Without texts that stand in other sets too, or begin as a text there does, signs aside."""
        known = {_bare(text)[:length] for text in others.texts for length in (None, _HEAD)}
        return Labelled(
            (text, praise)
            for text, praise in self
            if _bare(text) not in known and _bare(text)[:_HEAD] not in known
        )

    def without(self, others: "Labelled") -> "Labelled":
        """Without the very texts of other sets."""
        known = set(others.texts)
        return Labelled(pair for pair in self if pair[0] not in known)


def _bare(text: str) -> str:
    return _SIGNS.sub("", text)


def take_away(folder: Path) -> Labelled:
    """waimai_10k: reviews of meals brought to the door."""
    return _table(folder / "text" / "waimai_10k.csv", "review")


def shopping(folder: Path) -> Labelled:
    """online_shopping_10_cats: reviews of ten groups of goods."""
    return _table(folder / "text" / "online_shopping_10_cats.csv.gz", "review")


def hotels_and_books(folder: Path) -> Labelled:
    """ChnSentiCorp's training texts."""
    return _table(folder / "text" / "chnsenticorp_train.csv.gz", "text")


def unseen_hotels_and_books(folder: Path) -> list[tuple[str, float]]:
    """ChnSentiCorp's test texts that do not stand in its training file; 21 of them twice, as published."""
    return list(_rows(folder / "text" / "chnsenticorp_unseen_test.csv", "text"))


def posts(folder: Path, *names: str) -> Labelled:
    """SMP2020: Weibo posts of parts like "usual_test_labeled", read as praise, complaint or neither."""
    files = (folder / "text" / f"smp2020_{name}.txt" for name in names)
    return Labelled(chain.from_iterable(_posts(path) for path in files))


def _table(path: Path, column: str) -> Labelled:
    return Labelled(_rows(path, column))


def _rows(path: Path, column: str) -> Iterator[tuple[str, float]]:
    for number, row in enumerate(_read(path, lambda: _lines(path)), 2):
        label, text = row.get("label"), row.get(column)
        if label not in ("0", "1") or text is None:
            raise UnusableTexts(f"{path}: row {number}: should hold {column} and a label of 0 or 1")
        if text:
            yield text, float(label)


def _lines(path: Path) -> list[dict[str, str | None]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as table:
        return list(csv.DictReader(table))


def _posts(path: Path) -> Iterator[tuple[str, float]]:
    found = _read(path, lambda: json.loads(path.read_text("utf-8")))
    if not isinstance(found, list):
        raise UnusableTexts(f"{path}: should hold a list of posts")
    for number, post in enumerate(found, 1):
        yield from _mood(path, number, post)


def _mood(path: Path, number: int, post: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    try:
        text, mood = str(post["content"]), str(post["label"])
    except (KeyError, TypeError):
        raise UnusableTexts(f"{path}: post {number}: should hold content and label") from None
    if mood in MOODS and text:
        yield text, MOODS[mood]


def _read(path: Path, read: Callable[[], _Found]) -> _Found:
    try:
        return read()
    except (OSError, EOFError, ValueError, csv.Error) as wrong:
        raise UnusableTexts(f"{path}: cannot be read ({wrong})") from None
