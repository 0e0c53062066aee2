"""The schema of access to the desk: staff, sessions, ways in, and the record of what was done."""

from datetime import datetime

from sqlalchemy import Index, Text, event
from sqlmodel import Field, SQLModel

from conversations import append_only
from conversations.tables import JsonText, RowId, UtcDateTime, table_of


class Staff(SQLModel, table=True):
    id: str = Field(primary_key=True)  #: random: the record names nobody else
    login: str = Field(unique=True)  #: the name as it is compared
    name: str  #: the name as it is shown
    role: str
    password: str = Field(sa_type=Text)  #: argon2id, with its parameters
    totp: str | None = Field(default=None, sa_type=Text)  #: sealed; None where it was put off
    totp_step: int | None = None  #: the last step whose code was taken; it is never taken again
    language: str | None = None
    created: datetime = Field(sa_type=UtcDateTime)
    disabled: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StaffSessions(SQLModel, table=True):
    __tablename__ = "staff_sessions"

    token: str = Field(primary_key=True)  #: the hash of what the browser holds
    staff: str = Field(foreign_key="staff.id", index=True)
    browser: str
    created: datetime = Field(sa_type=UtcDateTime, index=True)
    seen: datetime = Field(sa_type=UtcDateTime)
    confirmed: datetime = Field(sa_type=UtcDateTime)  #: when password or code was last given


class Invitations(SQLModel, table=True):
    token: str = Field(primary_key=True)  #: the hash of what the link holds
    name: str | None = None  #: None where whoever comes chooses it
    role: str
    staff: str | None = Field(default=None, foreign_key="staff.id", index=True)  #: who gets new secrets
    expires: datetime = Field(sa_type=UtcDateTime, index=True)


class RecoveryCodes(SQLModel, table=True):
    __tablename__ = "recovery_codes"

    staff: str = Field(primary_key=True, foreign_key="staff.id")
    code: str = Field(primary_key=True)  #: hashed with a key of ours


class SignInTries(SQLModel, table=True):
    """When somebody tried, by account or address; neither can be read from the key."""

    __tablename__ = "sign_in_tries"

    key: str = Field(primary_key=True)
    times: list[str] = Field(sa_type=JsonText)
    last: datetime = Field(sa_type=UtcDateTime, index=True)


class Audit(SQLModel, table=True):
    """What was done, by whom, to which conversation. Rows are chained, and triggers refuse any change."""

    __table_args__ = (
        Index("ix_audit_who", "who", "n"),
        Index("ix_audit_what", "what", "n"),
        Index("ix_audit_of_session", "session_id", "n"),
    )

    #: 1, 2, 3, … without a gap, given by whoever adds the row
    n: int = Field(primary_key=True, sa_type=RowId, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    who: str  #: id of a member of staff, or what else acts ("nobody", "system", "command line")
    what: str
    session_id: str | None = None
    facts: str = Field(sa_type=Text)  #: JSON exactly as it was chained; codes and figures, nothing personal
    mac: str  #: over everything above and the row before


STAFF, STAFF_SESSIONS, INVITATIONS = (table_of(model) for model in (Staff, StaffSessions, Invitations))
RECOVERY_CODES, SIGN_IN_TRIES, AUDIT = (table_of(model) for model in (RecoveryCodes, SignInTries, Audit))

event.listen(AUDIT, "after_create", append_only.with_the_table)
