"""Several processes on one database: who works on a row, what could not be acted on, when we were last up."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table in ("outbox", "jobs"):
        op.add_column(table, sa.Column("worker", sa.String(), nullable=True))
    op.create_index("ix_outbox_due", "outbox", ["state", "due", "id"])
    op.create_index("ix_inbox_at", "inbox", ["at"])
    op.create_table(
        "dead_letters",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("arrival", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_dead_letters_at", "dead_letters", ["at"])
    op.create_table(
        "pulses",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def downgrade() -> None:
    op.drop_table("pulses")
    op.drop_table("dead_letters")
    op.drop_index("ix_inbox_at", "inbox")
    op.drop_index("ix_outbox_due", "outbox")
    for table in ("outbox", "jobs"):
        op.drop_column(table, "worker")
