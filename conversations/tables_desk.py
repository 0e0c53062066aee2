"""The schema of the desk: what colleagues note of conversations, how one is found, what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Connection,
    Index,
    MetaData,
    Text,
    and_,
    event,
    literal_column,
    or_,
)
from sqlmodel import Field, SQLModel

from conversations.tables import METADATA, NUMBERED, SESSIONS, JsonText, RowId, UtcDateTime, table_of

Listed = Text().with_variant(ARRAY(Text()), "postgresql")


class Reads(SQLModel, table=True):
    """How far a colleague has read a conversation."""

    session_id: str = Field(primary_key=True, foreign_key="sessions.id")
    staff: str = Field(primary_key=True)
    n: int  #: number of the newest message seen


class Labels(SQLModel, table=True):
    __table_args__ = (Index("ix_labels_label", "label", "session_id"),)

    session_id: str = Field(primary_key=True, foreign_key="sessions.id")
    label: str = Field(primary_key=True)


class Notes(SQLModel, table=True):
    """What colleagues tell each other about a conversation; no merchant ever sees it."""

    __table_args__ = (Index("ix_notes_of_session", "session_id", "id"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    session_id: str = Field(foreign_key="sessions.id")
    by: str
    text: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)


class Mentions(SQLModel, table=True):
    """A colleague named in a note, until they have seen it."""

    __table_args__ = (Index("ix_mentions_of_staff", "staff", "session_id"),)

    note: int = Field(primary_key=True, foreign_key="notes.id", sa_type=RowId)
    staff: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="sessions.id", index=True)


class CannedReplies(SQLModel, table=True):
    """A reply that colleagues keep at hand, in one language; beside those that ship with the product."""

    __tablename__ = "canned_replies"

    short: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    text: str = Field(sa_type=Text)
    by: str
    at: datetime = Field(sa_type=UtcDateTime)


class Findable(SQLModel, table=True):
    """The words of a conversation in the form they are looked for, up to the message of this number."""

    __table_args__ = (NUMBERED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    session_id: str = Field(foreign_key="sessions.id", unique=True)
    n: int
    name: str
    text: str = Field(sa_type=Text)
    pieces: list[str] | str = Field(sa_type=Listed)  #: for PostgreSQL's index; empty on SQLite


class Pieces(SQLModel, table=True):
    """On SQLite: which conversations have which piece of text. The key is the whole row."""

    __table_args__ = {"sqlite_with_rowid": False}  # SQLModel's own way

    piece: str = Field(primary_key=True)
    conversation: int = Field(primary_key=True, sa_type=RowId, sa_column_kwargs={"autoincrement": False})


class Attendances(SQLModel, table=True):
    """One time that a person was wanted, or had the word: figures only, which outlive what was said."""

    __table_args__ = (
        Index("ix_attendances_of_session", "session_id", "id"),
        Index("ix_attendances_began", "began"),
        NUMBERED,
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    session_id: str
    began: datetime = Field(sa_type=UtcDateTime)
    why: str | None = None  #: why a person was wanted; None where nobody had asked for one
    wanted: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken: datetime | None = Field(default=None, sa_type=UtcDateTime)
    by: str | None = None
    replied: datetime | None = Field(default=None, sa_type=UtcDateTime)  #: the colleague's first words
    ended: datetime | None = Field(default=None, sa_type=UtcDateTime)
    how: str | None = None


class Outcomes(SQLModel, table=True):
    """What a decision came to, so that many can be counted without opening each."""

    __table_args__ = (Index("ix_outcomes_at", "at"),)

    decision: int = Field(primary_key=True, foreign_key="decisions.id", sa_type=RowId)
    session_id: str = Field(foreign_key="sessions.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    outcome: str
    grade: str | None = None
    trade: str | None = None
    amount: int = Field(sa_type=BigInteger)  #: the limit in fen
    binding: str | None = None
    reasons: list[str] = Field(sa_type=JsonText)  #: codes of those that count against
    by: str | None = None  #: the colleague who decided; None for the rules


class Ratings(SQLModel, table=True):
    """What a merchant thought of a colleague's help, 1 to 5; asked once after it."""

    session_id: str = Field(primary_key=True)
    score: int
    by: str
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class Proposals(SQLModel, table=True):
    """A decision that takes two, as one proposes it, and what became of it. Nobody confirms their own."""

    __table_args__ = (
        CheckConstraint(
            "state != 'confirmed' OR (settler IS NOT NULL AND settler != proposer)",
            name="ck_proposals_two_people",
        ),
        Index("ix_proposals_of_session", "session_id", "made"),
    )

    id: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="sessions.id")
    proposer: str
    made: datetime = Field(sa_type=UtcDateTime)
    over: str | None = None  #: id of the decision that it would take the place of
    ruling: dict[str, Any] = Field(sa_type=JsonText)
    difference: dict[str, Any] = Field(sa_type=JsonText)  #: as the second person is shown it
    comment: str = Field(sa_type=Text)
    expires: datetime = Field(sa_type=UtcDateTime)
    state: str  #: "open", then "confirmed", "refused" or "withdrawn"
    settler: str | None = None
    settled: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})


PROPOSALS = table_of(Proposals)
READS, LABELS, NOTES, MENTIONS = (table_of(model) for model in (Reads, Labels, Notes, Mentions))
CANNED, FINDABLE, PIECES = (table_of(model) for model in (CannedReplies, Findable, Pieces))
ATTENDANCES, OUTCOMES, RATINGS = (table_of(model) for model in (Attendances, Outcomes, Ratings))

#: what the views of the queue are read through; each holds only the conversations of its view
_VIEWS = {
    "ix_sessions_waiting": (SESSIONS.c.answer_by, SESSIONS.c.answer_by.is_not(None)),
    "ix_sessions_snoozed": (SESSIONS.c.snoozed_until, SESSIONS.c.snoozed_until.is_not(None)),
}
_HELD = SESSIONS.c.holder != literal_column("'bot'")
#: an application that a colleague has to decide, again or together with another
TO_DECIDE = and_(
    SESSIONS.c.person_since.is_not(None),
    or_(
        SESSIONS.c.stage == literal_column("'referred'"),
        SESSIONS.c.person == literal_column("'reconsider'"),
        SESSIONS.c.person == literal_column("'proposal'"),
    ),
)
Index("ix_sessions_updated", SESSIONS.c.updated, SESSIONS.c.id)
_POSTGRESQL: dict[Index, dict[str, Any]] = {
    **{
        Index(name, order, SESSIONS.c.id, sqlite_where=there): {"postgresql_where": there}
        for name, (order, there) in _VIEWS.items()
    },
    Index(
        "ix_sessions_held", SESSIONS.c.holder, SESSIONS.c.updated, SESSIONS.c.id, sqlite_where=_HELD
    ): {"postgresql_where": _HELD},
    Index(
        "ix_sessions_to_decide", SESSIONS.c.person_since, SESSIONS.c.id, sqlite_where=TO_DECIDE
    ): {"postgresql_where": TO_DECIDE},
    Index("ix_findable_pieces", FINDABLE.c.pieces): {"postgresql_using": "gin"},
}  # fmt: skip


@event.listens_for(METADATA, "before_create")
def _as_postgresql_has_them(_target: MetaData, connection: Connection, **_rest: Any) -> None:
    """Said only there: to name an option of PostgreSQL imports its dialect, which SQLite does without."""
    if connection.dialect.name == "postgresql":
        for index, options in _POSTGRESQL.items():
            index.dialect_kwargs.update(options)
