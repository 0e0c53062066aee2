"""What an answer does: read, judged, read back when doubtful, kept, and the consequences said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from conversations import accounts, closing, commands, details, prompts
from conversations.answers import Context, Problem, Understood, read, together
from conversations.asking import ask_again, go_on, reopen, where_it_stands
from conversations.replies import Kind, Label, Reply, Yuan
from conversations.requests import Assess, RecordConsent
from conversations.session import Answer, Given, Session, Stage, Turn
from conversations.steps import (
    CLOSING,
    DETAIL_BLOCKS,
    STEPS,
    Band,
    Calendar,
    Choice,
    Figure,
    Handle,
    Licence,
    Many,
    Place,
    Step,
    asked,
    pending,
)
from conversations.vocabulary import Vocabulary
from scoring.calendar import day
from scoring.policy import Policy

_CLOSING = {step.id for step in CLOSING}


@dataclass(frozen=True)
class Ground:
    """What answers are judged against: the lender's bands, people's words, the moment."""

    policy: Policy
    words: Vocabulary
    at: datetime

    def answer(self, value: Given, said: str) -> Answer:
        return Answer(value, said, self.at)


def said(session: Session, text: str, ground: Ground) -> Turn | None:
    """A typed answer to the open question; None when it is no answer."""
    step = _open(session)
    signal = ground.words.signal(text)
    if session.doubt is not None and signal in ("yes", "no"):
        return _resolved(session, signal == "yes", text, ground)
    leaves_out = signal in ("skip", "unknown") or (signal == "none" and _none_is_unknown(step))
    if leaves_out and (turn := _skip(session, text, ground)):
        return turn
    if signal is not None and isinstance(step.reads, Place | Handle):
        return _skip(session, text, ground) if signal in ("none", "no") else None
    if isinstance(step.reads, Choice | Licence):
        option = ground.words.choice(text, _sayable(session, step))
        if option or isinstance(step.reads, Choice):
            return _option(session, option, text, ground) if option else None
    if isinstance(step.reads, Place | Handle) and (ground.words.question(text) or ground.words.command(text)):
        return None  # a name can be anything but these
    reader = _about_account if isinstance(step.reads, Handle) else _read
    return reader(session, text, ground)


def _none_is_unknown(step: Step) -> bool:
    """ "None" is no figure where the least that makes sense is not zero: a lease, sales before a shock."""
    reads = step.reads
    return step.skip and (isinstance(reads, Calendar) or (isinstance(reads, Figure) and reads.least > 0))


def _sayable(session: Session, step: Step) -> tuple[str, ...]:
    """What may be said at a step that offers choices; to refuse consent needs no button."""
    ids = prompts.offered(session, step.id)
    return (*ids, "disagree") if step.id == "consent" else ids


def tapped(session: Session, choice: str, ground: Ground) -> Turn | None:
    """A tapped quick reply of the open question; None when it is none of its own."""
    step = _open(session)
    if session.doubt is not None and choice in ("yes", "no"):
        return _resolved(session, choice == "yes", choice, ground)
    if choice not in prompts.offered(session, step.id):
        return None
    leaves_out = choice == "skip" or (choice == "none" and _none_is_unknown(step))
    if leaves_out and not isinstance(step.reads, Handle):
        return _skip(session, choice, ground)
    return _TAPS.get(type(step.reads), _read)(session, choice, ground)


def _tap_account(session: Session, choice: str, ground: Ground) -> Turn | None:
    return accounts.tapped(session, choice, ground.answer(None, choice))


def _tap_option(session: Session, choice: str, ground: Ground) -> Turn | None:
    return _option(session, choice, choice, ground)


def _tap_one_of_many(session: Session, choice: str, ground: Ground) -> Turn | None:
    return _keep(session, {_open(session).id: [choice]}, choice, ground)


def _open(session: Session) -> Step:
    if session.waiting is None:
        raise LookupError("no question is open")
    return STEPS[session.waiting]


def _about_account(session: Session, text: str, ground: Ground) -> Turn | None:
    answer = ground.answer(None, text)
    known = session.accounts.get(_open(session).id.removesuffix("_account"))
    options = ("check_again", "unproven", "connect") if known else ("connect",)
    if option := ground.words.choice(text, options):
        return accounts.tapped(session, option, answer)
    return (
        accounts.named(session, text) if accounts.is_address(text) else accounts.perhaps_named(session, text)
    )


def _option(session: Session, option: str, words: str, ground: Ground) -> Turn | None:
    """One of the step's options: some do more than fill an answer."""
    step = _open(session)
    if step.id in _CLOSING:
        return closing.choose(session, option, ground.at)
    if special := _SPECIAL.get(option):
        return special(session, ground)
    turn = _keep(session, {step.id: option}, words, ground)
    return turn.requesting(RecordConsent("application", "ask.consent")) if step.id == "consent" else turn


def _read(session: Session, text: str, ground: Ground) -> Turn | None:
    steps = asked(session, _open(session).id)
    reading = read(steps, text, Context(day(ground.at), ground.words))
    if reading is None:
        return None
    if isinstance(reading, Problem):
        return _refused(session, reading)
    if problem := _impossible(session, reading, ground):
        return _refused(session, problem)
    if doubt := reading.doubt or _unusual(session, reading, ground):
        return ask_again(replace(session, doubt=reading.values, doubted=doubt))
    return _keep(session, reading.values, text, ground)


def _impossible(session: Session, reading: Understood, ground: Ground) -> Problem | None:
    """Why these values cannot be, seen with the other answers and the lender's bands."""
    return (
        together({**_known(session), **reading.values})
        or _not_lent(reading.values.get("amount"), ground.policy)
        or _never_sold(session, reading.values.get("sales_last_month"), ground.policy)
    )


def _not_lent(amount: Given, policy: Policy) -> Problem | None:
    """An amount that no product of this lender lends."""
    if not isinstance(amount, int):
        return None
    least = min(product.floor for product in policy.products)
    most = max(product.cap for product in policy.products)
    if amount < least:
        return Problem("problem.too_small", {"least": Yuan(least)})
    return Problem("problem.too_large", {"most": Yuan(most)}) if amount > most else None


def _never_sold(session: Session, sales: Given, policy: Policy) -> Problem | None:
    """Sales that no shop of the trade makes."""
    trade = policy.trades.get(str(session.value("trade")))
    if trade is None or trade.sales.hard is None or not isinstance(sales, int):
        return None
    least, most = trade.sales.hard
    if least <= Decimal(sales) / 100 <= most:
        return None
    return Problem("problem.sales", {"least": Yuan(int(least * 100)), "most": Yuan(int(most * 100))})


def _unusual(session: Session, reading: Understood, ground: Ground) -> str | None:
    """What few shops of the trade have: read back once, nobody is accused."""
    known = {**_known(session), **reading.values}
    trade = ground.policy.trades.get(str(known.get("trade")))
    sales = known.get("sales_last_month")
    if trade is None or not isinstance(sales, int):
        return None
    low, high = trade.sales.soft
    if "sales_last_month" in reading.values and not low <= Decimal(sales) / 100 <= high:
        return "doubt.unusual"
    costs = [reading.values.get(step) for step in ("rent", "payroll", "debt_payment")]
    return "doubt.unusual" if any(isinstance(cost, int) and cost > sales for cost in costs) else None


def _resolved(session: Session, right: bool, words: str, ground: Ground) -> Turn | None:
    """The values read back were right, or are asked for once more."""
    values, sure = dict(session.doubt or {}), replace(session, doubt=None)
    if not right:
        return ask_again(sure, prompts.say("doubt.again"))
    if isinstance(_open(session).reads, Handle):
        return accounts.named(sure, str(next(iter(values.values()))))
    return _keep(sure, values, words, ground)


def _refused(session: Session, problem: Problem) -> Turn:
    again = replace(session, doubt=None)
    return ask_again(again, Reply(Kind.SAY, problem.key, problem.values))


def _skip(session: Session, words: str, ground: Ground) -> Turn | None:
    step = _open(session)
    if not step.skip:
        return ask_again(session, prompts.say("skip.needed")) if isinstance(step.reads, Figure) else None
    if isinstance(step.reads, Handle):
        return accounts.tapped(session, "skip", ground.answer(None, words))
    values: dict[str, Given] = {each.id: None for each in asked(session, step.id)}
    said = "skipped.detail" if step.block in DETAIL_BLOCKS else f"skipped.{step.block}"
    return _keep(session, values, words, ground).preceded_by(prompts.say(said))


def _keep(session: Session, values: Mapping[str, Given], words: str, ground: Ground) -> Turn:
    """Store the values and go on; a changed answer is said to be changed."""
    changed = [step for step in values if session.known(step) and session.value(step) != values[step]]
    answers = {**session.answers, **{step: ground.answer(value, words) for step, value in values.items()}}
    after = replace(session, answers=answers)
    if session.stage not in (Stage.APPLYING, Stage.DETAILING) and "licence_number" not in values:
        after = reopen(after)
    turn = _on(after, values)
    notes = tuple(_changed(after, step) for step in changed)
    return turn.preceded_by(*notes) if notes else turn


def _on(session: Session, values: Mapping[str, Given]) -> Turn:
    if session.stage is Stage.DETAILING:
        return details.heard(session, next(iter(values)))
    return go_on(session) if pending(session) else Turn(session, (where_it_stands(session),))


def _changed(session: Session, step: str) -> Reply:
    values = {"what": Label(f"step.{step}"), "value": prompts.shown(session, STEPS[step])}
    return Reply(Kind.SAY, "changed", values)


def _known(session: Session) -> dict[str, Given]:
    return {step: answer.value for step, answer in session.answers.items()}


def _more(session: Session, _ground: Ground) -> Turn:
    return ask_again(session, prompts.say("consent.application"))


def _disagree(session: Session, _ground: Ground) -> Turn:
    return ask_again(session, prompts.say("consent.refused"))


def _under_18(session: Session, _ground: Ground) -> Turn:
    return commands.erased(session, "under_18")


def _manager(session: Session, _ground: Ground) -> Turn:
    return ask_again(session, prompts.say("role.manager", prompts.PERSON))


def _submit(session: Session, ground: Ground) -> Turn:
    answers = {**session.answers, "check": ground.answer("submit", "submit")}
    assessing = replace(session, answers=answers, stage=Stage.ASSESSING, waiting=None)
    return Turn(assessing, (prompts.say("assessing"),), (Assess(),))


_SPECIAL: Mapping[str, Callable[[Session, Ground], Turn]] = {
    "more": _more,
    "disagree": _disagree,
    "under_18": _under_18,
    "manager": _manager,
    "submit": _submit,
}

_TAPS: Mapping[type, Callable[[Session, str, Ground], Turn | None]] = {
    Handle: _tap_account,
    Band: _tap_option,
    Choice: _tap_option,
    Licence: _tap_option,
    Many: _tap_one_of_many,
}
