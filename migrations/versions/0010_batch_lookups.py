"""Batch look-ups of people without an account; work that nobody with an account asked for.

Revision: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; let a job have no account."""
    op.create_table(
        "batch_lookup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.Column("target_code", sa.String(length=2), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_batch_lookup_country_code_country")
        ),
        sa.ForeignKeyConstraint(
            ["target_code"], ["country.code"], name=op.f("fk_batch_lookup_target_code_country")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_lookup")),
        sa.UniqueConstraint("token", name=op.f("uq_batch_lookup_token")),
    )
    op.create_index(op.f("ix_batch_lookup_expires_at"), "batch_lookup", ["expires_at"], unique=False)
    op.create_table(
        "batch_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batch_lookup.id"],
            name=op.f("fk_batch_row_batch_id_batch_lookup"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_row")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_batch_row_batch_id_number")),
    )
    with op.batch_alter_table("job") as table:
        table.alter_column("account_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Forget the batches and their work."""
    op.execute("DELETE FROM job WHERE account_id IS NULL")
    with op.batch_alter_table("job") as table:
        table.alter_column("account_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("batch_row")
    op.drop_table("batch_lookup")
