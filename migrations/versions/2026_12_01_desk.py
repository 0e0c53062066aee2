"""The desk: views of the queue, labels, notes, finding by words, replies at hand, figures to count by."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
LISTED = sa.Text().with_variant(sa.ARRAY(sa.Text()), "postgresql")
#: index of a view, its columns, and the conversations that it holds
VIEWS: tuple[tuple[str, list[str], str | None], ...] = (
    ("updated", ["updated", "id"], None),
    ("waiting", ["answer_by", "id"], "answer_by IS NOT NULL"),
    ("snoozed", ["snoozed_until", "id"], "snoozed_until IS NOT NULL"),
    ("held", ["holder", "updated", "id"], "holder != 'bot'"),
)
TABLES = (
    "reads", "labels", "mentions", "notes", "canned_replies", "pieces", "findable", "attendances", "outcomes",
    "ratings",
)  # fmt: skip
AT_ONCE = 500
AGAINST = ("declines", "refers", "caps", "lowers")


def upgrade() -> None:
    for view, columns, there in VIEWS:
        where = None if there is None else sa.text(there)
        name = f"ix_sessions_{view}"
        op.create_index(name, "sessions", columns, sqlite_where=where, postgresql_where=where)
    _marks()
    _notes()
    _words()
    _attendances()
    _outcomes()
    for rows in _made():
        op.bulk_insert(_OUTCOMES, rows)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for view, _, _ in VIEWS:
        op.drop_index(f"ix_sessions_{view}", "sessions")


def _of_a_session() -> sa.Column[str]:
    return sa.Column("session_id", sa.String(), sa.ForeignKey("sessions.id"), nullable=False)


def _marks() -> None:
    op.create_table(
        "reads",
        _of_a_session(),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "staff"),
    )
    op.create_table(
        "labels",
        _of_a_session(),
        sa.Column("label", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "label"),
    )
    op.create_index("ix_labels_label", "labels", ["label", "session_id"])
    op.create_table(
        "canned_replies",
        sa.Column("short", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("short", "language"),
    )


def _notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", NUMBER, nullable=False),
        _of_a_session(),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notes_of_session", "notes", ["session_id", "id"])
    op.create_table(
        "mentions",
        sa.Column("note", NUMBER, sa.ForeignKey("notes.id"), nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        _of_a_session(),
        sa.PrimaryKeyConstraint("note", "staff"),
    )
    op.create_index("ix_mentions_of_staff", "mentions", ["staff", "session_id"])
    op.create_index("ix_mentions_session_id", "mentions", ["session_id"])


def _words() -> None:
    op.create_table(
        "findable",
        sa.Column("id", NUMBER, nullable=False),
        _of_a_session(),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pieces", LISTED, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("session_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_findable_pieces", "findable", ["pieces"], postgresql_using="gin")
    op.create_table(
        "pieces",
        sa.Column("piece", sa.String(), nullable=False),
        sa.Column("conversation", NUMBER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("piece", "conversation"),
        sqlite_with_rowid=False,
    )


def _attendances() -> None:
    op.create_table(
        "attendances",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("began", TIME, nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("wanted", TIME, nullable=True),
        sa.Column("taken", TIME, nullable=True),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("replied", TIME, nullable=True),
        sa.Column("ended", TIME, nullable=True),
        sa.Column("how", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attendances_began", "attendances", ["began"])
    op.create_index("ix_attendances_of_session", "attendances", ["session_id", "id"])
    op.create_table(
        "ratings",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("session_id"),
    )
    op.create_index("ix_ratings_at", "ratings", ["at"])


def _outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("decision", NUMBER, sa.ForeignKey("decisions.id"), nullable=False),
        _of_a_session(),
        sa.Column("at", TIME, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("trade", sa.String(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("binding", sa.String(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("decision"),
    )
    op.create_index("ix_outcomes_at", "outcomes", ["at"])
    op.create_index("ix_outcomes_session_id", "outcomes", ["session_id"])


_DECISIONS = sa.table(
    "decisions",
    sa.column("id", sa.BigInteger),
    sa.column("session_id", sa.String),
    sa.column("inputs", sa.Text),
    sa.column("decision", sa.Text),
    sa.column("at", TIME),
)
_OUTCOMES = sa.table(
    "outcomes",
    *(sa.column(name) for name in ("decision", "session_id")),
    sa.column("at", TIME),
    *(sa.column(name) for name in ("outcome", "grade", "trade", "amount", "binding", "reasons", "by")),
)


def _made() -> Iterator[list[dict[str, Any]]]:
    """What the decisions came to that are there already, a few at a time."""
    last = 0
    some = sa.select(_DECISIONS).order_by(_DECISIONS.c.id).limit(AT_ONCE)
    while rows := op.get_bind().execute(some.where(_DECISIONS.c.id > last)).mappings().all():
        yield [_outcome(dict(row)) for row in rows]
        last = rows[-1]["id"]


def _outcome(row: Mapping[str, Any]) -> dict[str, Any]:
    made, inputs = json.loads(row["decision"]), json.loads(row["inputs"])
    against = [reason["code"] for reason in made["reasons"] if reason["effect"] in AGAINST]
    return {
        "decision": row["id"],
        "session_id": row["session_id"],
        "at": row["at"],
        "outcome": made["outcome"],
        "grade": made["grade"],
        "trade": inputs.get("application", {}).get("trade"),
        "amount": made["limit"],
        "binding": made["binding"],
        "reasons": json.dumps(against, separators=(",", ":")),
        "by": None,
    }
