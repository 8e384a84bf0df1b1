"""Work in the background, and what becomes of records that an imported file no longer has.

Revision: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_FATE = "ck_import_row_gonefate"


def upgrade() -> None:
    """Create the table of jobs; let a row say what becomes of a record, and why."""
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            _choice("jobstate", "queued", "running", "done", "failed", "cancelled"),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker", sa.String(length=36), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_job_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("uuid", name=op.f("uq_job_uuid")),
    )
    op.create_index(op.f("ix_job_account_id"), "job", ["account_id"], unique=False)
    op.create_index(op.f("ix_job_state_due_at"), "job", ["state", "due_at"], unique=False)
    op.create_index(op.f("ix_job_subject"), "job", ["subject"], unique=False)
    is_open = sa.text("state IN ('queued', 'running')")
    op.create_index(
        "uq_job_open", "job", ["subject"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    with op.batch_alter_table("import_row") as table:
        table.add_column(
            sa.Column("fate", _choice("gonefate", "ask", "keep", "retire", "supersede"), nullable=True)
        )
        table.add_column(sa.Column("reason", sa.Text(), nullable=True))
    op.execute("UPDATE import_row SET fate = 'ask' WHERE verdict = 'disappeared'")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    """Drop what was created."""
    with op.batch_alter_table("import_row") as table:
        table.drop_constraint(op.f(_FATE), type_="check")
        table.drop_column("reason")
        table.drop_column("fate")
    op.drop_table("job")
