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
    after = replace(session, waiting=step, doubt=None, misses=0, again=(), clarifying=None)
    return Turn(after, (prompts.ask(after, step),) if step else ())


def apply_again(session: Session) -> Turn:
    """After a change from outside the application: what it leaves open is asked, else all is decided anew."""
    return go_on(replace(session, stage=Stage.APPLYING, chosen=None, acknowledged=False))


def refused(session: Session, key: str) -> Turn:
    """Nothing changes, and a colleague learns why; who has the word may be named in it."""
    return Turn(session, refused=prompts.say(key, name=session.holder_name))


def ask_again(session: Session, *first: Reply, answered: bool = False) -> Turn:
    """Say something, then put the open question once more; nothing else changes.

    Args:
        answered: the caller puts what is said first.
    """
    if session.doubt and session.waiting:
        return Turn(session, (*first, prompts.read_back(session, session.doubt)))
    if session.waiting is None:
        return Turn(session, first or (where_it_stands(session),))
    asked = prompts.ask(session, session.waiting)
    said_first = answered or (first and first[0].key != "language.changed")
    if session.waiting == "consent" and said_first:
        asked = replace(asked, key="ask.consent.again")  # the notice stands right above
    return Turn(session, (*first, asked))


def unclear(session: Session) -> Turn:
    """Not understood: said differently each time, and the third time a person is called."""
    missed, stuck = missing(session)
    if stuck:
        return ask_again(missed, prompts.say("unclear.person", prompts.PERSON))
    times = str(missed.misses) if missed.misses < STUCK else "waiting"
    return ask_again(missed, prompts.say(f"unclear.{times}"))


def missing(session: Session) -> tuple[Session, bool]:
    """One more miss in a row, and whether it is the one with which a person is called."""
    misses = session.misses + 1
    if misses != STUCK:
        return replace(session, misses=misses), False
    return replace(session, misses=misses, person=session.person or "stuck"), True


def unlike_before(session: Session, turn: Turn) -> Turn:
    """What would be said just as the time before is said to be said again."""
    keys = " ".join(reply.key for reply in turn.replies)
    said, _, times = session.told.partition("*")
    if not keys:
        return turn
    if keys != said or not _says_the_same(turn.replies[0]):
        return replace(turn, session=replace(turn.session, told=keys))
    count = int(times or 0) + 1
    first = turn.replies[0]
    opened = replace(first, opening=first.opening or f"again.{(count - 1) % 2 + 1}")
    told = replace(turn.session, told=f"{keys}*{count}")
    return replace(turn, session=told, replies=(opened, *turn.replies[1:]))


def _says_the_same(reply: Reply) -> bool:
    """Whether its key alone tells what is said: a figure in it may be another one."""
    return not reply.values or reply.key.startswith(("problem.", "ask."))


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
        clarifying=None,
        chosen=None,
        acknowledged=False,
        assessment=session.assessment + 1,
    )
    return Turn(again, said, (Assess(),))
