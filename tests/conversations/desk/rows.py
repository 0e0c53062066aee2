"""Conversations put straight into the tables, as turns would have left them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from conversations import session
from conversations.session import BOT, Account, Session
from conversations.store import Contact
from conversations.tables import CONTACTS, MESSAGES, SESSIONS
from tests.conversations.toy import START


@dataclass(frozen=True)
class Row:
    """One conversation: who has the word, why and since when a person is wanted, what was said last."""

    id: str
    said: tuple[str, ...] = ()
    name: str = ""
    holder: str = BOT
    person: str | None = None
    stage: str = "applying"
    answer_by: datetime | None = None
    snoozed_until: datetime | None = None
    updated: datetime = START


def waiting(id: str, minutes: int, **more: Any) -> Row:
    """Somebody who should have an answer so many minutes after the start."""
    return Row(id, person="asked", answer_by=START + timedelta(minutes=minutes), **more)


def put(connection: Connection, *rows: Row) -> None:
    for row in rows:
        connection.execute(insert(SESSIONS), _session(row))
        contact = Contact("web", f"address of {row.id}")
        connection.execute(
            insert(CONTACTS),
            {"channel": contact.channel, "address": contact.address, "session_id": row.id, "alive": True},
        )
        for n, text in enumerate(row.said, 1):
            connection.execute(insert(MESSAGES), message(row.id, n, text))


def message(session_id: str, n: int, text: str, sender: str = "merchant") -> dict[str, Any]:
    return {
        "session_id": session_id,
        "n": n,
        "sender": sender,
        "kind": "say",
        "text": text,
        "choices": [],
        "data": {},
        "language": "en",
        "at": START,
    }


def _session(row: Row) -> dict[str, Any]:
    kept = Session(row.id, holder=row.holder, person=row.person)
    if row.name:
        kept = replace(kept, accounts={"brand": Account(row.name, "phrase", screen_name=row.name)})
    return {
        "id": row.id,
        "state": session.dump(kept),
        "stage": row.stage,
        "language": "en",
        "holder": row.holder,
        "epoch": 0,
        "person": row.person,
        "person_since": START if row.person else None,
        "answer_by": row.answer_by,
        "priority": 0,
        "snoozed_until": row.snoozed_until,
        "name": row.name,
        "version": 1,
        "counter": len(row.said),
        "created": START,
        "updated": row.updated,
    }
