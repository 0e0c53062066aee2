"""A session that another release has left, fitted to the steps of this one.

Answers of steps that are gone stay where they are and are shown nowhere; an answer that its step no longer
takes is asked for again, and the earlier one stays in the record.
"""

from dataclasses import replace
from hashlib import sha256

from conversations.details import STAGES
from conversations.session import Answer, Session, Stage
from conversations.steps import CLOSING, CORE, DETAILS, STEPS, Band, Choice, Figure, Many, Step, pending


def _described(step: Step) -> str:
    return f"{step.id} {step.block} {type(step.reads).__name__} {_options(step)}"


def _options(step: Step) -> tuple[str, ...] | None:
    """The values that a step takes, None where they are too many to name."""
    match step.reads:
        case Choice(options=options) | Band(options=options) | Many(options=options):
            return options
        case Figure(among=terms) if terms:
            return tuple(str(term) for term in terms)
        case _:
            return None


#: names the table of steps: a session that carries another name was left by a release with another table
TABLE = sha256("\n".join(map(_described, (*CORE, *DETAILS, *CLOSING))).encode()).hexdigest()[:8]
_OPTIONS = {step.id: options for step in STEPS.values() if (options := _options(step))}


def fitted(session: Session) -> Session:
    """The session as this release understands it; `revised` where that changes what is asked."""
    if session.table == TABLE:
        return session
    answers = {step: answer for step, answer in session.answers.items() if _is_taken(step, answer)}
    doubt = session.doubt if session.doubt and session.doubt.keys() <= STEPS.keys() else None
    was = {step: value for step, value in session.was.items() if step in STEPS}
    known = replace(session, table=TABLE, answers=answers, doubt=doubt, was=was)
    if _is_settled(known) and len(answers) == len(session.answers):
        return known
    return replace(known if _is_settled(known) else _moved_on(known), revised=True)


def _is_taken(step: str, answer: Answer) -> bool:
    options = _OPTIONS.get(step)
    if options is None or answer.value is None:
        return True
    values = answer.value if isinstance(answer.value, list) else [answer.value]
    return all(str(value) in options for value in values)


def _is_settled(session: Session) -> bool:
    """Whether the open question, if there is one, is still one, and nothing new comes before the summary."""
    if session.waiting == "check":
        return pending(session) == "check"
    return session.waiting is None or session.waiting in STEPS


def _moved_on(session: Session) -> Session:
    """What is asked next instead; details that were being asked, and of which none is left, are over."""
    made = session.decision
    if session.stage is Stage.DETAILING and made is not None and pending(session) is None:
        session = replace(session, stage=STAGES[made.outcome], detailing=False)
    return replace(session, waiting=pending(session))
