"""The quality of records: a score for each version, and counts by country and month.

Existing records get theirs by `rqf quality`, which `rqf db upgrade` starts.

Revision: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, empty."""
    op.create_table(
        "version_quality",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("qualification_id", sa.Integer(), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("method", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("gaps", sa.Integer(), nullable=False),
        sa.Column("title_key", sa.String(length=32), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_version_quality_score_of_100")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["qualification_version.id"],
            name=op.f("fk_version_quality_version_id_qualification_version"),
        ),
        sa.ForeignKeyConstraint(
            ["qualification_id"],
            ["qualification.id"],
            name=op.f("fk_version_quality_qualification_id_qualification"),
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_version_quality_country_code_country")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_version_quality")),
    )
    for columns in (
        ["qualification_id"],
        ["title_key"],
        ["country_code", "counted", "score", "version_id"],
    ):
        op.create_index(op.f(f"ix_version_quality_{'_'.join(columns)}"), "version_quality", columns)
    op.create_table(
        "quality_tally",
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("score", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("gaps", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_quality_tally_country_code_country")
        ),
        sa.PrimaryKeyConstraint("country_code", "month", "score", "gaps", name=op.f("pk_quality_tally")),
    )


def downgrade() -> None:
    """Drop what was created."""
    op.drop_table("quality_tally")
    op.drop_table("version_quality")
