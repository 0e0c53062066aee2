"""What is known of a merchant and what was decided, as a colleague checks it: answers, caps, checks. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.desk import masking
from conversations import phrases, readable
from conversations.cards import check_text, improvement_text, reason_text
from conversations.cofilling import FILLABLE
from conversations.replies import Percent, Value, Yuan
from conversations.session import Session, Stage
from conversations.steps import CORE, DETAILS, STEPS, Figure, Step
from conversations.store.desk.chat import Given
from scoring.decision import Check, Decision, Reason


@dataclass(frozen=True)
class Reading:
    """In which language values are shown, and whether whoever looks may see personal ones."""

    language: str
    reveals: bool

    def shown(self, step: str, value: Value) -> str:
        return masking.answer(step, phrases.show(value, self.language), reveals=self.reveals)

    def said(self, step: str, words: str) -> str:
        """The merchant's own words, which hold the value."""
        if step in masking.PERSONAL or (step in masking.OF_THE_SHOP and not self.reveals):
            return masking.HIDDEN * 2
        return masking.words(words, reveals=self.reveals)


@dataclass(frozen=True)
class Version:
    """One value of an answer: who gave it, when, and in which words."""

    value: str
    said: str
    source: str
    by: str | None
    at: datetime


@dataclass(frozen=True)
class Answer:
    """One question of the application; `before` are the values that were replaced, the newest first."""

    step: str
    now: Version | None
    before: tuple[Version, ...]
    fillable: bool
    options: tuple[str, ...]  #: to choose from, by their ids
    hidden: bool  #: shown in part, and in full on the record only
    money: bool


def answers(session: Session, given: Mapping[str, Sequence[Given]], reading: Reading) -> list[Answer]:
    """The core questions, and of the others those that were answered, in the order of asking."""
    others = (step for step in (*DETAILS, STEPS["licence_number"]) if step.id in session.answers)
    steps = [step for step in (*CORE, *others) if step.id != "check"]
    return [_answer(session, step, given.get(step.id, ()), reading) for step in steps]


def missing(session: Session) -> list[str]:
    """Details that could still be filled in."""
    trade = session.value("trade")
    fits = (step for step in DETAILS if step.trades is None or trade in step.trades)
    return [step.id for step in fits if step.id not in session.answers]


def _answer(session: Session, step: Step, given: Sequence[Given], reading: Reading) -> Answer:
    held = session.answers.get(step.id)
    versions = [_version(step, one, reading) for one in given]
    now = None
    if held is not None:
        value = reading.shown(step.id, readable.answer(session, step))
        now = Version(value, reading.said(step.id, held.said), held.source, held.by, held.at)
    return Answer(
        step.id,
        now,
        tuple(reversed(versions[:-1] if held else versions)),
        step.id in FILLABLE and _open(session),
        tuple(getattr(step.reads, "options", ())),
        held is not None and held.value is not None and step.id in masking.PERSONAL,
        isinstance(step.reads, Figure) and step.reads.money,
    )


def _open(session: Session) -> bool:
    return session.known("consent") and session.stage not in (Stage.ACCEPTED, Stage.CLOSED)


def _version(step: Step, one: Given, reading: Reading) -> Version:
    try:
        value = reading.shown(step.id, readable.value(step, one.value))
    except (KeyError, TypeError, ValueError):  # kept by an earlier release in a shape that no step reads
        value = masking.answer(step.id, str(one.value), reveals=reading.reveals)
    return Version(value, reading.said(step.id, one.said), one.source, one.by, one.at)


@dataclass(frozen=True)
class Cap:
    name: str
    amount: int
    binds: bool
    share: int  #: of the largest cap shown, in percent


@dataclass(frozen=True)
class Checked:
    """One cross-check with its figure, the figures behind it, and what it found."""

    id: str
    verdict: str
    figure: str | None
    behind: str | None
    text: str | None


@dataclass(frozen=True)
class Case:
    """A decision as a colleague goes through it."""

    decision: Decision
    against: tuple[tuple[Reason, str], ...]
    speaking_for: tuple[tuple[Reason, str], ...]
    improve: tuple[str, ...]
    caps: tuple[tuple[str, tuple[Cap, ...]], ...]  #: by product
    checks: tuple[Checked, ...]
    month: tuple[tuple[str, str], ...]  #: the rebuilt month, by `desk.fact.<name>`

    @property
    def doubts(self) -> int:
        return sum(check.verdict in ("fail", "warn") for check in self.checks)


_MONTH = (
    "V1", "V2", "V3", "V4", "sales", "gross_profit", "rent", "payroll", "other_costs", "household_spend",
    "other_income", "disposable",
)  # fmt: skip


def case(session: Session, language: str) -> Case | None:
    """The decision that stands, None before there is one."""
    made = session.decision
    if made is None:
        return None
    told = [(reason, reason_text(reason, language)) for reason in made.reasons]
    facts = made.facts
    return Case(
        decision=made,
        against=tuple(one for one in told if one[0].effect != "raises"),
        speaking_for=tuple(one for one in told if one[0].effect == "raises"),
        improve=tuple(improvement_text(better, language) for better in made.improve),
        caps=tuple((product, _caps(made, product, caps)) for product, caps in facts.get("caps", {}).items()),
        checks=tuple(_checked(session, check, facts, language) for check in made.checks),
        month=tuple((name, phrases.show(Yuan(facts[name]), language)) for name in _MONTH if facts.get(name)),
    )


def _caps(made: Decision, product: str, caps: Mapping[str, int]) -> tuple[Cap, ...]:
    """The caps of a product, the tightest first."""
    tightest, largest = min(caps.values(), default=0), max(caps.values(), default=0) or 1
    best = max(made.offers, key=lambda offer: offer.principal, default=None)
    named = made.binding if best and best.product == product else None
    tight = None if made.by_person else next((name for name in caps if caps[name] == tightest), None)
    binds = named or tight  # what people name is bound by none of them
    ordered = sorted(caps.items(), key=lambda each: (each[1], each[0] != binds))
    return tuple(Cap(name, amount, name == binds, round(100 * amount / largest)) for name, amount in ordered)


_SHARES = frozenset({"X1", "X1b", "X2", "X3", "X4", "X5", "X6", "X8", "X9", "X10"})

#: the figures behind a check, by the placeholders of `desk.behind.<id>`: facts of the decision, or answers;
#: with a question mark those that need not be known
_BEHIND: Mapping[str, tuple[str, ...]] = {
    "X1": ("V2", "V1?", "V3?", "V4?"),
    "X2": ("best_seller_price", "best_seller_cost"),
    "X3": ("orders_per_day", "capacity"),
    "X4": ("rent", "sales"),
    "X5": ("payroll", "staff_count", "sales"),
    "X6": ("invested", "taken_out", "stock_value", "cash", "fit_out_value", "debt_balance"),
    "X7": ("stock_value",),
    "X8": ("debt_payment", "disposable"),
    "X9": ("sales_last_month", "pre_shock_sales"),
    "X11": ("amount",),
}
_UNKNOWN = "\N{EN DASH}"


def _checked(session: Session, check: Check, facts: Mapping[str, Any], language: str) -> Checked:
    behind = _behind(session, check.id, facts, language)
    return Checked(check.id, check.verdict, _figure(check, language), behind, check_text(check, language))


def _figure(check: Check, language: str) -> str | None:
    if check.value is None:
        return None
    if check.id in _SHARES:
        return phrases.show(Percent(check.value), language)
    number, key = f"{check.value:.1f}".removesuffix(".0"), f"desk.figure.{check.id}"
    known = key in phrases.sentences(language)
    return phrases.phrase(key, language, value=number) if known else number


def _behind(session: Session, id: str, facts: Mapping[str, Any], language: str) -> str | None:
    """The figures a check compares, None where one that it needs is not known."""
    shown: dict[str, Value] = {}
    for name in _BEHIND.get(id, ()):
        plain = name.removesuffix("?")
        value = _known(session, plain, facts)
        if value is None and name == plain:
            return None
        shown[plain] = _UNKNOWN if value is None else value
    return phrases.phrase(f"desk.behind.{id}", language, **shown) if shown else None


def _known(session: Session, name: str, facts: Mapping[str, Any]) -> Value | None:
    if isinstance(facts.get(name), int):
        return Yuan(facts[name])
    answer = session.answers.get(name)
    return None if answer is None or answer.value is None else readable.answer(session, STEPS[name])
