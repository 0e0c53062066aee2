"""Facts in a message: what it tells of any step, by name or unmistakably. Decides and changes nothing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from conversations import answers
from conversations.amounts import plain, quantities
from conversations.answers import Context, Problem, Understood
from conversations.judging import Ground
from conversations.naming import Mention
from conversations.session import Given, Session, Stage
from conversations.steps import CORE, DETAILS, STEPS, Choice, Figure, Handle, Many, Place, Seasons, asked
from conversations.vocabulary import holds
from scoring.calendar import day

_RUN = re.compile(r"[0-9.,半零〇一二两三四五六七八九十百千万亿wk多来几~-]+\s*(?:个|名|位)?$")
_NUMBER = re.compile("(?<![0-9a-z])[0-9a-z]{18}(?![0-9a-z])")
_NEVER = ("consent", "check")
_TERMS = (6, 12)
_COSTS = {"rent": "rent", "payroll": "payroll", "stock_purchase": "purchases"}  #: purposes that are steps too


@dataclass(frozen=True)
class Facts:
    """What a message tells, by step."""

    values: Mapping[str, Given] = field(default_factory=dict)
    vague: Mapping[str, Given] = field(default_factory=dict)  #: to be read back first
    problem: Problem | None = None
    by_name: frozenset[str] = frozenset()  #: told by name, so that they may replace what is known
    named: tuple[str, ...] = ()  #: named without a value
    rest: tuple[str, ...] = ()  #: what is told besides, as it was written
    untouched: tuple[str, ...] = ()  #: the clauses that tell none of this

    @property
    def told(self) -> bool:
        return bool(self.values or self.vague or self.problem)

    def and_(self, more: "Facts") -> "Facts":
        return Facts(
            {**self.values, **more.values},
            {**self.vague, **more.vague},
            self.problem or more.problem,
            self.by_name | more.by_name,
            (*self.named, *more.named),
            (*self.rest, *more.rest),
            (*self.untouched, *more.untouched),
        )


@dataclass(frozen=True)
class Phrase:
    """A part of a clause, and the step it names if any; `about` is its text without that name."""

    whole: str
    about: str
    step: str | None = None


def read(clauses: Sequence[str], session: Session, ground: Ground) -> Facts:
    """The facts of some clauses; what only the open question can explain is left in the rest."""
    found, before = Facts(), Facts()
    for clause in clauses:
        told = _clause(clause, session, ground, amount_told="amount" in found.values)
        if len(before.named) == 1 and told.untouched:
            told = _at_last(before.named[0], clause, ground) or told
        found, before = found.and_(told), told
    return _with_staff(found, session, ground)


def _with_staff(found: Facts, session: Session, ground: Ground) -> Facts:
    """Beside wages, people are those who are paid them."""
    people = [each for each in found.rest if [q.kind for q in quantities(each)] == ["people"]]
    if "payroll" not in found.values or "staff_count" in found.values or len(people) != 1:
        return found
    reading = value("staff_count", plain(people[0]), ground)
    if not isinstance(reading, Understood) or not takes(session, "staff_count"):
        return found
    return replace(found, rest=_but(people[0], found.rest), untouched=_but(people[0], found.untouched)).and_(
        facts("staff_count", reading)
    )


def _but(one: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in texts if each != one)


def _at_last(step: str, clause: str, ground: Ground) -> Facts | None:
    """A value alone is of what was named right before it: "改一下房租，16000", "城市不是昆明，是大理"."""
    said = plain(clause)
    sure = isinstance(STEPS[step].reads, Choice) or ground.names.place(said) is not None
    figures = [each for each in quantities(clause) if each.kind not in ("days", "years")]  # 一年十六万八
    reading = value(step, said, ground) if sure or len(figures) == 1 else None
    return facts(step, reading) if isinstance(reading, Understood) and step in reading.values else None


def facts(step: str, reading: Understood) -> Facts:
    """A step's value as it was read, told by name."""
    kept = {step: reading.values[step]}
    return Facts(vague=kept) if reading.doubt else Facts(kept, by_name=frozenset(kept))


def _clause(clause: str, session: Session, ground: Ground, *, amount_told: bool) -> Facts:
    said = plain(clause)
    found, rest = Facts(), []
    for phrase in phrases(said, ground.names.mentions(said)):
        told = _named(phrase, session, ground)
        found = found.and_(told)
        if not told.told:
            rest.append(phrase.whole)
    left = " ".join(rest).strip()
    if lent := _lent(left, found, session, ground):
        found, left = found.and_(lent), ""
    found = found.and_(_by_form(left, session, ground))
    if amount_told or not found.values.keys().isdisjoint(("amount", "term")):
        found = found.and_(_of_the_loan(said, found, session, ground))
    if not found.told:
        return found.and_(Facts(rest=(clause,), untouched=(clause,)))
    if isinstance(city := found.values.get("city"), str):
        found = found.and_(Facts({"city": answers.as_written(clause, city)}))
    return found.and_(Facts(rest=(left,) if left else ()))


def phrases(said: str, mentions: Sequence[Mention]) -> Iterator[Phrase]:
    """The clause in parts with one name each; names stand before their values, or all of them behind.

    >>> [(each.step, each.about) for each in phrases("16000 rent", [Mention("rent", 6, 10)])]
    [('rent', '16000')]
    """
    for mention in mentions:
        if mention.counter and (run := _RUN.search(said, 0, mention.start)):
            counted = said[run.start() : mention.end]
            yield Phrase(counted, counted, mention.step)
            said = said[: run.start()] + " " * len(counted) + said[mention.end :]
    names = _merged([mention for mention in mentions if not mention.counter])
    if names and names[0].step == "term" and said[names[0].end :].strip():
        lent, said = said[: names[0].start], " " * names[0].start + said[names[0].start :]
        if quantities(lent):  # "30,000 over 12 months": a term has no figure before it
            yield Phrase(lent, lent)
    if not names:
        yield Phrase(said, said)
        return
    behind = bool(quantities(said[: names[0].start])) and not quantities(said[names[-1].end :])
    bounds = [m.end for m in names[:-1]] if behind else [m.start for m in names[1:]]
    for name, start, end in zip(names, [0, *bounds], [*bounds, len(said)], strict=True):
        about = f"{said[start : name.start]} {said[name.end : end]}".strip()
        figure = isinstance(STEPS[name.step].reads, Figure)
        about, beside = _parted(about) if figure else (about, "")
        yield Phrase(said[start:end], about, name.step)
        if beside:
            yield Phrase(beside, beside)


def _merged(names: Sequence[Mention]) -> list[Mention]:
    """Names side by side are one ("人均工资"); what follows "to be used for" is what it is used for."""
    kept: list[Mention] = []
    for name in names:
        if kept and kept[-1].end == name.start:
            kept.pop()
        kept.append(name)
        if name.step == "purpose":
            break
    return kept


def _named(phrase: Phrase, session: Session, ground: Ground) -> Facts:
    """What a phrase tells of the step it names."""
    step = phrase.step
    if step is None or _left_to_the_question(session, step):
        return Facts()
    if not takes(session, step):
        return Facts(named=(step,)) if session.known(step) else Facts()
    match value(step, phrase.about, ground):
        case Understood(values) as reading if step in values:
            return facts(step, reading)
        case Problem() as problem if quantities(phrase.about):
            return Facts(problem=problem)
        case _:
            return Facts(named=(step,))


def _left_to_the_question(session: Session, step: str) -> bool:
    """An open question that asks one thing, or for a place or a season, reads its own answer."""
    if session.waiting is None or session.known(step):
        return False
    open_ = [each.id for each in asked(session, session.waiting)]
    return step in open_ and (len(open_) == 1 or isinstance(STEPS[open_[0]].reads, Place | Seasons))


def value(step: str, said: str, ground: Ground) -> answers.Reading:
    """One step's value out of words that are about it."""
    reads, bare = STEPS[step].reads, ground.names.value(said)
    if isinstance(reads, Handle) or not bare:
        return None
    if isinstance(reads, Place) and any(ground.names.marked(bare, mark) for mark in ("amiss", "change")):
        return None  # 打错了 is no town
    if isinstance(reads, Choice | Many) and bare.isdecimal():
        return None  # "1" is the first option only where the options were shown
    return answers.read((STEPS[step],), bare, Context(day(ground.at), ground.words))


def _parted(said: str) -> tuple[str, str]:
    """Up to the second number, and from it: in "16000 5个人" only the first is of what was named."""
    words = said.split()
    ends = [n for n in range(2, len(words) + 1) if len(quantities(" ".join(words[:n]))) > 1]
    cut = ends[0] - 1 if ends else len(words)
    return " ".join(words[:cut]), " ".join(words[cut:])


def takes(session: Session, step: str) -> bool:
    """Whether this step's answer can be given now: details only once they may be asked."""
    row = STEPS[step]
    if row in CORE:
        return step not in _NEVER and not isinstance(row.reads, Handle)
    if row in DETAILS:
        fits = row.trades is None or session.value("trade") in row.trades
        begun = session.stage is Stage.DETAILING or session.decision is not None
        return fits and (begun or session.known(step))
    return step == "licence_number"


def _by_form(said: str, session: Session, ground: Ground) -> Facts:
    """What can mean one thing only: a city, a trade, a licence or its number."""
    found: dict[str, Given] = {}
    if place := ground.names.place(said):
        found["city"] = place
    for step in ("trade", "licence"):
        if named := option(step, said, ground):
            found[step] = named
    number = value("licence_number", said, ground) if _NUMBER.search(said) else None
    if isinstance(number, Understood):
        found.update(number.values)
    return Facts(_unanswered(found, session))


def option(step: str, said: str, ground: Ground) -> str | None:
    """The option that a sure word names, wherever it stands."""
    reads, unsure = STEPS[step].reads, ground.names.unsure.get(step, ())
    assert isinstance(reads, Choice)  # noqa: S101 -- by the table of steps
    named = [
        option for option in reads.options
        if any(word not in unsure and holds(said, word) for word in ground.words.ways(option))
    ]  # fmt: skip
    return named[0] if len(named) == 1 else None


def _of_the_loan(said: str, found: Facts, session: Session, ground: Ground) -> Facts:
    """Beside an amount wanted: months are its term, and what costs money without a figure is its purpose."""
    told: dict[str, Given] = {}
    terms = [int(q.value) for q in quantities(said) if q.kind == "months" and q.value in _TERMS]
    if len(terms) == 1:
        told["term"] = terms[0]
    reads = STEPS["purpose"].reads
    assert isinstance(reads, Many)  # noqa: S101 -- by the table of steps
    if purposes := [p for p in ground.words.chosen(said, reads.options) if _COSTS.get(p) not in found.values]:
        told["purpose"] = purposes[: reads.most]
    return Facts(_unanswered(told, session))


def _lent(left: str, found: Facts, session: Session, ground: Ground) -> Facts | None:
    """Beside a new term, a figure alone is the amount: "make it 30,000 over 6 months"."""
    if "term" not in found.by_name or "amount" in found.values or not session.known("amount"):
        return None
    reading = value("amount", left, ground) if len(quantities(left)) == 1 else None
    return facts("amount", reading) if isinstance(reading, Understood) else None


def _unanswered(found: Mapping[str, Given], session: Session) -> dict[str, Given]:
    """What nobody named by its name replaces nothing, and is no answer to a question that is open."""
    waiting = session.waiting
    open_ = [] if waiting is None else [step.id for step in asked(session, waiting)]
    return {
        step: given for step, given in found.items()
        if not session.known(step) and step not in open_ and takes(session, step)
    }  # fmt: skip
