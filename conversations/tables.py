"""The schema, a class a table. Rows of messages, answers, snapshots and decisions are never updated."""

import json
from datetime import UTC, date, datetime
from typing import Any, cast

from sqlalchemy import BigInteger, DateTime, Dialect, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC on every database; SQLite alone would drop the zone. A naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone is refused")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonText(TypeDecorator[Any]):
    """JSON kept as text, byte for byte the same on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class RowId(TypeDecorator[int]):
    """A 64-bit number given by the database; SQLite numbers only what it calls INTEGER."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[int]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


#: a deleted row's number must never be given again: it is an arrival in `inbox`
NUMBERED = {"sqlite_autoincrement": True}


class Sessions(SQLModel, table=True):
    id: str = Field(primary_key=True)
    state: str = Field(sa_type=Text)
    stage: str
    language: str
    holder: str
    epoch: int
    person: str | None = None  #: why somebody is wanted
    person_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer_by: datetime | None = Field(
        default=None, sa_type=UtcDateTime
    )  #: null where nobody waits for a person
    priority: int = Field(
        default=0, sa_column_kwargs={"server_default": "0"}
    )  #: 0 usual, 1 pressing, 2 urgent
    snoozed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    name: str = Field(
        default="", sa_column_kwargs={"server_default": ""}
    )  #: the shop's, as far as it is known
    conditions: str = Field(
        default="", sa_column_kwargs={"server_default": ""}
    )  #: how each stands, with commas between
    version: int
    counter: int  #: number of the newest message, erased ones included
    created: datetime = Field(sa_type=UtcDateTime)
    updated: datetime = Field(sa_type=UtcDateTime)


class Contacts(SQLModel, table=True):
    channel: str = Field(primary_key=True)
    address: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="sessions.id", index=True)
    alive: bool
    before: str | None = None  #: the conversation held here until this one was brought from another device


class Timers(SQLModel, table=True):
    """When time itself is next an event of a conversation; a row may be early, and never late."""

    session_id: str = Field(primary_key=True, foreign_key="sessions.id")
    name: str = Field(primary_key=True)
    due: datetime = Field(sa_type=UtcDateTime, index=True)


class Inbox(SQLModel, table=True):
    channel: str = Field(primary_key=True)
    arrival: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class DeadLetters(SQLModel, table=True):
    """What arrived and could not be acted on, sealed as it came, until its time is up."""

    __tablename__ = "dead_letters"
    __table_args__ = (NUMBERED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    channel: str
    arrival: str | None = None
    why: str
    sealed: str = Field(sa_type=Text)  #: the raw bytes; only the shell can open them
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class Pulses(SQLModel, table=True):
    """When the product was last known to be up; what stood still since then is asked again."""

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


class Messages(SQLModel, table=True):
    session_id: str = Field(primary_key=True, foreign_key="sessions.id")
    n: int = Field(primary_key=True)
    sender: str
    kind: str
    step: str | None = None
    key: str | None = None
    text: str = Field(sa_type=Text)
    choices: list[dict[str, str]] = Field(sa_type=JsonText)
    data: dict[str, Any] = Field(sa_type=JsonText)
    language: str
    at: datetime = Field(sa_type=UtcDateTime)


class Answers(SQLModel, table=True):
    session_id: str = Field(primary_key=True, foreign_key="sessions.id")
    step: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    value: Any = Field(sa_type=JsonText)
    said: str = Field(sa_type=Text)
    source: str
    by: str | None = None  #: the colleague who filled it in
    at: datetime = Field(sa_type=UtcDateTime)
    replaced: int | None = None  #: the version this one took the place of


class Consents(SQLModel, table=True):
    session_id: str = Field(primary_key=True, foreign_key="sessions.id")
    scope: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    key: str
    text_sha256: str  #: of the text as the merchant saw it
    language: str
    account: str | None = None  #: the one agreed to, where the scope is an account
    at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Outbox(SQLModel, table=True):
    __table_args__ = (
        Index("ix_outbox_head", "state", "channel", "address", "id"),
        Index("ix_outbox_due", "state", "due", "id"),
        NUMBERED,
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    session_id: str = Field(foreign_key="sessions.id", index=True)
    n: int
    channel: str
    address: str
    sender: str
    epoch: int  #: the session's when the row was written; checked again when it is sent
    state: str
    attempts: int  #: that failed in a way the sender does not name
    due: datetime = Field(sa_type=UtcDateTime)
    error: str | None = None
    worker: str | None = None  #: the process that is sending it
    remote: str | None = None  #: the channel's own number of what was sent, where it may be edited


class Jobs(SQLModel, table=True):
    __table_args__ = (
        Index("ix_jobs_due", "state", "due"),
        Index("ix_jobs_of_session", "session_id", "state", "id"),
        NUMBERED,
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    kind: str
    session_id: str = Field(foreign_key="sessions.id")
    payload: dict[str, Any] = Field(sa_type=JsonText)
    state: str
    due: datetime = Field(sa_type=UtcDateTime)
    attempts: int
    error: str | None = None
    worker: str | None = None  #: the process that is doing it


class Snapshots(SQLModel, table=True):
    __table_args__ = (Index("ix_snapshots_of_session", "session_id", "account", "fetched_at"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    session_id: str = Field(foreign_key="sessions.id")
    account: str
    uid: str = Field(index=True)
    data: dict[str, Any] = Field(sa_type=JsonText)
    calls: int
    fetched_at: datetime = Field(sa_type=UtcDateTime)


class Calls(SQLModel, table=True):
    """What a source was asked about an account; it outlives conversations and names none."""

    __table_args__ = (NUMBERED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    account: str = Field(index=True)  #: the public number, or the digest of a name
    at: datetime = Field(sa_type=UtcDateTime)
    n: int


class Authorisations(SQLModel, table=True):
    session_id: str = Field(primary_key=True, foreign_key="sessions.id")
    account: str = Field(primary_key=True)
    uid: str
    sealed_token: str = Field(sa_type=Text)


class Decisions(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("session_id", "attempt", name="uq_decisions_attempt"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    session_id: str = Field(foreign_key="sessions.id")
    attempt: int
    decision_id: str = Field(index=True)
    inputs: dict[str, Any] = Field(sa_type=JsonText)
    decision: dict[str, Any] = Field(sa_type=JsonText)
    at: datetime = Field(sa_type=UtcDateTime)


class Offers(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("decision", "product", name="uq_offers_product"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    decision: int = Field(foreign_key="decisions.id", sa_type=RowId)
    product: str
    offer: dict[str, Any] = Field(sa_type=JsonText)
    expires: date


class Acceptances(SQLModel, table=True):
    offer: int = Field(primary_key=True, foreign_key="offers.id", sa_type=RowId)
    session_id: str = Field(foreign_key="sessions.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)


def table_of(model: type[SQLModel]) -> Table:
    return cast(Table, getattr(model, "__table__"))  # noqa: B009  # the class's own typing does not know it


SESSIONS, CONTACTS, INBOX, MESSAGES = (table_of(model) for model in (Sessions, Contacts, Inbox, Messages))
ANSWERS, CONSENTS, OUTBOX, JOBS = (table_of(model) for model in (Answers, Consents, Outbox, Jobs))
SNAPSHOTS, AUTHORISATIONS, CALLS = (table_of(model) for model in (Snapshots, Authorisations, Calls))
DEAD_LETTERS, PULSES, TIMERS = (table_of(model) for model in (DeadLetters, Pulses, Timers))
DECISIONS, OFFERS, ACCEPTANCES = (table_of(model) for model in (Decisions, Offers, Acceptances))
METADATA = SQLModel.metadata
