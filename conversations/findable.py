"""What a conversation can be found by: its words in one plain form, and the short pieces they are made of.

Chinese is cut into pairs of characters, letters and digits into threes; whoever looks for a part of a text
looks for its pieces, and then for the whole part among the conversations that have them all. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import opencc

LONGEST = 20_000  #: characters kept of one conversation; the newest count
PIECES = 12  #: of what is looked for: more would not narrow it down

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUNS = re.compile(rf"([{_HAN}]+)|([^\W_{_HAN}]+)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-()·]+(?=\d)")
_SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """The text as it is looked for: one width, small letters, simplified, digits together.

    >>> plain("３個月　房租 138-0013 8000")
    '3个月 房租 13800138000'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    together = _BETWEEN_DIGITS.sub("", folded)
    return str(_simplifier().convert(_SPACE.sub(" ", together))).strip()


def pieces(text: str) -> frozenset[str]:
    """The pieces of a plain text; a part of a text has no piece that the text has not.

    >>> sorted(pieces("房租3500元")), sorted(pieces("no"))
    (['350', '500', '房租'], [])
    """
    return frozenset(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    for han, other in _RUNS.findall(text):
        run, width = (han, 2) if han else (other, 3)
        yield from (run[start : start + width] for start in range(len(run) - width + 1))


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
