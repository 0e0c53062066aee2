"""What was sent keeps the channel's own number, where it may be edited later."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("remote", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "remote")
