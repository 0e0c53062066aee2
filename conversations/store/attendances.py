"""When people were wanted and came: rows that figures are made of, written in the turn's own transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Update, insert, update

from conversations.attendance import Came, Change, Ended, Spoke, Wanted
from conversations.tables_desk import ATTENDANCES


def keep(connection: Connection, session_id: str, changes: Iterable[Change], at: datetime) -> None:
    for change in changes:
        match change:
            case Wanted(why=why):
                _begin(connection, session_id, at, why=why, wanted=at)
            case Came(by=by, why=why):
                came = {"taken": at, "by": by}
                waiting = _open(session_id).where(ATTENDANCES.c.taken.is_(None)).values(**came)
                if not connection.execute(waiting).rowcount:
                    _begin(connection, session_id, at, why=why, **came)
            case Spoke():
                silent = _open(session_id).where(ATTENDANCES.c.replied.is_(None))
                connection.execute(silent.values(replied=at))
            case Ended(how=how):
                connection.execute(_open(session_id).values(ended=at, how=how))


def _begin(connection: Connection, session_id: str, at: datetime, **known: Any) -> None:
    connection.execute(insert(ATTENDANCES), {"session_id": session_id, "began": at, **known})


def _open(session_id: str) -> Update:
    return update(ATTENDANCES).where(ATTENDANCES.c.session_id == session_id, ATTENDANCES.c.ended.is_(None))
