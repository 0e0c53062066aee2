"""What a conversation waits for that only time brings: derived from its state, kept as rows.

A turn writes the difference of what was derived before and after it. Moments are rounded up to the full hour,
so that a chat under way changes no row at every message. A row may be early and never late: whoever acts on
one derives anew whether its time has come.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from conversations import urgency
from conversations.events import Event, TimeCame
from conversations.hours import Hours
from conversations.session import BOT, Session, Stage
from conversations.validity import ends
from scoring.calendar import CHINA

HOUR = timedelta(hours=1)
#: the farthest ahead that a row is set; due later than that, it was set by a clock that has since gone back
FARTHEST = timedelta(days=60)
NONE: Mapping[str, datetime | None] = {}


@dataclass(frozen=True)
class Rhythm:
    """How long things may rest, and when somebody may be written to who did not just write, in China."""

    nudge_after: timedelta = timedelta(days=1)  #: of silence on an open question
    silent_after: timedelta = timedelta(
        minutes=5
    )  #: in which a colleague who has the word lets a merchant wait
    first_hour: time = time(9)
    last_hour: time = time(21)  #: from here on it is night
    hours: Hours = field(default_factory=Hours)  #: in which colleagues sit at the desk

    def in_daytime(self, moment: datetime) -> datetime:
        """The same moment, or the morning after when it falls into the night."""
        there = moment.astimezone(CHINA)
        if self.first_hour <= there.time() < self.last_hour:
            return moment
        later = there + timedelta(days=there.time() >= self.last_hour)
        return datetime.combine(later.date(), self.first_hour, CHINA)


RHYTHM = Rhythm()


def timers(session: Session, at: datetime, rhythm: Rhythm = RHYTHM) -> Mapping[str, datetime]:
    """When each timer of the session falls due, by name; none of them before `at`."""
    due = ((name, when(session, at, rhythm)) for name, when in _TIMERS.items())
    return {name: min(moment, at + FARTHEST) for name, moment in due if moment is not None}


def changed(
    before: Session, after: Session, event: Event, rhythm: Rhythm = RHYTHM
) -> Mapping[str, datetime | None]:
    """What has to be written: timers set anew by their due time, those that ended by None.

    An event of a timer writes them all, and heals what an older release or a wrong clock has set.
    """
    was, now = timers(before, event.at, rhythm), timers(after, event.at, rhythm)
    came = isinstance(event, TimeCame)
    if was == now and not came:
        return NONE
    ended = (*was, event.name) if isinstance(event, TimeCame) else was
    anew = {name: due for name, due in now.items() if came or was.get(name) != due}
    return {**{name: None for name in ended if name not in now}, **anew}


def has_come(session: Session, event: TimeCame, rhythm: Rhythm = RHYTHM) -> bool:
    """Whether the session still has such a timer, and it is due."""
    due = timers(session, event.at, rhythm).get(event.name)
    return due is not None and due <= event.at


def _nudge(session: Session, at: datetime, rhythm: Rhythm) -> datetime | None:
    """A reminder of the open question: one for each silence, to whoever agreed and did not say stop."""
    silent = session.waiting is not None and session.seen is not None and session.reminded != session.seen
    if not silent or session.holder != BOT or not session.reminders or "consent" not in session.answers:
        return None
    return rhythm.in_daytime(max(_quiet_for(session, at, rhythm.nudge_after), at))


def _silent(session: Session, at: datetime, rhythm: Rhythm) -> datetime | None:
    """When a colleague has left the merchant without an answer for too long."""
    if session.holder == BOT or session.unanswered is None:
        return None
    return max(min(session.unanswered, at) + rhythm.silent_after, at)


def _unheeded(session: Session, at: datetime, rhythm: Rhythm) -> datetime | None:
    """When somebody should have come to a merchant who asked for a person, the desk being open."""
    asked = session.person_since if session.person == "asked" and session.holder == BOT else None
    if asked is None or session.unheeded == asked:
        return None
    within = urgency.WITHIN[urgency.level(session)]
    return max(rhythm.hours.opening(rhythm.hours.opening(min(asked, at)) + within), at)


def _lapse(session: Session, at: datetime, rhythm: Rhythm) -> datetime | None:
    """The offers run out: told once."""
    made, end = session.decision, ends(session)
    if made is None or end is None or session.stage is not Stage.OFFERED or session.holder != BOT:
        return None
    return None if session.lapsed == made.decision_id else rhythm.in_daytime(max(end, at))


def _quiet_for(session: Session, at: datetime, span: timedelta) -> datetime:
    """The full hour from which on the merchant has said nothing for so long."""
    heard = min(session.seen or at, at)  # heard later than now: by a clock that has since gone back
    return _full_hour(heard + span)


def _full_hour(moment: datetime) -> datetime:
    """
    >>> str(_full_hour(datetime.fromisoformat("2026-11-24T09:00:01+00:00")))
    '2026-11-24 10:00:00+00:00'
    """
    begun = moment.replace(minute=0, second=0, microsecond=0)
    return begun if begun == moment else begun + HOUR


_TIMERS: Mapping[str, Callable[[Session, datetime, Rhythm], datetime | None]] = {
    "nudge": _nudge,
    "silent": _silent,
    "lapse": _lapse,
    "unheeded": _unheeded,
}
