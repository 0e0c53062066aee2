"""What follows from an answer that is sure: it is kept, a change is said, and the conversation goes on."""

from collections.abc import Mapping
from dataclasses import replace

from conversations import details, judging, prompts, readable
from conversations.asking import apply_again, ask_again, go_on, where_it_stands
from conversations.judging import Ground
from conversations.replies import Label, Labels, Reply
from conversations.session import Given, Session, Stage, Turn
from conversations.steps import STEPS, open_core

_IN_THE_APPLICATION = (Stage.APPLYING, Stage.DETAILING)


def keep(session: Session, values: Mapping[str, Given], words: str, ground: Ground) -> Turn:
    """Store the values and go on; a changed answer is said to be changed."""
    after, said = kept(session, values, words, ground)
    return follow(session, after).preceded_by(*said)


def kept(
    session: Session, values: Mapping[str, Given], words: str, ground: Ground
) -> tuple[Session, tuple[Reply, ...]]:
    """The session with the values in it, and what is said of those that took the place of others."""
    if not values:
        return session, ()
    values = judging.with_implied(values)
    changed = [step for step in values if session.known(step) and session.value(step) != values[step]]
    answers = {**session.answers, **{step: ground.answer(value, words) for step, value in values.items()}}
    after = replace(
        session,
        answers=answers,
        doubt=session.doubt if session.doubt and session.doubt.keys().isdisjoint(values) else None,
        filled=tuple(values),
        replaced={step: session.value(step) for step in changed},
    )
    open_again = judging.in_question(session, after, ground) if changed else ()
    left = {step: answer for step, answer in after.answers.items() if step not in open_again}
    notes = [_changed(session, after, step) for step in changed]
    if open_again:
        notes.append(prompts.say("depends", what=Labels(tuple(f"step.{step}" for step in open_again))))
    return replace(after, answers=left), tuple(notes)


def _changed(session: Session, after: Session, step: str) -> Reply:
    was, now = (readable.answer(each, STEPS[step]) for each in (session, after))
    return prompts.say("changed", what=Label(f"step.{step}"), was=was, value=now)


def follow(session: Session, after: Session) -> Turn:
    """What comes after answers were kept: the interrupted question, the next one, or a new decision."""
    if session.stage not in _IN_THE_APPLICATION:
        return _outside(after)
    editing = session.waiting is not None and session.known(session.waiting) and not session.clarifying
    if after.doubt or (editing and session.waiting not in after.filled):
        return ask_again(after)
    if session.stage is Stage.APPLYING:
        return go_on(after)
    if open_core(after):
        return apply_again(after)
    return details.heard(after, after.filled)


def _outside(after: Session) -> Turn:
    """Before the application or after it: a licence's number changes no decision, anything else does."""
    if set(after.filled) != {"licence_number"}:
        return apply_again(after)
    return go_on(after) if after.stage is Stage.OFFERED else Turn(after, (where_it_stands(after),))
