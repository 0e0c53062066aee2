"""What happens when nothing happens: an open question is put once more, offers that run out are told of, a
silent colleague loses the word.

What is said to the merchant here was not asked for: it is said once, by day, and not to whoever said stop.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from conversations import duty, prompts, speaker
from conversations.asking import ask_again
from conversations.events import TimeCame
from conversations.session import Session, Stage, Turn
from conversations.timers import Rhythm, has_come
from conversations.validity import ends, lapsed

#: what has been left alone for longer is not raised by us again
FORGOTTEN = timedelta(days=7)


def came(session: Session, event: TimeCame, rhythm: Rhythm) -> Turn:
    """What a timer does; nothing when the session has no such timer any more, or it is not due yet."""
    act = _CAME.get(event.name)
    return act(session, event.at) if act and has_come(session, event, rhythm) else Turn(session)


def _nudge(session: Session, at: datetime) -> Turn:
    """The open question again, with the word that stops this; one that has long been left is let be."""
    reminded = replace(session, reminded=session.seen)
    if session.seen is None or at - session.seen > FORGOTTEN or lapsed(session, at):
        return Turn(reminded)
    opening = "nudge.offered" if session.stage is Stage.OFFERED else "nudge.open"
    again = ask_again(reminded)
    return replace(again, replies=(replace(again.replies[0], opening=opening), *again.replies[1:]))


def _lapse(session: Session, at: datetime) -> Turn:
    """That the offers have run out, and how to have them made anew."""
    end = ends(session)
    if session.decision is None or end is None:
        return Turn(session)
    told = replace(session, lapsed=session.decision.decision_id)
    if not session.reminders or at - end > FORGOTTEN:
        return Turn(told)
    last = session.decision.offers[0].expires
    return Turn(told, (prompts.say("offer.lapsed", prompts.OFFERS, expires=last),))


_CAME: Mapping[str, Callable[[Session, datetime], Turn]] = {
    "nudge": _nudge,
    "lapse": _lapse,
    "silent": speaker.fell_silent,
    "unheeded": duty.nobody_came,
}
