"""The schema of working from a Telegram group: who is who there, and which topic is whose."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from conversations.tables import NUMBERED, RowId, UtcDateTime, table_of


class TelegramAccounts(SQLModel, table=True):
    """A colleague's account on Telegram, by which they are known in the group."""

    __tablename__ = "telegram_accounts"

    user: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    staff: str = Field(foreign_key="staff.id", unique=True)
    at: datetime = Field(sa_type=UtcDateTime)


class TelegramCodes(SQLModel, table=True):
    """What a colleague writes in the group, once, to be known there."""

    __tablename__ = "telegram_codes"

    staff: str = Field(primary_key=True, foreign_key="staff.id")
    code: str = Field(unique=True)  #: hashed with a key of ours
    expires: datetime = Field(sa_type=UtcDateTime, index=True)


class Topics(SQLModel, table=True):
    """A topic of the group and how far it tells a conversation. Without one it is to be deleted there."""

    __table_args__ = (Index("ix_topics_closed", "closed", "session_id"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    session_id: str | None = Field(default=None, foreign_key="sessions.id", unique=True)
    thread: int = Field(sa_type=BigInteger, unique=True)  #: Telegram's number of it
    told: int | None = None  #: number of the newest message in it; None before its first post
    noted: int = Field(default=0, sa_type=RowId)  #: the newest note in it
    closed: bool = False


class TopicWords(SQLModel, table=True):
    """What a colleague wrote in a topic: it need not be told there, and can be corrected there."""

    __tablename__ = "topic_words"
    __table_args__ = (Index("ix_topic_words_message", "message"),)

    session_id: str = Field(primary_key=True, foreign_key="sessions.id")
    kind: str = Field(primary_key=True)  #: "said" | "note"
    n: int = Field(primary_key=True, sa_type=RowId, sa_column_kwargs={"autoincrement": False})
    message: int = Field(sa_type=BigInteger)  #: Telegram's number of it
    by: str


ACCOUNTS, CODES = table_of(TelegramAccounts), table_of(TelegramCodes)
TOPICS, WORDS = table_of(Topics), table_of(TopicWords)
