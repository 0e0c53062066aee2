"""What happens when nothing happens: an open question is put once more, a silent colleague loses the word."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from conversations import speaker
from conversations.asking import ask_again
from conversations.events import TimeCame
from conversations.session import Session, Stage, Turn
from conversations.timers import Rhythm, has_come

#: a question left open for longer is not raised by us again
FORGOTTEN = timedelta(days=7)


def came(session: Session, event: TimeCame, rhythm: Rhythm) -> Turn:
    """What a timer does; nothing when the session has no such timer any more, or it is not due yet."""
    act = _CAME.get(event.name)
    return act(session, event.at) if act and has_come(session, event, rhythm) else Turn(session)


def _nudge(session: Session, at: datetime) -> Turn:
    """The open question again, with the word that stops this; one that has long been left is let be."""
    reminded = replace(session, reminded=session.seen)
    if session.seen is None or at - session.seen > FORGOTTEN:
        return Turn(reminded)
    opening = "nudge.offered" if session.stage is Stage.OFFERED else "nudge.open"
    again = ask_again(reminded)
    return replace(again, replies=(replace(again.replies[0], opening=opening), *again.replies[1:]))


_CAME: Mapping[str, Callable[[Session, datetime], Turn]] = {
    "nudge": _nudge,
    "silent": speaker.fell_silent,
}
