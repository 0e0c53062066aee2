"""How long offers stand: to the end of a day in China, the same for all that were made together."""

from datetime import datetime, time, timedelta

from conversations.session import Session
from scoring.calendar import CHINA, day


def ends(session: Session) -> datetime | None:
    """The moment from which on the offers of the session's decision stand no more; None without offers."""
    if session.decision is None or not session.decision.offers:
        return None
    last = session.decision.offers[0].expires
    return datetime.combine(last + timedelta(days=1), time(), CHINA)


def lapsed(session: Session, at: datetime) -> bool:
    """Whether there were offers, and they have run out."""
    made = session.decision
    return made is not None and bool(made.offers) and day(at) > made.offers[0].expires
