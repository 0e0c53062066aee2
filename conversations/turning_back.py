"""Turning back: to the question before, out of the application, into it again, or to its beginning."""

from dataclasses import replace

from conversations import details, outcomes, prompts, readable, urgency
from conversations.accounts import let_go
from conversations.asking import ask_again, go_on, where_it_stands
from conversations.replies import Choice, Clause, Clauses, Label
from conversations.session import Session, Stage, Turn
from conversations.steps import BLOCKS, DETAIL_BLOCKS, STEPS, members

_CLOSING = ("licence_number", "acknowledge", "accept")
_ASKING = (Stage.APPLYING, Stage.DETAILING)


def back(session: Session) -> Turn | None:
    """The prompt before the open one, with its answers; None where no application is being filled in."""
    if session.stage is Stage.OFFERED and session.waiting in _CLOSING:
        return go_on(replace(session, chosen=None, acknowledged=False))
    if session.waiting is None or session.stage not in _ASKING or session.clarifying:
        return None
    before = _block_before(session, STEPS[session.waiting].block)
    if before is None:
        return ask_again(session, prompts.say("back.first"))
    known = [step for step in members(before) if session.known(step.id)]
    opened = replace(
        session,
        waiting=known[0].id,
        again=tuple(step.id for step in members(before)),
        doubt=None,
        misses=0,
        clarifying=None,
    )
    answers = tuple(
        Clause("noted.one", {"what": Label(f"step.{step.id}"), "value": readable.answer(session, step)})
        for step in known
    )
    return Turn(opened, (prompts.say("back.now", answers=Clauses(answers)), prompts.ask(opened, known[0].id)))


def _block_before(session: Session, block: str) -> str | None:
    blocks = (*BLOCKS, *DETAIL_BLOCKS)
    earlier = [
        each for each in blocks[: blocks.index(block)]
        if each != "consent" and any(session.known(step.id) for step in members(each))
    ]  # fmt: skip
    return next((each for each in reversed(earlier) if each != "check"), None)


def no_consent(session: Session) -> Turn:
    """Somebody does not agree: nothing is processed, and they may still change their mind."""
    return ask_again(session, prompts.say("consent.refused"))


def cancel(session: Session) -> Turn:
    """Break off at once: nothing is asked any more, and nothing is lost until something new is begun."""
    if session.stage is Stage.ACCEPTED:
        return Turn(session, (prompts.say("cancel.accepted", prompts.PERSON),))
    if not session.known("consent"):
        return no_consent(session)
    if session.stage is Stage.CLOSED:
        return Turn(session, (where_it_stands(session),))
    closed = replace(
        session,
        stage=Stage.CLOSED,
        waiting=None,
        doubt=None,
        again=(),
        clarifying=None,
        misses=0,
        chosen=None,
        acknowledged=False,
        person=urgency.still_wanted(session),
    )
    return Turn(closed, (prompts.say("cancelled", *prompts.ways_on(Stage.CLOSED)),))


def resume(session: Session) -> Turn:
    """Go on where the merchant broke off; anywhere else the open question stands."""
    if session.stage is not Stage.CLOSED or not session.answers:
        return ask_again(session)
    made = session.decision
    if made is None:
        return go_on(replace(session, stage=Stage.APPLYING)).preceded_by(prompts.say("resumed"))
    if session.detailing:
        return details.on(replace(session, stage=Stage.DETAILING)).preceded_by(prompts.say("resumed"))
    stage = details.STAGES[made.outcome]
    person = urgency.of_decision(made) if stage is Stage.REFERRED else session.person
    again = replace(session, stage=stage, person=person)
    return go_on(again).preceded_by(*outcomes.decision(again))


def restart(session: Session, *, sure: bool) -> Turn:
    """A fresh application; the consent stays, answers and accounts are put aside, kept only in the record."""
    if session.stage is Stage.ACCEPTED:
        return Turn(session, (prompts.say("edit.accepted", prompts.PERSON),))
    if not (sure or session.stage is Stage.CLOSED or len(session.answers) < 2):
        keep = (Choice("/restart yes", "choice.restart_yes"), Choice("/status", "choice.keep_going"))
        return Turn(session, (prompts.say("restart.sure", *keep),))
    agreed = {step: answer for step, answer in session.answers.items() if step == "consent"}
    freed, withdrawn = let_go(session, *session.accounts)
    fresh = replace(freed.emptied(agreed), person=urgency.still_wanted(session))
    return go_on(fresh).preceded_by(prompts.say("restart.done")).requesting(*withdrawn)
