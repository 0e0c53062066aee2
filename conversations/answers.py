"""Answers out of words: pure readers that return values, a problem with its reason, or None."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from stdnum.cn import uscc

from conversations import seasons
from conversations.amounts import HIDDEN, Quantity, plain, quantities
from conversations.replies import Label, Value, Yuan
from conversations.session import Given
from conversations.steps import Band, Calendar, Choice, Figure, Licence, Many, Place, Seasons, Step
from conversations.vocabulary import Vocabulary, holds

_YEAR_MONTH = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)?[0-9]{2}(?=\s*年)|(?:19|20)[0-9]{2})\s*(?:年|[-./])\s*"
    r"(?P<month>1[0-2]|0?[1-9])(?![0-9])(?:\s*月(?:份|初|底|中旬)?(?:\s*[0-9]{1,2}\s*[日号])?|[-./][0-9]{1,2})?(?![0-9])"
)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(rf"\b(?P<name>{'|'.join(_MONTH_NAMES)})[a-z]*\.?,?\s+(?P<year>(?:19|20)[0-9]{{2}})\b")
_HAN_DIGITS = "〇零一二三四五六七八九"
_HAN_DATE = re.compile(
    f"(?P<year>[{_HAN_DIGITS}]{{2}}|[{_HAN_DIGITS}]{{4}})年(?P<month>十[一二]?|[一二三四五六七八九])月"
)
_NOT_PLACE = re.compile(r"开业|開業|开的|开张|\b(?:opened|since|in)\b|(?:19|20)[0-9]{2}年?|[,.;。；]")
_NO_PLACE = re.compile(r"[?？<>{}=\\/|]|--|https?:")
_CODE = re.compile(r"[<>{}\\|]|://")  # digits in markup or an address are nobody's figures
_CITY_LONGEST = 40
_TOO_FINE = {
    Decimal(1): "problem.not_whole",
    Decimal("0.5"): "problem.not_half",
    Decimal("0.01"): "problem.not_fen",
}
_MONTHLY = frozenset(
    {
        *("sales_last_month", "rent", "payroll", "debt_payment", "purchases", "pre_shock_sales"),
        *("other_costs", "household_spend", "other_income"),
    }
)
_NOT_MONTHLY = re.compile("[一半每/]年|年[租付]|季|per year|a year|yearly|quarter|每人|人均|each|per person")


#: the first may not exceed the second, or the text says why not
_AT_MOST = (
    ("debt_payment", "debt_balance", "problem.payment_above_balance"),
    ("normal_day", "good_day", "problem.days_order"),
    ("bad_day", "normal_day", "problem.days_order"),
    ("best_seller_cost", "best_seller_price", "problem.cost_above_price"),
    ("invested_borrowed", "invested", "problem.borrowed_above_invested"),
)


@dataclass(frozen=True)
class Problem:
    """Why something cannot be the answer: a text key and its figures."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Understood:
    """Values by step; `doubt` says why they should be read back first."""

    values: Mapping[str, Given]
    doubt: str | None = None


Reading = Understood | Problem | None


@dataclass(frozen=True)
class Context:
    """What an answer is judged against."""

    today: date
    words: Vocabulary


def read(steps: Sequence[Step], text: str, context: Context) -> Reading:
    """Read one message as the answer to the steps that one prompt asks together."""
    return _READERS.get(type(steps[0].reads), _numbers)(steps, text, context)


def _choice(steps: Sequence[Step], text: str, context: Context) -> Reading:
    reads = steps[0].reads
    assert isinstance(reads, Choice)  # noqa: S101 -- by the table of readers
    option = context.words.choice(text, reads.options)
    return Understood({steps[0].id: option}) if option else None


def _band(steps: Sequence[Step], text: str, context: Context) -> Reading:
    """A percentage said as one, in tenths or in the words of a band."""
    band = steps[0].reads
    assert isinstance(band, Band)  # noqa: S101 -- by the table of readers
    if _CODE.search(text):
        return None
    share = seasons.share(text)
    found = [quantity.value for quantity in quantities(text)]
    if share is None and not found:
        option = context.words.choice(text, band.options)
        return Understood({steps[0].id: option}) if option else None
    percent = share * 100 if share is not None else found[0]
    if abs(percent) > 100:
        return None
    loss = percent < 0 or context.words.choice(text, band.options) == band.options[0]
    return Understood({steps[0].id: band.options[0 if loss else bisect_left(band.edges, percent, 1)]})


def _seasons(steps: Sequence[Step], text: str, _context: Context) -> Reading:
    year = seasons.Year() if _CODE.search(text) else seasons.read(text)
    told: dict[str, Given] = {
        "peak_months": list(year.peak) or None,
        "low_months": list(year.low) or None,
        "low_season_share": None if year.share is None else float(year.share),
    }
    values = {step.id: told[step.id] for step in steps if told[step.id] is not None}
    if year.share is not None and not 0 < year.share <= 1:
        return Problem("problem.season_share")
    if set(year.peak) & set(year.low):
        return Problem("problem.season_twice")
    return Understood(values) if values else None


def _several(steps: Sequence[Step], text: str, context: Context) -> Reading:
    many, words = steps[0].reads, context.words
    assert isinstance(many, Many)  # noqa: S101 -- by the table of readers
    refused = [
        option for option in many.refused if any(holds(plain(text), way) for way in words.ways(option))
    ]
    if refused:
        return Problem("problem.purpose", {"purpose": Label(f"choice.{refused[0]}")})
    chosen = words.chosen(text, many.options)
    if len(chosen) > many.most:
        return Problem("problem.too_many", {"most": many.most})
    return Understood({steps[0].id: chosen}) if chosen else None


def _place_and_month(steps: Sequence[Step], text: str, context: Context) -> Reading:
    values: dict[str, Given] = {}
    ready = _HAN_DATE.sub(_in_digits, plain(text))
    today, spans = context.today, [(month, match.span()) for month, match in _months(ready, context.today)]
    calendar = next((step for step in steps if isinstance(step.reads, Calendar)), None)
    if calendar and spans:
        year, month = spans[0][0]
        if (year, month) > (today.year, today.month) and calendar.reads == Calendar():
            return Problem("problem.future_month")
        values[calendar.id] = f"{year:04}-{month:02}"
    for start, end in (span for _, span in reversed(spans)):
        ready = f"{ready[:start]} {ready[end:]}"
    place = _NOT_PLACE.sub(" ", ready).strip()
    if place and not re.search("[0-9]", place) and isinstance(steps[0].reads, Place) and _is_place(place):
        values[steps[0].id] = as_written(text, place)
    return Understood(values) if values else None


def _is_place(text: str) -> bool:
    return 2 <= len(text) <= _CITY_LONGEST and not _NO_PLACE.search(text) and any(c.isalpha() for c in text)


def as_written(text: str, place: str) -> str:
    """The place in the merchant's own script where it can be found, else as normalised."""
    raw, ready = unicodedata.normalize("NFKC", HIDDEN.sub("", text)).strip(), plain(text)
    start = ready.find(place) if len(raw) == len(ready) else -1
    return raw[start : start + len(place)] if start >= 0 else place


def _months(text: str, today: date) -> Iterator[tuple[tuple[int, int], re.Match[str]]]:
    for match in _YEAR_MONTH.finditer(text):
        yield (_full(match["year"], today), int(match["month"])), match
    for match in _NAMED.finditer(text):
        yield (int(match["year"]), _MONTH_NAMES.index(match["name"]) + 1), match
    for match in re.finditer(
        r"(?P<when>今年|去年|前年|明年|后年)\s*(?P<month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月", text
    ):
        back = {"今年": 0, "去年": 1, "前年": 2, "明年": -1, "后年": -2}[match["when"]]
        month = match["month"]
        number = int(month) if month.isascii() else int(quantities(month)[0].value)
        yield (today.year - back, number), match


def _full(year: str, today: date) -> int:
    """A year of two digits is the latest one that is not in the future."""
    if len(year) == 4:
        return int(year)
    return int(year) + (2000 if int(year) <= today.year % 100 else 1900)


def _in_digits(match: re.Match[str]) -> str:
    """二零一七年二月 is 2017年2月."""
    year = "".join(str(max(0, _HAN_DIGITS.index(each) - 1)) for each in match["year"])
    return f"{year}年{quantities(match['month'])[0].value}月"


def _licence(steps: Sequence[Step], text: str, _context: Context) -> Reading:
    alone = re.search("(?<![0-9a-z])[0-9a-z]{18}(?![0-9a-z])", plain(text))
    number = (alone[0] if alone else re.sub(r"[\s-]", "", plain(text))).upper()
    if not re.fullmatch("[0-9A-Z]{15,20}", number):
        return None
    return Understood({steps[0].id: number}) if uscc.is_valid(number) else Problem("problem.licence_number")


def _numbers(steps: Sequence[Step], text: str, context: Context) -> Reading:
    figures = [(step.id, step.reads) for step in steps if isinstance(step.reads, Figure)]
    if context.words.signal(text) == "none" and all(figure.least == 0 for _, figure in figures):
        return Understood({step: 0 for step, _ in figures})
    found = [] if _CODE.search(text) else quantities(text)
    assigned = _assign(figures, found)
    if not assigned:
        return None
    values: dict[str, Given] = {}
    for step, figure in figures:
        if step in assigned:
            value = _judge(figure, assigned[step])
            if isinstance(value, Problem):
                return value
            values[step] = value
    vague = any(quantity.vague for quantity in assigned.values()) or len(assigned) < _fitting(figures, found)
    elsewise = not _MONTHLY.isdisjoint(values) and _NOT_MONTHLY.search(plain(text))
    return Understood(values, "doubt.vague" if vague or elsewise else None)


def _fitting(figures: Sequence[tuple[str, Figure]], found: list[Quantity]) -> int:
    """How many of the numbers could be meant; with more of them than answers one is read back."""
    kinds = {None, *(kind for _, figure in figures for kind in figure.kinds)}
    return sum(quantity.kind in kinds for quantity in found)


def _assign(figures: Sequence[tuple[str, Figure]], found: list[Quantity]) -> dict[str, Quantity]:
    """Counters say what a number is; the others fill the remaining questions in the order they were asked."""
    assigned: dict[str, Quantity] = {}
    loose = []
    for quantity in found:
        fitting = [step for step, figure in figures if quantity.kind in figure.kinds and step not in assigned]
        if quantity.kind and fitting:
            assigned[fitting[0]] = quantity
        elif quantity.kind is None:
            loose.append(quantity)
    for step, _ in figures:
        if step not in assigned and loose:
            assigned[step] = loose.pop(0)
    return assigned


def _judge(figure: Figure, quantity: Quantity) -> Given | Problem:
    """The figure's stored value (fen for money), or why it cannot be."""
    value = quantity.value * (12 if quantity.kind == "years" else 1)
    if problem := _outside(figure, value):
        return problem
    if figure.among and value not in figure.among:
        return Problem("problem.term")
    if value % figure.grain:
        return Problem(_TOO_FINE[figure.grain])
    if figure.money:
        return int(value * 100)
    return int(value) if value == int(value) else float(value)


def _outside(figure: Figure, value: Decimal) -> Problem | None:
    if value < 0:
        return Problem("problem.negative")
    if value < figure.least:
        return Problem("problem.too_small", {"least": _shown(figure, figure.least)})
    if value > figure.most:
        return Problem("problem.too_large", {"most": _shown(figure, figure.most)})
    return None


def _shown(figure: Figure, value: Decimal) -> Value:
    return Yuan(int(value * 100)) if figure.money else int(value)


def together(values: Mapping[str, Given]) -> Problem | None:
    """What only two answers side by side can show to be impossible."""
    for less, more, key in _AT_MOST:
        small, large = values.get(less), values.get(more)
        if isinstance(small, int) and isinstance(large, int) and small > large:
            return Problem(key, {"less": Yuan(small), "more": Yuan(large)})
    good, bad = values.get("good_days_per_week"), values.get("bad_days_per_week")
    if isinstance(good, int) and isinstance(bad, int) and good + bad > 7:
        return Problem("problem.days_of_week")
    return None


_READERS: Mapping[type, Callable[[Sequence[Step], str, Context], Reading]] = {
    Choice: _choice,
    Many: _several,
    Place: _place_and_month,
    Calendar: _place_and_month,
    Licence: _licence,
    Band: _band,
    Seasons: _seasons,
}
