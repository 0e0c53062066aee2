"""The queue from which several processes take work; SQLite needs none, for one process works there."""

from alembic import op

from conversations.store import queue

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        queue.install(op.get_bind())


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        queue.remove(op.get_bind())
