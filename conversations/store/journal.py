"""What was said and answered: rows are added, read and (when the merchant wants it) erased, never changed."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select

from conversations.session import Answer, Session
from conversations.store.message import Message
from conversations.tables import ANSWERS, MESSAGES

LOOK_BACK = 30  #: messages searched for the keyboard a tap belongs to

_SINCE = (
    select(MESSAGES)
    .where(MESSAGES.c.session_id == bindparam("session_id"), MESSAGES.c.n > bindparam("after"))
    .order_by(MESSAGES.c.n)
)
_CHOICES = (
    select(MESSAGES.c.choices)
    .where(MESSAGES.c.session_id == bindparam("session_id"))
    .order_by(MESSAGES.c.n.desc())
    .limit(LOOK_BACK)
)
_VERSIONS = (
    select(ANSWERS.c.step, func.max(ANSWERS.c.version))
    .where(
        ANSWERS.c.session_id == bindparam("session_id"),
        ANSWERS.c.step.in_(bindparam("steps", expanding=True)),
    )
    .group_by(ANSWERS.c.step)
)
_ADD = insert(MESSAGES)
_ANSWER = insert(ANSWERS)


def add(connection: Connection, session_id: str, language: str, messages: Sequence[Message]) -> None:
    if messages:
        connection.execute(_ADD, [_columns(session_id, language, message) for message in messages])


def since(connection: Connection, session_id: str, after: int) -> list[Message]:
    """The messages numbered above `after`, in order."""
    rows = connection.execute(_SINCE, {"session_id": session_id, "after": after})
    return [from_row(row) for row in rows]


def label(connection: Connection, session_id: str, choice: str) -> str:
    """What stood on the button, as last shown; the choice's own id when no keyboard had it."""
    for (choices,) in connection.execute(_CHOICES, {"session_id": session_id}):
        for offered in choices:
            if offered["id"] == choice:
                return str(offered["label"])
    return choice


def shown(connection: Connection, session_id: str, key: str) -> tuple[str, str] | None:
    """The newest text of this key that the merchant was shown, and its language."""
    row = connection.execute(
        select(MESSAGES.c.text, MESSAGES.c.language)
        .where(MESSAGES.c.session_id == session_id, MESSAGES.c.key == key, MESSAGES.c.sender != "merchant")
        .order_by(MESSAGES.c.n.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.text, row.language)


def answer(connection: Connection, before: Session, after: Session) -> None:
    """Keep every answer that this turn gave or changed, with what it replaced."""
    changed = {step: new for step, new in after.answers.items() if before.answers.get(step) != new}
    if changed:
        versions = _versions(connection, after.id, changed)
        rows = [_answer_columns(after.id, step, new, versions.get(step)) for step, new in changed.items()]
        connection.execute(_ANSWER, rows)


def _versions(connection: Connection, session_id: str, steps: Iterable[str]) -> dict[str, int]:
    rows = connection.execute(_VERSIONS, {"session_id": session_id, "steps": list(steps)})
    return {step: version for step, version in rows}


def _answer_columns(session_id: str, step: str, new: Answer, replaced: int | None) -> dict[str, Any]:
    return {
        "session_id": session_id,
        "step": step,
        "version": (replaced or 0) + 1,
        "value": new.value,
        "said": new.said,
        "source": new.source,
        "at": new.at,
        "replaced": replaced,
    }


def _columns(session_id: str, language: str, message: Message) -> dict[str, Any]:
    return {
        "session_id": session_id,
        "n": message.n,
        "sender": message.sender,
        "kind": message.kind,
        "step": message.step,
        "key": message.key,
        "text": message.text,
        "choices": list(message.choices),
        "data": dict(message.data),
        "language": language,
        "at": message.at,
    }


def from_row(row: Row[Any]) -> Message:
    return Message(
        n=row.n,
        sender=row.sender,
        kind=row.kind,
        step=row.step,
        key=row.key,
        text=row.text,
        choices=tuple(row.choices),
        data=row.data,
        at=row.at,
    )
