"""Working from a Telegram group: who is who there, and the topic of each merchant."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
TABLES = ("telegram_accounts", "telegram_codes", "topics", "topic_words")


def upgrade() -> None:
    _who_is_who()
    _topics()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _who_is_who() -> None:
    op.create_table(
        "telegram_accounts",
        sa.Column("user", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("staff", sa.String(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user"),
        sa.UniqueConstraint("staff"),
    )
    op.create_table(
        "telegram_codes",
        sa.Column("staff", sa.String(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("expires", TIME, nullable=False),
        sa.PrimaryKeyConstraint("staff"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_telegram_codes_expires", "telegram_codes", ["expires"])


def _topics() -> None:
    op.create_table(
        "topics",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("session_id", sa.String(), sa.ForeignKey("sessions.id"), nullable=True),
        sa.Column("thread", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=True),
        sa.Column("noted", NUMBER, nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("session_id"),
        sa.UniqueConstraint("thread"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_topics_closed", "topics", ["closed", "session_id"])
    op.create_table(
        "topic_words",
        sa.Column("session_id", sa.String(), sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("n", NUMBER, autoincrement=False, nullable=False),
        sa.Column("message", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "kind", "n"),
    )
    op.create_index("ix_topic_words_message", "topic_words", ["message"])
