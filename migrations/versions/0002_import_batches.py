"""Imports as batches: the file, how it was read, what each row means, and what was done with it.

Revision: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CHANGED = "fk_catalogue_change_qualification_id_qualification"


def upgrade() -> None:
    """Create the tables; let the index be told of records that were taken back."""
    with op.batch_alter_table("catalogue_change") as table:
        table.drop_constraint(op.f(_CHANGED), type_="foreignkey")
    _create_profile()
    _create_batch()
    _create_row()


def _create_profile() -> None:
    op.create_table(
        "import_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_import_profile_author_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_import_profile_country_code_country")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_profile")),
        sa.UniqueConstraint("country_code", "name", name=op.f("uq_import_profile_country_code_name")),
    )
    op.create_index(op.f("ix_import_profile_author_id"), "import_profile", ["author_id"], unique=False)


def _create_batch() -> None:
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("status", _choice("batchstatus", "read", "checked", "applied", "undone"), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status <> 'applied' OR applied_at IS NOT NULL", name=op.f("ck_import_batch_applied_has_date")
        ),
        sa.CheckConstraint(
            "status <> 'undone' OR undone_at IS NOT NULL", name=op.f("ck_import_batch_undone_has_date")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_import_batch_author_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_import_batch_country_code_country")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("uuid", name=op.f("uq_import_batch_uuid")),
    )
    op.create_index(op.f("ix_import_batch_author_id"), "import_batch", ["author_id"], unique=False)
    op.create_index(op.f("ix_import_batch_country_code"), "import_batch", ["country_code"], unique=False)
    op.create_table(
        "import_file",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_file_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_import_file")),
    )


def _create_row() -> None:
    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column(
            "verdict",
            _choice("rowverdict", "new", "changed", "unchanged", "wrong", "disappeared"),
            nullable=False,
        ),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("repaired", sa.Boolean(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("succeeds", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("qualification_id", sa.Integer(), nullable=True),
        sa.Column("cells", sa.JSON(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=True),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("repairs", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=True),
        sa.Column("done", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["qualification_id"],
            ["qualification.id"],
            name=op.f("fk_import_row_qualification_id_qualification"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("batch_id", "line", name=op.f("uq_import_row_batch_id_line")),
    )
    op.create_index(
        op.f("ix_import_row_batch_id_verdict"), "import_row", ["batch_id", "verdict"], unique=False
    )
    op.create_index(op.f("ix_import_row_qualification_id"), "import_row", ["qualification_id"], unique=False)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    """Drop the tables; changes of records that are gone go with them."""
    op.drop_table("import_row")
    op.drop_table("import_file")
    op.drop_table("import_batch")
    op.drop_table("import_profile")
    op.execute("DELETE FROM catalogue_change WHERE qualification_id NOT IN (SELECT id FROM qualification)")
    with op.batch_alter_table("catalogue_change") as table:
        table.create_foreign_key(op.f(_CHANGED), "qualification", ["qualification_id"], ["id"])
