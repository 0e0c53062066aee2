"""Decisions by people: what takes two, how the conditions of an application stand, which of them wait."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
TO_DECIDE = sa.text(
    "person_since IS NOT NULL AND (stage = 'referred' OR person = 'reconsider' OR person = 'proposal')"
)


def upgrade() -> None:
    op.add_column("sessions", sa.Column("conditions", sa.String(), nullable=False, server_default=""))
    op.create_index(
        "ix_sessions_to_decide",
        "sessions",
        ["person_since", "id"],
        sqlite_where=TO_DECIDE,
        postgresql_where=TO_DECIDE,
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("proposer", sa.String(), nullable=False),
        sa.Column("made", TIME, nullable=False),
        sa.Column("over", sa.String(), nullable=True),
        sa.Column("ruling", sa.Text(), nullable=False),
        sa.Column("difference", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("expires", TIME, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("settler", sa.String(), nullable=True),
        sa.Column("settled", TIME, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint(
            "state != 'confirmed' OR (settler IS NOT NULL AND settler != proposer)",
            name="ck_proposals_two_people",
        ),
    )
    op.create_index("ix_proposals_of_session", "proposals", ["session_id", "made"])


def downgrade() -> None:
    op.drop_table("proposals")
    op.drop_index("ix_sessions_to_decide", "sessions")
    op.drop_column("sessions", "conditions")
