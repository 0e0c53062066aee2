"""A device that goes on with a conversation begun on another one can go back to the one it held before."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contacts", sa.Column("before", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("contacts", "before")
