"""Who speaks: what orders the queue of those who wait for a person, and which colleague gave an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("sessions", sa.Column("person_since", TIME, nullable=True))
    op.add_column("sessions", sa.Column("answer_by", TIME, nullable=True))
    op.add_column("sessions", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sessions", sa.Column("snoozed_until", TIME, nullable=True))
    op.add_column("sessions", sa.Column("name", sa.String(), nullable=False, server_default=""))
    op.add_column("answers", sa.Column("by", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("answers", "by")
    for column in ("name", "snoozed_until", "priority", "answer_by", "person_since"):
        op.drop_column("sessions", column)
