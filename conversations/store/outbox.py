"""Messages to push, in order for each contact: a row first, sent after the commit, checked again then.

A row is `queued`, then `sending` by one process, then settled. A process that dies leaves rows `sending`;
whoever finds them takes them up, so a message may come twice and never not at all.
"""

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, or_, select, tuple_, update
from sqlalchemy import Row as Found

from conversations.crashpoints import crashpoint
from conversations.session import BOT, Session
from conversations.store import journal
from conversations.store.handover import Queued, Settled, State
from conversations.store.ledger import Ledger
from conversations.store.message import Contact, Message
from conversations.store.receipts import Row, receipt
from conversations.store.sessions import reach
from conversations.tables import CONTACTS, MESSAGES, OUTBOX, SESSIONS

NOTICE = "notice"
UNSETTLED = (State.QUEUED.value, State.SENDING.value)
AT_ONCE = 8  #: messages of one contact taken together
#: the longest a message is held; due later than that, it was held by a clock that has since gone back
LONGEST_HOLD = timedelta(minutes=1)


@dataclass(frozen=True)
class Reachable:
    """A contact that can be written to; `free` when nothing is on its way there."""

    contact: Contact
    free: bool


_HEAD, _EARLIER = OUTBOX.alias("head"), OUTBOX.alias("earlier")
_REACHABLE = select(
    CONTACTS.c.session_id,
    CONTACTS.c.channel,
    CONTACTS.c.address,
    (
        ~exists().where(
            OUTBOX.c.state.in_(UNSETTLED),
            OUTBOX.c.channel == CONTACTS.c.channel,
            OUTBOX.c.address == CONTACTS.c.address,
        )
    ).label("free"),
).where(
    # the channel is not asked for: SQLite would rather read all of a channel's contacts than find these
    CONTACTS.c.session_id.in_(bindparam("ids", expanding=True)),
    CONTACTS.c.alive,
)
#: contacts whose oldest unsettled message may go now
_DUE = (
    select(_HEAD.c.channel, _HEAD.c.address)
    .where(
        _HEAD.c.state == State.QUEUED.value,
        or_(_HEAD.c.due <= bindparam("now"), _HEAD.c.due > bindparam("latest")),
        _HEAD.c.channel.in_(bindparam("channels", expanding=True)),
        ~exists().where(
            _EARLIER.c.state.in_(UNSETTLED),
            _EARLIER.c.channel == _HEAD.c.channel,
            _EARLIER.c.address == _HEAD.c.address,
            _EARLIER.c.id < _HEAD.c.id,
        ),
    )
    .order_by(_HEAD.c.due, _HEAD.c.id)
    .limit(bindparam("most"))
)
_AMONG = tuple_(OUTBOX.c.channel, OUTBOX.c.address).in_(bindparam("contacts", expanding=True))
_CLAIM = (
    select(CONTACTS.c.channel, CONTACTS.c.address)
    .where(tuple_(CONTACTS.c.channel, CONTACTS.c.address).in_(bindparam("contacts", expanding=True)))
    .with_for_update(skip_locked=True)
)
_ROWS = (
    select(
        OUTBOX.c.id.label("row"),
        OUTBOX.c.channel,
        OUTBOX.c.address,
        OUTBOX.c.state,
        OUTBOX.c.due,
        OUTBOX.c.attempts,
        OUTBOX.c.sender.label("by"),
        OUTBOX.c.epoch,
        (OUTBOX.c.epoch == SESSIONS.c.epoch).label("current"),
        MESSAGES,
    )
    .join(SESSIONS, SESSIONS.c.id == OUTBOX.c.session_id)
    .join(MESSAGES, (MESSAGES.c.session_id == OUTBOX.c.session_id) & (MESSAGES.c.n == OUTBOX.c.n))
    .where(OUTBOX.c.state.in_(UNSETTLED), _AMONG)
    .order_by(OUTBOX.c.channel, OUTBOX.c.address, OUTBOX.c.id)
)
_MARK = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(bindparam("rows", expanding=True)))
    .values(state=bindparam("new_state"), worker=bindparam("by"))
)
_SENT_BY = update(OUTBOX).where(
    OUTBOX.c.session_id == bindparam("key_session"),
    OUTBOX.c.n == bindparam("key_n"),
    OUTBOX.c.channel == bindparam("key_channel"),
    OUTBOX.c.address == bindparam("key_address"),
    OUTBOX.c.worker == bindparam("by"),
    OUTBOX.c.state == State.SENDING.value,
)
_SETTLE = _SENT_BY.values(
    state=bindparam("new_state"),
    error=bindparam("why"),
    due=func.coalesce(bindparam("not_before", type_=OUTBOX.c.due.type), OUTBOX.c.due),
    attempts=OUTBOX.c.attempts + bindparam("failures"),
    worker=None,
    remote=bindparam("number"),
)
_QUEUED = OUTBOX.c.state == State.QUEUED.value
_LEFT = select(
    exists().where(_QUEUED, OUTBOX.c.due <= bindparam("now")),
    select(func.min(OUTBOX.c.due)).where(_QUEUED, OUTBOX.c.due > bindparam("now")).scalar_subquery(),
)
_EPOCH = select(SESSIONS.c.epoch).where(SESSIONS.c.id == bindparam("id"))
_REMOTE = select(OUTBOX.c.remote).where(
    OUTBOX.c.session_id == bindparam("whose"),
    OUTBOX.c.n == bindparam("n"),
    OUTBOX.c.channel == bindparam("channel"),
    OUTBOX.c.address == bindparam("address"),
)
_SILENCE = (
    update(OUTBOX)
    .where(
        OUTBOX.c.session_id == bindparam("whose"),
        OUTBOX.c.sender == BOT,
        OUTBOX.c.epoch < bindparam("now_in"),
        OUTBOX.c.state == State.QUEUED.value,
    )
    .values(state=State.CANCELLED.value)
)
_QUEUE_AGAIN = _SENT_BY.values(state=State.QUEUED.value, worker=None)


def reachable(
    connection: Connection, ids: Collection[str], channels: Collection[str]
) -> Mapping[str, list[Reachable]]:
    """The contacts of these sessions that messages can be pushed to."""
    found: dict[str, list[Reachable]] = {}
    if ids and channels:
        for row in connection.execute(_REACHABLE, {"ids": list(ids)}):
            if row.channel in channels:
                contact = Contact(row.channel, row.address)
                found.setdefault(row.session_id, []).append(Reachable(contact, bool(row.free)))
    return found


def add(  # noqa: PLR0913  # who says what to whom, when, and who may send it
    ledger: Ledger,
    session: Session,
    messages: Sequence[Message],
    to: Iterable[Reachable],
    now: datetime,
    *,
    at_once: Collection[str] = (),
    worker: str | None = None,
) -> list[Queued]:
    """Queue messages for every contact; those returned are this worker's, of the channels `at_once`."""
    mine: list[Queued] = []
    for each in to:
        # what edits another is sent by a round, which knows the channel's number of the other
        direct = each.free and each.contact.channel in at_once and not any(map(_edits, messages))
        ledger.add(
            OUTBOX, [_columns(session, m, each.contact, now, worker if direct else None) for m in messages]
        )
        if direct:
            mine += [
                Queued(session.id, each.contact, m, session.language, now, epoch=_epoch(session, m))
                for m in messages
            ]
    return mine


def silence(connection: Connection, epochs: Mapping[str, int]) -> None:
    """Take back what the bot queued in these conversations before this epoch, and nobody sends yet."""
    if epochs:
        connection.execute(_SILENCE, [{"whose": each, "now_in": epoch} for each, epoch in epochs.items()])
        crashpoint("bot silenced")


def is_epoch(connection: Connection, session_id: str, epoch: int) -> bool:
    """Whether nobody has taken the word since this epoch began, as far as is committed."""
    found = connection.execute(_EPOCH, {"id": session_id}).scalar_one_or_none()
    return bool(found == epoch)


def take(
    connection: Connection, worker: str, channels: Collection[str], now: datetime, most: int
) -> list[list[Queued]]:
    """Mark as this worker's, and return, what may go now to at most so many contacts: a list for each.

    What the bot queued before it lost the conversation is cancelled here.
    """
    asked = {"now": now, "latest": now + LONGEST_HOLD, "channels": list(channels), "most": most}
    heads = [(row.channel, row.address) for row in connection.execute(_DUE, asked)] if channels else []
    if not heads:
        return []
    if connection.dialect.name == "postgresql":  # one process at a time looks at a contact
        heads = [(row.channel, row.address) for row in connection.execute(_CLAIM, {"contacts": heads})]
    rows = connection.execute(_ROWS, {"contacts": heads}).all() if heads else []
    taken, stale = [], []
    for _, group in groupby(rows, lambda row: (row.channel, row.address)):
        due = list(_due(list(group), now))
        stale += [row.row for row in due if not _current(row)]
        taken.append([row for row in due if _current(row)])
    _mark(connection, stale, State.CANCELLED, None)
    _mark(connection, [row.row for group in taken for row in group], State.SENDING, worker)
    crashpoint("messages taken")
    return [[_numbered(connection, _queued(row)) for row in group] for group in taken if group]


def settle(connection: Connection, worker: str, notes: Sequence[Settled]) -> None:
    """Note what became of this worker's messages."""
    if told := [_note(worker, note) for note in notes if not note.gone]:
        connection.execute(_SETTLE, told)
        crashpoint("messages noted")
    for gone in (note for note in notes if note.gone):
        # one noted before, by a commit whose answer was lost, must not mute a merchant who has come back
        if connection.execute(_SETTLE, _note(worker, gone)).rowcount:
            _unreachable(connection, gone.queued.contact, gone.why)


def release(connection: Connection, worker: str) -> None:
    """Queue again what this process was going to send and will not: it stops, and sends nothing any more."""
    mine = (OUTBOX.c.state == State.SENDING.value, OUTBOX.c.worker == worker)
    connection.execute(update(OUTBOX).where(*mine).values(state=State.QUEUED.value, worker=None))


def left(connection: Connection, now: datetime) -> tuple[bool, datetime | None]:
    """Whether messages wait that may go, and when the next one may that is held."""
    waits, due = connection.execute(_LEFT, {"now": now}).one()
    return bool(waits), due


def recover(connection: Connection, live: Collection[str], receipts: Collection[bytes] = ()) -> int:
    """Queue again what a dead process was sending and left no receipt of; how many messages that were."""
    orphaned = (OUTBOX.c.state == State.SENDING.value, OUTBOX.c.worker.not_in(list(live)))
    if receipts:
        found = connection.execute(select(OUTBOX).where(*orphaned))
        _mark(connection, [row.id for row in found if _receipt(row) in receipts], State.SENT, None)
    return connection.execute(
        update(OUTBOX).where(*orphaned).values(state=State.QUEUED.value, worker=None)
    ).rowcount


def sending(connection: Connection, worker: str) -> list[Row]:
    """What is marked as being sent by this worker."""
    marked = select(OUTBOX.c.session_id, OUTBOX.c.n, OUTBOX.c.channel, OUTBOX.c.address).where(
        OUTBOX.c.state == State.SENDING.value, OUTBOX.c.worker == worker
    )
    return [(row.session_id, row.n, Contact(row.channel, row.address)) for row in connection.execute(marked)]


def queue_again(connection: Connection, worker: str, rows: Collection[Row]) -> None:
    """Let these of the worker's rows be taken anew."""
    connection.execute(_QUEUE_AGAIN, [_named(worker, row) for row in rows])


def _due(rows: list[Found[Any]], now: datetime) -> Iterable[Found[Any]]:
    """The first rows of one contact that may go, none when another process is writing to it."""
    if any(row.state == State.SENDING.value for row in rows):
        return ()
    together = [n for n, row in enumerate(rows) if row.data.get("edits")]
    most = max(1, together[0]) if together else AT_ONCE  # an edit waits until the other has its number
    return itertools.takewhile(
        lambda row: not now < row.due <= now + LONGEST_HOLD, rows[: min(most, AT_ONCE)]
    )


def _current(row: Found[Any]) -> bool:
    return bool(row.current) or row.by != BOT


def _mark(connection: Connection, rows: list[int], state: State, worker: str | None) -> None:
    if rows:
        connection.execute(_MARK, {"rows": rows, "new_state": state.value, "by": worker})


def _receipt(row: Found[Any]) -> bytes:
    return receipt(row.worker, (row.session_id, row.n, Contact(row.channel, row.address)))


def _named(worker: str, row: Row) -> dict[str, Any]:
    session_id, n, contact = row
    return {
        "key_session": session_id,
        "key_n": n,
        "key_channel": contact.channel,
        "key_address": contact.address,
        "by": worker,
    }


def _note(worker: str, note: Settled) -> dict[str, Any]:
    return _named(worker, note.queued.row) | {
        "new_state": note.state.value,
        "why": note.why,
        "not_before": note.due,
        "failures": int(note.failed),
        "number": note.remote,
    }


def _unreachable(connection: Connection, contact: Contact, why: str | None) -> None:
    """Stop writing to this contact until it is heard from again."""
    reach(connection, contact, alive=False)
    waiting = (
        OUTBOX.c.state == State.QUEUED.value,
        OUTBOX.c.channel == contact.channel,
        OUTBOX.c.address == contact.address,
    )
    connection.execute(update(OUTBOX).where(*waiting).values(state=State.CANCELLED.value, error=why))


def _queued(row: Found[Any]) -> Queued:
    contact = Contact(row.channel, row.address)
    epoch = row.epoch if row.by == BOT else None
    return Queued(row.session_id, contact, journal.from_row(row), row.language, row.at, row.attempts, epoch)


def _numbered(connection: Connection, queued: Queued) -> Queued:
    """With the channel's number of the message that is edited, if it is known."""
    edited = _edits(queued.message)
    if edited is None:
        return queued
    _, _, contact = queued.row
    named = {"whose": queued.session_id, "n": edited, "channel": contact.channel, "address": contact.address}
    remote = connection.execute(_REMOTE, named).scalar()
    data = {**queued.message.data, "remote": remote}
    return replace(queued, message=replace(queued.message, data=data))


def _edits(message: Message) -> int | None:
    """The number of the message in whose place this one stands."""
    found: int | None = message.data.get("edits")
    return found


def _by(session: Session, message: Message) -> str:
    """Whose word a message needs: an answer that the bot owes a merchant who talks to a person needs none."""
    return NOTICE if message.sender == BOT and session.holder != BOT else message.sender


def _epoch(session: Session, message: Message) -> int | None:
    return session.epoch if _by(session, message) == BOT else None


def _columns(
    session: Session, message: Message, contact: Contact, now: datetime, worker: str | None
) -> dict[str, Any]:
    return {
        "session_id": session.id,
        "n": message.n,
        "channel": contact.channel,
        "address": contact.address,
        "sender": _by(session, message),
        "epoch": session.epoch,
        "state": (State.SENDING if worker else State.QUEUED).value,
        "attempts": 0,
        "due": now,
        "worker": worker,
    }
