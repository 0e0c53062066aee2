"""Staff, their sessions and invitations, and the record of what they do, which nobody can change."""

import sqlalchemy as sa
from alembic import op

from conversations import append_only

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
TABLES = ("staff", "staff_sessions", "invitations", "recovery_codes", "sign_in_tries", "audit")


def upgrade() -> None:
    _staff()
    _ways_in()
    _record()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    append_only.remove(op.get_bind())


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("totp", sa.Text(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("created", TIME, nullable=False),
        sa.Column("disabled", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("seen", TIME, nullable=False),
        sa.Column("confirmed", TIME, nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"]),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index("ix_staff_sessions_staff", "staff_sessions", ["staff"])
    op.create_index("ix_staff_sessions_created", "staff_sessions", ["created"])


def _ways_in() -> None:
    op.create_table(
        "invitations",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("staff", sa.String(), nullable=True),
        sa.Column("expires", TIME, nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"]),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index("ix_invitations_staff", "invitations", ["staff"])
    op.create_index("ix_invitations_expires", "invitations", ["expires"])
    op.create_table(
        "recovery_codes",
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"]),
        sa.PrimaryKeyConstraint("staff", "code"),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("times", sa.Text(), nullable=False),
        sa.Column("last", TIME, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_sign_in_tries_last", "sign_in_tries", ["last"])


def _record() -> None:
    op.create_table(
        "audit",
        sa.Column("n", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("mac", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("n"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_who", "audit", ["who", "n"])
    op.create_index("ix_audit_what", "audit", ["what", "n"])
    op.create_index("ix_audit_of_session", "audit", ["session_id", "n"])
    append_only.install(op.get_bind(), "audit")
