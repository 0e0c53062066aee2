"""Going on: from what a session knows to the next question, or back to the one that is open."""

from dataclasses import replace

from conversations import prompts
from conversations.replies import Reply
from conversations.requests import Assess
from conversations.session import Session, Stage, Turn
from conversations.steps import pending

STUCK = 3  #: answers not understood in a row until a person is offered


def go_on(session: Session) -> Turn:
    """Ask the first thing still missing; an application that lacks nothing and was submitted is decided."""
    step = pending(session)
    if step is None and session.stage is Stage.APPLYING:
        return assess(session, prompts.say("assessing"))
    after = replace(session, waiting=step, doubt=None, misses=0, again=())
    return Turn(after, (prompts.ask(after, step),) if step else ())


def apply_again(session: Session) -> Turn:
    """After a change from outside the application: what it leaves open is asked, else all is decided anew."""
    return go_on(replace(session, stage=Stage.APPLYING, chosen=None, acknowledged=False))


def ask_again(session: Session, *first: Reply) -> Turn:
    """Say something, then put the open question once more; nothing else changes."""
    if session.doubt and session.waiting:
        return Turn(session, (*first, prompts.read_back(session, session.doubt)))
    if session.waiting is None:
        return Turn(session, first or (where_it_stands(session),))
    return Turn(session, (*first, prompts.ask(session, session.waiting)))


def unclear(session: Session) -> Turn:
    """Not understood: said differently each time, and the third time a person is offered."""
    misses = session.misses + 1
    missed = replace(session, misses=misses)
    if misses < STUCK:
        return ask_again(missed, prompts.say(f"unclear.{misses}"))
    stuck = replace(missed, misses=0, person=session.person or "stuck")
    return ask_again(stuck, prompts.say("unclear.person", prompts.PERSON))


def where_it_stands(session: Session) -> Reply:
    """One line on the state of the application, with what can be done now."""
    return prompts.say(f"stage.{session.stage}", *prompts.ways_on(session.stage))


def assess(session: Session, *said: Reply) -> Turn:
    """Decide anew from what is known now."""
    again = replace(
        session,
        stage=Stage.ASSESSING,
        waiting=None,
        doubt=None,
        misses=0,
        again=(),
        chosen=None,
        acknowledged=False,
        assessment=session.assessment + 1,
    )
    return Turn(again, said, (Assess(),))
