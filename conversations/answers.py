"""Answers out of words: pure readers that return values, a problem with its reason, or None."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from stdnum.cn import uscc

from conversations import clauses, months, periods, seasons
from conversations.amounts import HIDDEN, Quantity, plain, quantities
from conversations.replies import Label, Value, Yuan
from conversations.session import Given
from conversations.steps import Band, Calendar, Choice, Figure, Licence, Many, Place, Seasons, Step
from conversations.vocabulary import Vocabulary, holds

_NOT_PLACE = re.compile(
    r"开业|開業|开的|开张|大约|大概|差不多|\b(?:opened|since|in|about|around|roughly)\b|(?:19|20)[0-9]{2}年?|[,.;。；]"
)
_NO_PLACE = re.compile(r"[?？<>{}=\\/|]|--|https?:")
_CODE = re.compile(r"[<>{}\\|]|://")  # digits in markup or an address are nobody's figures
_CITY_LONGEST = 40
_TOO_FINE = {
    Decimal(1): "problem.not_whole",
    Decimal("0.5"): "problem.not_half",
    Decimal("0.01"): "problem.not_fen",
}


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
    said, today = months.ready(plain(text)), context.today
    found = months.read(said, today)
    calendar = next((step for step in steps if isinstance(step.reads, Calendar)), None)
    told = found[0] if calendar and found else None
    if calendar and told:
        if (told.year, told.month) > (today.year, today.month) and calendar.reads == Calendar():
            return Problem("problem.future_month")
        values[calendar.id] = f"{told.year:04}-{told.month:02}"
    for each in sorted(found, key=lambda each: each.start, reverse=True):
        said = f"{said[: each.start]} {said[each.end :]}"
    place = " ".join(_NOT_PLACE.sub(" ", said).split())
    if place and not re.search("[0-9]", place) and isinstance(steps[0].reads, Place) and _is_place(place):
        values[steps[0].id] = as_written(text, place)
    return Understood(values, "doubt.vague" if told and told.vague else None) if values else None


def _is_place(text: str) -> bool:
    return 2 <= len(text) <= _CITY_LONGEST and not _NO_PLACE.search(text) and any(c.isalpha() for c in text)


def as_written(text: str, place: str) -> str:
    """The place in the merchant's own script where it can be found, else as normalised."""
    raw, ready = unicodedata.normalize("NFKC", HIDDEN.sub("", text)).strip(), plain(text)
    start = ready.find(place) if len(raw) == len(ready) else -1
    return raw[start : start + len(place)] if start >= 0 else place


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
    read_as = _assign(figures, found)
    if not read_as:
        return None
    said = " ".join(plain(part.text) for part in clauses.split(text) if quantities(part.text))
    assigned = periods.by_the_month(read_as, said)
    values: dict[str, Given] = {}
    for step, figure in figures:
        if step in assigned:
            value = _judge(figure, assigned[step])
            if isinstance(value, Problem):
                return value
            values[step] = value
    vague = any(quantity.vague for quantity in assigned.values()) or len(assigned) < _fitting(figures, found)
    elsewise = assigned != read_as or periods.for_each(assigned, said)
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
    left = [(step, figure) for step, figure in figures if step not in assigned]
    for place, (step, figure) in enumerate(left):
        if loose and not _rather_later(figure, loose, [later for _, later in left[place + 1 :]]):
            assigned[step] = loose.pop(0)
    return assigned


def _rather_later(figure: Figure, loose: list[Quantity], later: Sequence[Figure]) -> bool:
    """Whether the first of some numbers cannot be this figure, and can be a later one: 2500 people."""
    value = loose[0].value
    fits = any(not _outside(each, value) for each in later)
    return len(loose) <= len(later) and fits and _outside(figure, value) is not None


def _judge(figure: Figure, quantity: Quantity) -> Given | Problem:
    """The figure's stored value (fen for money), or why it cannot be."""
    value = quantity.value * (12 if quantity.kind == "years" else 1)
    if problem := _outside(figure, value):
        return problem
    if quantity.vague:  # the middle of "five or six" is read back anyway
        value = (value / figure.grain).quantize(Decimal(1), ROUND_HALF_UP) * figure.grain
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
