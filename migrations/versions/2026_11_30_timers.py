"""What only time brings: when each conversation is next to be looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "timers",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"]),
        sa.PrimaryKeyConstraint("session_id", "name"),
    )
    op.create_index("ix_timers_due", "timers", ["due"])
    # a conversation of before is looked at once, and then has the timers that its state gives
    op.execute("INSERT INTO timers (session_id, name, due) SELECT id, 'begun', updated FROM sessions")


def downgrade() -> None:
    op.drop_table("timers")
