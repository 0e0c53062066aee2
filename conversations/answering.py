"""What an answer does: read, judged, read back when doubtful, kept, and the consequences said."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from conversations import (
    accounts,
    clarifying,
    closing,
    commands,
    conditions,
    details,
    judging,
    keeping,
    prompts,
    several,
    turning_back,
)
from conversations.answers import Context, Problem, Understood, read
from conversations.asking import ask_again, go_on, missing
from conversations.judging import Ground
from conversations.replies import Kind, Reply
from conversations.requests import RecordConsent
from conversations.session import Given, Session, Turn
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
    Words,
    asked,
)
from conversations.vocabulary import BINDING
from scoring.calendar import day

YES_OR_NO = ("yes", "no")
_CLOSING = {step.id for step in CLOSING}


def said(session: Session, text: str, ground: Ground) -> Turn | None:
    """A typed answer to the open question; None when it is no answer."""
    step, signal = _open(session), ground.words.signal(text)
    if isinstance(step.reads, Words):
        return _in_their_words(session, text, ground)
    if session.doubt is not None and signal in YES_OR_NO:
        return _resolved(session, signal == "yes", text, ground)
    if session.clarifying and session.doubt is None:
        return _clarified(session, text, ground)
    leaves_out = signal in ("skip", "unknown") or (signal == "none" and _none_is_unknown(step))
    if leaves_out and (turn := leave_out(session, text, ground)):
        return turn
    if signal is not None and isinstance(step.reads, Place | Handle):
        return leave_out(session, text, ground) if signal in ("none", "no") else None
    return _answered(session, text, ground)


def _in_their_words(session: Session, text: str, ground: Ground) -> Turn | None:
    """Anything but a question or a command answers what a colleague wants to know."""
    words = ground.words
    if words.command(text) or words.question(text) or words.term(text) or not text:
        return None
    return conditions.answered(session, text, ground.at)


def _answered(session: Session, text: str, ground: Ground) -> Turn | None:
    step = _open(session)
    if isinstance(step.reads, Choice | Licence):
        option = ground.words.choice(text, _sayable(session, step))
        if option or isinstance(step.reads, Choice):
            return _option(session, option, text, ground) if option else None
    if ground.words.command(text) or (isinstance(step.reads, Place | Handle) and _is_no_name(text, ground)):
        return None  # 上一步 holds no figure
    reader = _about_account if isinstance(step.reads, Handle) else _read
    return reader(session, text, ground)


def _is_no_name(text: str, ground: Ground) -> bool:
    """A name can be anything but a question, a command or what else is said beside an answer."""
    words = ground.words
    if words.choice(text, tuple(BINDING)):
        return True  # 都对 is no town
    if words.question(text) or words.command(text) or words.term(text) or words.intent(text):
        return True
    told = accounts.is_address(text) or any(sign.isdecimal() for sign in text)
    return not told and (words.refuses(text) or ground.intents.read(text) is not None)


def _clarified(session: Session, text: str, ground: Ground) -> Turn | None:
    """To figures that do not fit together: they are right, or one that can be of one of them only is new."""
    if ground.words.signal(text) == "yes" or ground.words.choice(text, ("all_right",)):
        return details.all_right(session, ground.policy)
    if ground.words.command(text):
        return None
    steps = clarifying.compared(session, session.clarifying or "")
    readings = {step: several.value(step, text, ground) for step in steps}
    new = [step for step, reading in readings.items() if isinstance(reading, Understood)]
    if len(new) > 1:
        return ask_again(session, prompts.say("which.figure"))
    return _read(replace(session, waiting=new[0], clarifying=None), text, ground) if new else None


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
    if session.doubt and choice in (*YES_OR_NO, *prompts.yes_or_no(session.doubt)):
        return _resolved(session, choice.startswith("yes"), choice, ground)
    if choice not in prompts.offered(session, step.id):
        return None
    if session.clarifying:
        return details.all_right(session, ground.policy)
    leaves_out = choice == "skip" or (choice == "none" and _none_is_unknown(step))
    if leaves_out and not isinstance(step.reads, Handle):
        return leave_out(session, choice, ground)
    return _TAPS.get(type(step.reads), _read)(session, choice, ground)


def _tap_account(session: Session, choice: str, ground: Ground) -> Turn | None:
    return accounts.tapped(session, choice, ground.answer(None, choice))


def _tap_option(session: Session, choice: str, ground: Ground) -> Turn | None:
    return _option(session, choice, choice, ground)


def _tap_one_of_many(session: Session, choice: str, ground: Ground) -> Turn | None:
    return keeping.keep(session, {_open(session).id: [choice]}, choice, ground)


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
    turn = keeping.keep(session, {step.id: option}, words, ground)
    return turn.requesting(RecordConsent("application", "ask.consent")) if step.id == "consent" else turn


def _read(session: Session, text: str, ground: Ground) -> Turn | None:
    steps = asked(session, _open(session).id)
    reading = read(steps, text, Context(day(ground.at), ground.words))
    if reading is None:
        return None
    if isinstance(reading, Problem):
        return _refused(session, reading)
    if problem := judging.impossible(session, reading.values, ground):
        return _refused(session, problem)
    if doubt := reading.doubt or judging.unusual(session, reading.values, ground):
        return ask_again(replace(session, doubt=reading.values, doubted=doubt))
    return keeping.keep(session, reading.values, text, ground)


def _resolved(session: Session, right: bool, words: str, ground: Ground) -> Turn | None:
    """The values read back were right, or are asked for once more."""
    values, sure = dict(session.doubt or {}), replace(session, doubt=None)
    step = next(iter(values))
    if not right and sure.known(step) and sure.waiting != step:
        return commands.edit(sure, step, ground.at)
    if not right:
        return ask_again(sure, prompts.say("doubt.again"))
    if isinstance(STEPS[step].reads, Handle):
        return accounts.named(sure, str(values[step]))
    return keeping.keep(sure, values, words, ground)


def _refused(session: Session, problem: Problem) -> Turn:
    """Why it cannot be the answer; the third time in a row a person is called."""
    missed, stuck = missing(replace(session, doubt=None))
    said = Reply(Kind.SAY, problem.key, problem.values)
    person = (prompts.say("unclear.person", prompts.PERSON),) if stuck else ()
    return ask_again(missed, said, *person)


def leave_out(session: Session, words: str, ground: Ground) -> Turn | None:
    """The open question is not answered, with its consequence said; None where that cannot be."""
    step = _open(session)
    if step.id in _CLOSING:
        return closing.choose(session, "think", ground.at)
    if not step.skip and step.id in ("consent", "check", "condition"):
        return None
    if not step.skip:
        needed = "skip.needed" if isinstance(step.reads, Figure) else "needed.other"
        return ask_again(session, prompts.say(needed))
    if isinstance(step.reads, Handle):
        return accounts.tapped(session, "skip", ground.answer(None, words))
    values: dict[str, Given] = {each.id: None for each in asked(session, step.id)}
    said = "skipped.detail" if step.block in DETAIL_BLOCKS else f"skipped.{step.block}"
    return keeping.keep(session, values, words, ground).preceded_by(prompts.say(said))


def _more(session: Session, _ground: Ground) -> Turn:
    return ask_again(session, prompts.say("consent.application"))


def _disagree(session: Session, _ground: Ground) -> Turn:
    return turning_back.no_consent(session)


def _under_18(session: Session, _ground: Ground) -> Turn:
    return commands.erased(session, "under_18")


def _manager(session: Session, _ground: Ground) -> Turn:
    return ask_again(session, prompts.say("role.manager", prompts.PERSON))


def _submit(session: Session, ground: Ground) -> Turn:
    answers = {**session.answers, "check": ground.answer("submit", "submit")}
    return go_on(replace(session, answers=answers))


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
