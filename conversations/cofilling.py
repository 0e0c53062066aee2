"""An answer that a colleague fills in: read and judged like the merchant's own, kept as the colleague's."""

from collections.abc import Mapping
from dataclasses import replace

from conversations import judging, prompts, readable
from conversations.answers import Context, Problem, read
from conversations.asking import ask_again, assess, go_on
from conversations.events import StaffAnswered
from conversations.judging import Ground
from conversations.replies import Label, Reply
from conversations.session import Answer, Given, Session, Stage, Turn
from conversations.steps import CORE, DETAILS, STEPS, Calendar, Handle, Step
from scoring.calendar import day

#: what only the merchant can say: what is agreed to, whose account is read, and that all is right
_THEIR_OWN = frozenset({"consent", "check"})
FILLABLE = frozenset(
    step.id
    for step in (*CORE, *DETAILS, STEPS["licence_number"])
    if step.id not in _THEIR_OWN and not isinstance(step.reads, Handle)
)


def answered(session: Session, event: StaffAnswered, ground: Ground) -> Turn:
    """Keep the answer with who gave it; an application that was decided is decided anew."""
    if not session.yields_to(event.by):
        return _refused(session, prompts.say("desk.refused.held", name=session.holder_name))
    if not _open_to(session, event.step):
        return _refused(session, prompts.say("desk.refused.step"))
    found = _read(session, STEPS[event.step], event.text, ground)
    if isinstance(found, Problem):
        return _refused(session, prompts.say(found.key, **found.values))
    given = {
        step: Answer(value, event.text, event.at, source="staff", by=event.by)
        for step, value in found.items()
    }
    busy = session.unanswered and event.at  # who fills in answers is not silent
    after = replace(session, answers={**session.answers, **given}, unanswered=busy)
    what, value = Label(f"step.{event.step}"), readable.answer(after, STEPS[event.step])
    told = prompts.say("colleague.filled", name=event.name, what=what, value=value)
    return _followed(after, event.step).preceded_by(told)


def _open_to(session: Session, step: str) -> bool:
    if step not in FILLABLE or not session.known("consent"):
        return False
    trades = STEPS[step].trades
    fits = trades is None or session.value("trade") in trades
    return fits and session.stage not in (Stage.ACCEPTED, Stage.CLOSED)


def _read(session: Session, step: Step, text: str, ground: Ground) -> Mapping[str, Given] | Problem:
    signal = ground.words.signal(text)
    unknown = signal in ("skip", "unknown") or (signal == "none" and isinstance(step.reads, Calendar))
    if unknown and step.skip:
        return {step.id: None}
    reading = read((step,), text, Context(day(ground.at), ground.words))
    if reading is None:
        return Problem("desk.refused.unreadable")
    if isinstance(reading, Problem):
        return reading
    return judging.impossible(session, reading.values, ground) or reading.values


def _followed(session: Session, step: str) -> Turn:
    """Decided anew, or on with the questions: to the next one where this was the open one."""
    if session.stage is not Stage.APPLYING:
        return assess(session) if step != "licence_number" else go_on(session)
    return go_on(session) if session.waiting == step else ask_again(session)


def _refused(session: Session, why: Reply) -> Turn:
    return Turn(session, refused=why)
