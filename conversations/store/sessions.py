"""Arrivals, contacts and the session row: what a turn reads first and writes last, for many turns at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import ColumnElement, Connection, bindparam, or_, select, update

from conversations import session, urgency
from conversations.crashpoints import crashpoint
from conversations.session import Session
from conversations.store.database import Contended
from conversations.store.ledger import Ledger
from conversations.store.message import Contact
from conversations.store.statements import insert_once
from conversations.tables import CONTACTS, INBOX, SESSIONS

_FIND = select(CONTACTS.c.session_id).where(
    CONTACTS.c.channel == bindparam("channel"), CONTACTS.c.address == bindparam("address")
)
_READ = select(SESSIONS.c.state).where(SESSIONS.c.id == bindparam("id"))
# locked in one order by everybody, so that two groups cannot wait for each other
_LOCK = (
    select(SESSIONS.c.id, SESSIONS.c.state, SESSIONS.c.counter)
    .where(SESSIONS.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(SESSIONS.c.id)
    .with_for_update()
)
_MEET = (
    select(CONTACTS.c.address, CONTACTS.c.alive, SESSIONS.c.id, SESSIONS.c.state, SESSIONS.c.counter)
    .join(SESSIONS, SESSIONS.c.id == CONTACTS.c.session_id)
    .where(
        CONTACTS.c.channel == bindparam("channel"),
        CONTACTS.c.address.in_(bindparam("addresses", expanding=True)),
    )
    .order_by(SESSIONS.c.id)
    .with_for_update(of=SESSIONS)
)
_SEEN = select(INBOX.c.arrival).where(
    INBOX.c.channel == bindparam("channel"), INBOX.c.arrival.in_(bindparam("arrivals", expanding=True))
)
_HELD = select(CONTACTS.c.session_id, CONTACTS.c.before).where(
    CONTACTS.c.channel == bindparam("channel"), CONTACTS.c.address == bindparam("address")
)
_ELSEWHERE = (
    select(CONTACTS.c.address)
    .where(
        CONTACTS.c.session_id == bindparam("id"),
        or_(CONTACTS.c.channel != bindparam("channel"), CONTACTS.c.address != bindparam("address")),
    )
    .limit(1)
)
_ALIVE = (
    update(CONTACTS)
    .where(CONTACTS.c.channel == bindparam("key_channel"), CONTACTS.c.address == bindparam("key_address"))
    .values(alive=bindparam("alive"))
)


@dataclass(frozen=True)
class Stored:
    """A session as it was read, with the number of its newest message; `fresh` when it is not kept yet."""

    session: Session
    counter: int
    fresh: bool = False


def seen(connection: Connection, arrivals: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those arrivals, as (channel, arrival), that were applied before."""
    found: set[tuple[str, str]] = set()
    for channel, group in groupby(sorted(arrivals), key=lambda arrival: arrival[0]):
        rows = connection.execute(_SEEN, {"channel": channel, "arrivals": [arrival for _, arrival in group]})
        found.update((channel, row.arrival) for row in rows)
    return found


def meet(connection: Connection, contacts: Iterable[Contact]) -> dict[Contact, Stored]:
    """The conversations of contacts that just wrote, locked; who was out of reach can be written to again."""
    found: dict[Contact, Stored] = {}
    for channel, group in groupby(
        sorted(contacts, key=attrgetter("channel", "address")), attrgetter("channel")
    ):
        asked = {"channel": channel, "addresses": [contact.address for contact in group]}
        for row in connection.execute(_MEET, asked).all():
            contact = Contact(channel, row.address)
            found[contact] = _stored(row.state, row.counter)
            if not row.alive:
                reach(connection, contact, alive=True)
    return found


def lock(connection: Connection, ids: Iterable[str]) -> dict[str, Stored]:
    """The sessions of these ids that exist, which nobody else can change before this transaction ends."""
    wanted = list(ids)
    rows = connection.execute(_LOCK, {"ids": wanted}).all() if wanted else ()
    return {row.id: _stored(row.state, row.counter) for row in rows}


def find(connection: Connection, contact: Contact) -> str | None:
    """The conversation of a contact."""
    found: str | None = connection.execute(_FIND, _key(contact)).scalar_one_or_none()
    return found


def read(connection: Connection, session_id: str) -> Session | None:
    row = connection.execute(_READ, {"id": session_id}).one_or_none()
    return None if row is None else session.load(row.state)


def reach(connection: Connection, contact: Contact, *, alive: bool) -> None:
    """Note whether the contact can be written to."""
    connection.execute(
        _ALIVE, {"key_channel": contact.channel, "key_address": contact.address, "alive": alive}
    )


def reach_once(connection: Connection, contact: Contact, arrival: str, now: datetime, *, alive: bool) -> None:
    """The same, unless this arrival has said it before: a late copy would mute whoever is back since."""
    if insert_once(connection, INBOX, {"channel": contact.channel, "arrival": arrival, "at": now}):
        reach(connection, contact, alive=alive)


def begin(ledger: Ledger, contact: Contact, first: Session, counter: int, now: datetime) -> None:
    """Keep a conversation's first state.

    Raises:
        Contended: the contact has just got another one.
    """
    ledger.add(SESSIONS, [{"id": first.id, "created": now, **_columns(first, counter, now)}])
    ledger.flush()
    if not insert_once(ledger.connection, CONTACTS, {**_key(contact), "session_id": first.id, "alive": True}):
        raise Contended(contact.channel)
    crashpoint("conversation begun")


def move(connection: Connection, contact: Contact, session_id: str, left: str | None) -> None:
    """The contact holds this conversation from now on; `left` is the one it may want to go back to."""
    held = connection.execute(_HELD, _key(contact)).one_or_none()
    if held is None:
        insert_once(connection, CONTACTS, {**_key(contact), "session_id": session_id, "alive": True})
    elif held.session_id != session_id:
        earlier = None if held.before == session_id else held.before
        kept = _kept(connection, contact, held.session_id, earlier, left)
        moved = update(CONTACTS).where(*_is(contact))
        connection.execute(moved.values(session_id=session_id, alive=True, before=kept))
    crashpoint("device moved")


def _kept(
    connection: Connection, contact: Contact, held: str, earlier: str | None, left: str | None
) -> str | None:
    """Of two conversations to go back to the one that no other device holds."""
    if earlier is None or left is None:
        return left or earlier
    return earlier if connection.execute(_ELSEWHERE, {"id": held, **_key(contact)}).first() else left


def before(connection: Connection, contact: Contact) -> str | None:
    """The conversation that the contact held before the one it was brought into."""
    held = connection.execute(_HELD, _key(contact)).one_or_none()
    return None if held is None else held.before


def save(ledger: Ledger, before: Stored, after: Session, counter: int, now: datetime) -> None:
    """Replace the session that was read."""
    ledger.save({"key": after.id, "read_version": before.session.version, **_columns(after, counter, now)})


def arrived(ledger: Ledger, channel: str, arrival: str, now: datetime) -> None:
    """The arrival is known from here on."""
    ledger.add(INBOX, [{"channel": channel, "arrival": arrival, "at": now}])


def _stored(state: str, counter: int) -> Stored:
    return Stored(session.load(state), counter)


def _key(contact: Contact) -> Mapping[str, str]:
    return {"channel": contact.channel, "address": contact.address}


def _is(contact: Contact) -> tuple[ColumnElement[bool], ...]:
    return CONTACTS.c.channel == contact.channel, CONTACTS.c.address == contact.address


def _name(kept: Session) -> str:
    """What colleagues call it: the shop's account, or else the owner's."""
    known = kept.accounts.get("brand") or kept.accounts.get("personal")
    return (known.screen_name or known.handle) if known else ""


def _columns(kept: Session, counter: int, now: datetime) -> dict[str, object]:
    return {
        "state": session.dump(kept),
        "stage": kept.stage.value,
        "language": kept.language,
        "holder": kept.holder,
        "epoch": kept.epoch,
        "person": kept.person,
        "person_since": kept.person_since,
        "answer_by": urgency.answer_by(kept),
        "priority": urgency.level(kept),
        "snoozed_until": kept.snoozed_until,
        "name": _name(kept),
        "conditions": ",".join(each.state for each in kept.conditions),
        "version": kept.version,
        "counter": counter,
        "updated": now,
    }
