"""A shop's year as people tell it: 7、8、10月最旺，1、2月最淡，淡季大概七成."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from conversations.amounts import plain, quantities

_PEAK = r"旺|最忙|忙|最好|高峰|\b(?:peak|busy|busiest|best|high)\b"
_LOW = r"淡|最闲|闲|最差|冷清|低谷|\b(?:low|slow|slowest|quiet|weak|weakest|worst|off)\b"
_NUMBER = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(rf"\b({'|'.join(_NAMES)})[a-z]*\b")
_RANGE = rf"(?P<first>{_NUMBER})\s*月?\s*(?:-|~|到|至|to)\s*(?P<last>{_NUMBER})(?:\s*月)?"
_TOKEN = re.compile(
    rf"(?P<peak>{_PEAK})|(?P<low>{_LOW})|(?<![0-9.]){_RANGE}(?![0-9.成%])"
    rf"|(?<![0-9.])(?P<month>{_NUMBER})\s*月?(?![0-9.成%])"
)
_SHARE = re.compile(
    r"(?P<tenths>半|[0-9](?:\.[0-9])?|[一二两三四五六七八九])\s*成(?P<half>半)?|(?P<percent>[0-9.]+)\s*%"
)
_AROUND_SHARE = re.compile(
    r"(?:淡季|low season)?\s*(?:大约|大概|差不多|约|about)?\s*(?:是|为|有|只有|到|is)?\s*(?:旺季)?\s*的?\s*$"
)


@dataclass(frozen=True)
class Year:
    """What was told of it; empty or None where nothing was."""

    peak: tuple[int, ...] = ()
    low: tuple[int, ...] = ()
    share: Decimal | None = None  #: of a best month's sales that a weak one brings


def read(text: str) -> Year:
    """The best and the weakest months, and the share between them.

    >>> read("7、8、10月最旺，1、2月最淡，淡季大概七成")
    Year(peak=(7, 8, 10), low=(1, 2), share=Decimal('0.7'))
    >>> read("busy July and August, slow 11-2").low
    (1, 2, 11, 12)
    """
    said = _NAMED.sub(lambda match: f" {_NAMES.index(match[1]) + 1} ", plain(text))
    told = share(said)
    if told is not None:
        said = _without_share(said)
    months: dict[str, set[int]] = {"peak": set(), "low": set()}
    for season, numbers in _runs(said):
        months[season].update(numbers)
    return Year(tuple(sorted(months["peak"])), tuple(sorted(months["low"])), told)


def share(text: str) -> Decimal | None:
    """A share in tenths or per cent: 七成, 六成半, 65%.

    >>> [str(share(each)) for each in ("七成", "六成半", "半成", "65%", "12月")]
    ['0.7', '0.65', '0.05', '0.65', 'None']
    """
    found = _SHARE.search(plain(text))
    if found is None:
        return None
    if found["percent"]:
        return Decimal(found["percent"].strip(".") or 0) / 100
    tenths = Decimal("0.5") if found["tenths"] == "半" else quantities(found["tenths"])[0].value
    return (tenths + (Decimal("0.5") if found["half"] else 0)) / 10


def _without_share(said: str) -> str:
    """The text without its share, and without the season named only to say what the share is of."""
    found = _SHARE.search(said)
    assert found is not None  # noqa: S101 -- the only caller has found one
    return _AROUND_SHARE.sub("", said[: found.start()]) + said[found.end() :]


def _runs(said: str) -> Iterator[tuple[str, set[int]]]:
    """Months with the season they are said of: the one named before them, or after them where all are so."""
    tokens = list(_TOKEN.finditer(said))
    seasons = [token.lastgroup for token in tokens if token.lastgroup in ("peak", "low")]
    if not seasons:
        return
    follows = bool(tokens) and tokens[0].lastgroup not in ("peak", "low")
    ordered = reversed(tokens) if follows else tokens
    season = "peak"
    for token in ordered:
        if token["peak"] or token["low"]:
            season = "peak" if token["peak"] else "low"
        else:
            yield season, _numbers(token)


def _numbers(token: re.Match[str]) -> set[int]:
    if token["month"]:
        return {_month(token["month"])}
    first, last = _month(token["first"]), _month(token["last"])
    return {(first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1)}


def _month(text: str) -> int:
    return int(text) if text.isascii() else int(quantities(text)[0].value)
