"""What is needed for a while only: known arrivals, and outbox rows that are done with."""

from datetime import datetime

from sqlalchemy import Connection, delete, select, tuple_

from conversations.store.handover import State
from conversations.tables import INBOX, OUTBOX

_FINISHED = (State.SENT.value, State.CANCELLED.value)
_KEY = (INBOX.c.channel, INBOX.c.arrival)


def forget_arrivals(connection: Connection, before: datetime, most: int) -> int:
    """Delete at most so many arrivals from before this time; how many it were."""
    old = select(*_KEY).where(INBOX.c.at < before).limit(most)
    return connection.execute(delete(INBOX).where(tuple_(*_KEY).in_(old))).rowcount


def forget_sent(connection: Connection, before: datetime, most: int) -> int:
    """The same for rows of the outbox that are sent or cancelled; the journal keeps what they said."""
    old = select(OUTBOX.c.id).where(OUTBOX.c.state.in_(_FINISHED), OUTBOX.c.due < before).limit(most)
    return connection.execute(delete(OUTBOX).where(OUTBOX.c.id.in_(old))).rowcount
