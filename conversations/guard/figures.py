"""Figures of the loan that no offer of this chat holds: amounts, rates, numbers of instalments, dates."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from conversations import amounts
from conversations.guard.finding import Finding, Severity
from conversations.guard.folding import Folded
from conversations.guard.known import Known
from conversations.guard.patterns import group, pattern, places, table
from conversations.guard.sayings import denied
from scoring.money import to_fen

_AMOUNTS = ("principal", "instalment", "total", "fee")
_COUNTS = ("term", "free", "wholly_free", "paying")
_GROUP = {**dict.fromkeys(_AMOUNTS, "money"), "rate": "rate", **dict.fromkeys(_COUNTS, "count")}
_A_YUAN = 100  #: fen; people leave cents out
_ROUGHLY = Decimal("0.02")


@dataclass(frozen=True)
class _Said:
    """A figure of one kind in a text, and the sentence it stands in."""

    kind: str
    found: re.Match[str]
    sentence: str

    @property
    def words(self) -> str:
        return group(self.found, _GROUP[self.kind]) or ""

    def about(self, name: str) -> bool:
        """Whether the sentence speaks of something by one of the words that mark it."""
        return bool(pattern("figure", name).search(self.sentence))


def figures(text: Folded, known: Known) -> Iterator[Finding]:
    """Every figure said of the loan that differs from what this chat's offers hold."""
    for kind in table("figure.claims"):
        for found in pattern("figure.claims", kind).finditer(text.text):
            begins, ends = text.sentence(*found.span())
            said = _Said(kind, found, text.text[begins:ends])
            if not denied(text, *found.span()) and not _backed(said, known):
                yield _finding(text, found, kind, _GROUP[kind])
    for kind in ("expires", "due"):
        for found in pattern("figure.dates", kind).finditer(text.text):
            if not _dated(kind, found, known):
                yield _finding(text, found, kind, "day")


def _finding(text: Folded, found: re.Match[str], kind: str, name: str) -> Finding:
    soft = {"term", "expires", "due"}
    severity = Severity.WARN if kind in soft else Severity.BLOCK
    return Finding("figure", severity, text.span(*places(found, name)), f"guard.figure.{kind}")


def _backed(said: _Said, known: Known) -> bool:
    if said.kind in _AMOUNTS:
        return _amount_backed(said, known)
    if said.kind == "rate":
        return _rate_backed(said, known)
    count = _count(said.words)
    return count is None or count in known.held(said.kind)


def _amount_backed(said: _Said, known: Known) -> bool:
    """Also what the merchant wishes for, their own figures, and what the lender lends at most to anybody."""
    fen = _fen(said.words)
    if fen is None or said.about("theirs") or (said.kind == "principal" and said.about("meant")):
        return True
    allowed = known.held(said.kind)
    if said.kind == "principal":
        allowed |= known.lender.amounts if said.about("general") else frozenset()
        allowed |= known.prospects if said.about("prospect") else frozenset()
    slack = int(fen * _ROUGHLY) if said.about("vague") else _A_YUAN - 1
    return any(abs(fen - each) <= (slack if each else 0) for each in allowed)


def _rate_backed(said: _Said, known: Known) -> bool:
    if pattern("small_rate", "compared").search(said.sentence):
        return True
    rate = Decimal(said.words)
    places = 2 if "." in said.words else 0
    allowed = known.rates | known.lender.rates if said.about("graded") else known.rates
    return any(round(each, places) == rate if said.about("vague") else each == rate for each in allowed)


def _fen(words: str) -> int | None:
    read = amounts.quantities(words)
    return to_fen(read[0].value) if len(read) == 1 else None


def _count(words: str) -> int | None:
    read = amounts.quantities(words)
    return int(read[0].value) if len(read) == 1 else None


def _dated(kind: str, found: re.Match[str], known: Known) -> bool:
    if kind == "expires":
        days: Collection[date] = known.expiries
    else:
        days = known.dues.get(_instalment(found), frozenset())
    return any(_same(found, day) for day in days)


def _instalment(found: re.Match[str]) -> int:
    if group(found, "last"):
        return -1
    return 1 if group(found, "first") else _count(group(found, "n", "nth") or "") or 0


def _same(found: re.Match[str], day: date) -> bool:
    """Whether what is written of a date, which may lack the year or the month, is this day's."""
    year, month = group(found, "year", "yeared"), _month(found)
    number = int(group(found, "day", "dmy", "mdy", "only") or 0)
    return number == day.day and month in (None, day.month) and year in (None, str(day.year))


def _month(found: re.Match[str]) -> int | None:
    if written := group(found, "month"):
        return int(written)
    name = group(found, "name", "nameb")
    months: str = table("figure.dates")["months"]
    return months.split().index(name) + 1 if name else None
