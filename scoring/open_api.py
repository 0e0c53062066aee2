"""Values as Weibo's Open API and its mobile pages write them. Total: whatever is there, nothing raises."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from scoring.calendar import CHINA

MOST = 10**11  #: counts beyond the number of people are cut here
LONGEST_TEXT = 2_000  #: characters of a text that are kept; Weibo's own comments end at 140
EARLIEST = int(datetime(2009, 1, 1, tzinfo=UTC).timestamp())  #: Weibo opened in August 2009
LATEST = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())
DAY_SECONDS = 86_400

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")  #: as Weibo writes dates
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NUMBERS = {name: number for number, name in enumerate(MONTHS, 1)}
_WIDE = str.maketrans("０１２３４５６７８９．，＋", "0123456789.,+")
_UNITS = {"": 1, "k": 10**3, "w": 10**4, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_COUNT = re.compile(r"\s*(\d{1,20}|\d{1,3}(?:,\d{3}){1,6})(\.\d{1,6})?\s*([kw万萬亿億]?)\+?\s*", re.ASCII)
_DATE = re.compile(r"([A-Z][a-z]{2}) (\d\d) ([+-])([01]\d)([0-5]\d) (\d{4})", re.ASCII)
_CLOCK = re.compile(r" ([01]\d|2[0-3]):([0-5]\d):([0-5]\d)", re.ASCII)


def count(raw: object) -> int | None:
    """How many, also written as text; None for what is no count: a negative one, a truth value, words.

    >>> [count(raw) for raw in (5, "12,345", "1.2万", "３亿", "10w+", 10**30, -3, True, "many", None)]
    [5, 12345, 12000, 300000000, 100000, 100000000000, None, None, None, None]
    """
    if type(raw) is int:
        return min(MOST, raw) if raw >= 0 else None
    if type(raw) is str:
        return _written_count(raw)
    if type(raw) is float and raw >= 0:
        return int(min(MOST, raw))
    return None


def _written_count(raw: str) -> int | None:
    found = _COUNT.fullmatch(raw[:40].lower().translate(_WIDE))
    if found is None:
        return None
    whole, part, unit = found.groups()
    scale = _UNITS[unit]
    rest = int(part[1:]) * scale // 10 ** (len(part) - 1) if part else 0
    return min(MOST, int(whole.replace(",", "")) * scale + rest)


def column(items: Iterable[Mapping[str, Any]], name: str) -> tuple[int | None, ...]:
    """The counts of that name, one of each item."""
    return tuple(
        value if type(value) is int and 0 <= value <= MOST else count(value)
        for value in [item.get(name) for item in items]
    )


def signed(raw: object) -> int | None:
    """A small whole number that may be negative, as `verified_type` is."""
    if type(raw) is str and raw[:1] == "-":
        below = count(raw[1:])
        return None if below is None else -below
    return max(-MOST, raw) if type(raw) is int and raw < 0 else count(raw)


def text(raw: object) -> str:
    """What was written, cut to `LONGEST_TEXT`; halves of characters and NULs are replaced."""
    if type(raw) is not str:
        return ""
    kept = raw[:LONGEST_TEXT].replace("\0", " ") if len(raw) > LONGEST_TEXT or "\0" in raw else raw
    try:
        kept.encode()
    except UnicodeEncodeError:
        return kept.encode("utf-8", "replace").decode()
    return kept


def identity(item: Mapping[str, Any]) -> str:
    """The id of an account, a post or a comment, as text; empty where there is none."""
    raw = item.get("idstr") or item.get("id")
    if type(raw) is str:
        return raw if raw.isascii() and len(raw) <= 40 else text(raw[:40])
    if type(raw) is int:
        return str(raw) if raw and abs(raw) < 10**40 else ""
    return "" if raw is None or raw is item.get("id") else identity({"id": item.get("id")})


def gone(item: Mapping[str, Any]) -> bool:
    """Whether a post or a comment was deleted."""
    return "deleted" in item and item["deleted"] not in _KEPT


_KEPT = (None, False, "0", "", "false", "False", "None")


def moment(raw: object) -> int | None:
    """Seconds since 1970 of "Tue May 31 17:46:55 +0800 2011" or of an ISO time; None for others.

    A time without a zone is China's; one before Weibo was there, or past this century, is none at all.
    Written out because `strptime` depends on the process's locale.

    >>> moment("Tue May 31 17:46:55 +0800 2011"), moment("2011-05-31T09:46:55Z"), moment("yesterday")
    (1306835215, 1306835215, None)
    """
    if type(raw) is not str or len(raw) > 40:
        return None
    try:
        at = _midnight(raw[4:10] + raw[19:]) + _clock(raw[10:19]) if raw[:1].isalpha() else _iso(raw)
    except (KeyError, OverflowError, ValueError):
        return None
    return at if EARLIEST <= at <= LATEST else None


def china_day(at: int) -> date:
    """The calendar date in China of a moment."""
    return datetime.fromtimestamp(at, CHINA).date()


def _parts(pattern: re.Pattern[str], raw: str) -> tuple[str, ...]:
    found = pattern.fullmatch(raw)
    if found is None:
        raise ValueError(raw)
    return found.groups()


# The same days and times of day come again and again in a snapshot.
@lru_cache(maxsize=8_192)
def _midnight(written: str) -> int:
    """When a day began in its zone, from "May 31 +0800 2011"."""
    month, day, sign, hours, minutes, year = _parts(_DATE, written)
    ahead = (int(hours) * 3600 + int(minutes) * 60) * (-1 if sign == "-" else 1)
    return int(datetime(int(year), _MONTH_NUMBERS[month], int(day), tzinfo=UTC).timestamp()) - ahead


@lru_cache(maxsize=8_192)
def _clock(written: str) -> int:
    hours, minutes, seconds = _parts(_CLOCK, written)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def _iso(raw: str) -> int:
    at = datetime.fromisoformat(raw)
    return int((at if at.tzinfo else at.replace(tzinfo=CHINA)).timestamp())
