"""What follows from an answer that is sure: it is kept, a change is said, and the conversation goes on."""

from collections.abc import Mapping
from dataclasses import replace

from conversations import details, readable
from conversations.asking import go_on, reopen, where_it_stands
from conversations.judging import Ground
from conversations.replies import Kind, Label, Reply
from conversations.session import Given, Session, Stage, Turn
from conversations.steps import STEPS, pending


def keep(session: Session, values: Mapping[str, Given], words: str, ground: Ground) -> Turn:
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
    values = {"what": Label(f"step.{step}"), "value": readable.answer(session, STEPS[step])}
    return Reply(Kind.SAY, "changed", values)
