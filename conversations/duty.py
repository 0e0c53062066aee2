"""When somebody answers a merchant who asks for a person, and the words they may leave meanwhile. Pure."""

from dataclasses import replace
from datetime import datetime

from conversations import prompts
from conversations.asking import ask_again
from conversations.hours import DAY, Hours
from conversations.replies import Choice, Clause, Reply, Value
from conversations.session import Session, Turn
from scoring.calendar import CHINA, day

PROMISED = "human.noted"  #: the answer to who asks for a person


def promised(turn: Turn) -> bool:
    """Whether it says that a colleague will come."""
    return any(reply.key == PROMISED for reply in turn.replies)


def honest(turn: Turn, at: datetime, hours: Hours) -> Turn:
    """The same turn; outside the hours of the desk a person is promised for when it opens."""
    if not promised(turn) or hours.opening(at) == at:
        return turn
    return _instead(turn, "human.closed", opens=_when(hours.opening(at), at))


def unattended(turn: Turn) -> Turn:
    """The same turn, where the desk is open and nobody sits at it."""
    return _instead(turn, "human.absent")


def nobody_came(session: Session, _at: datetime) -> Turn:
    """The desk is open, and for longer than it should take nobody has come: said once for each wish."""
    told = replace(session, unheeded=session.person_since)
    return Turn(told, (replace(prompts.say("human.unheeded"), choices=_choices(session)),))


def message(session: Session, text: str) -> Turn:
    """Words for whoever comes: these, or those that come next."""
    if "consent" not in session.answers:  # what is written before is not kept
        return ask_again(session)
    wanted = replace(session, person=session.person or "asked", leaving=not text)
    if wanted.leaving:
        return Turn(wanted, (prompts.say("message.write"),))
    return ask_again(wanted, prompts.say("message.kept"))


def _instead(turn: Turn, key: str, **values: Value) -> Turn:
    """Said in place of the promise, with the words that may be left meanwhile."""

    def told(reply: Reply) -> Reply:
        if reply.key != PROMISED:
            return reply
        return replace(reply, key=key, values=values, choices=_choices(turn.session))

    return replace(turn, replies=tuple(map(told, turn.replies)))


def _choices(session: Session) -> tuple[Choice, ...]:
    return (prompts.MESSAGE,) if "consent" in session.answers else ()


def _when(moment: datetime, at: datetime) -> Clause:
    clock = f"{moment.astimezone(CHINA):%H:%M}"
    if day(moment) == day(at):
        return Clause("opens.today", {"clock": clock})
    if day(moment) == day(at + DAY):
        return Clause("opens.tomorrow", {"clock": clock})
    return Clause("opens.day", {"day": day(moment), "clock": clock})
