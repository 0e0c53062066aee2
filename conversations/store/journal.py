"""What was said and answered: rows are added, read and (when the merchant wants it) erased, never changed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from conversations.session import Answer, Session
from conversations.store.ledger import Ledger
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
_KEYBOARDS = (
    select(MESSAGES.c.choices)
    .where(MESSAGES.c.session_id == bindparam("session_id"), MESSAGES.c.choices != [])
    .order_by(MESSAGES.c.n.desc())
)
# not pairs of both: SQLite looks no pair up, it reads the whole table
_NEWEST = select(MESSAGES.c.session_id, MESSAGES.c.n, MESSAGES.c.choices).where(
    MESSAGES.c.session_id.in_(bindparam("ids", expanding=True)),
    MESSAGES.c.n.in_(bindparam("numbers", expanding=True)),
)

Changed = Mapping[str, Mapping[str, Answer]]  #: by session, by step


def add(ledger: Ledger, session_id: str, language: str, messages: Sequence[Message]) -> None:
    ledger.add(MESSAGES, [_columns(session_id, language, message) for message in messages])


def since(connection: Connection, session_id: str, after: int) -> list[Message]:
    """The messages numbered above `after`, in order."""
    rows = connection.execute(_SINCE, {"session_id": session_id, "after": after})
    return [from_row(row) for row in rows]


def offered(connection: Connection, session_id: str, choice: str) -> bool:
    """Whether a button with this id was ever shown; the newest are looked at first."""
    keyboards = connection.execute(_KEYBOARDS, {"session_id": session_id})
    found = any(_label(choices, choice) is not None for (choices,) in keyboards)
    keyboards.close()
    return found


def labels(connection: Connection, taps: Mapping[str, tuple[int, str]]) -> dict[str, str]:
    """What stood on the button tapped in each session; `taps`: the newest message's number, the choice."""
    if not taps:
        return {}
    asked = {"ids": list(taps), "numbers": sorted({n for n, _ in taps.values()})}
    rows = connection.execute(_NEWEST, asked)
    shown = {row.session_id: row.choices for row in rows if row.n == taps[row.session_id][0]}
    return {
        session_id: _label(shown.get(session_id, ()), choice) or _earlier(connection, session_id, choice)
        for session_id, (_, choice) in taps.items()
    }


def _earlier(connection: Connection, session_id: str, choice: str) -> str:
    """The label on an older keyboard; the choice's own id when none had it."""
    keyboards = connection.execute(_CHOICES, {"session_id": session_id})
    return next(filter(None, (_label(choices, choice) for (choices,) in keyboards)), choice)


def _label(choices: Iterable[Mapping[str, str]], choice: str) -> str | None:
    return next((offered["label"] for offered in choices if offered["id"] == choice), None)


def shown(connection: Connection, session_id: str, key: str) -> tuple[str, str] | None:
    """The newest text of this key that the merchant was shown, and its language."""
    row = connection.execute(
        select(MESSAGES.c.text, MESSAGES.c.language)
        .where(MESSAGES.c.session_id == session_id, MESSAGES.c.key == key, MESSAGES.c.sender != "merchant")
        .order_by(MESSAGES.c.n.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.text, row.language)


def changed(before: Session, after: Session) -> Mapping[str, Answer]:
    """The answers that a turn gave or replaced, by step."""
    return {step: new for step, new in after.answers.items() if before.answers.get(step) != new}


def answer(ledger: Ledger, given: Changed) -> None:
    """Keep answers with what they replaced."""
    for session_id, answers in given.items():
        ledger.add(ANSWERS, (_answer_columns(session_id, step, new) for step, new in answers.items()))


def pace(connection: Connection, session_id: str) -> dict[str, int] | None:
    """How often the merchant changed an answer, and seconds from the first to the last; None for one."""
    at = ANSWERS.c.at
    query = select(func.count(), func.count(ANSWERS.c.replaced), func.min(at), func.max(at)).where(
        ANSWERS.c.session_id == session_id, ANSWERS.c.source == "merchant"
    )
    given, edits, first, last = connection.execute(query).one()
    return {"edits": edits, "seconds": int((last - first).total_seconds())} if given > 1 else None


def _answer_columns(session_id: str, step: str, new: Answer) -> dict[str, Any]:
    return {
        "session_id": session_id,
        "step": step,
        "whose": session_id,
        "what": step,
        "value": new.value,
        "said": new.said,
        "source": new.source,
        "by": new.by,
        "at": new.at,
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
