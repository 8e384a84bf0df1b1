"""How people judged the outcomes of two versions.

Revision: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "outcome_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_version_id", sa.Integer(), nullable=False),
        sa.Column("other_version_id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=True),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column(
            "relation",
            sa.Enum(
                "exact",
                "close",
                "broad",
                "narrow",
                "related",
                "refused",
                "none",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(relation = 'none') = (one_id IS NULL OR other_id IS NULL)",
            name=op.f("ck_outcome_pair_none_is_alone"),
        ),
        sa.CheckConstraint(
            "relation <> 'refused' OR length(reason) > 0", name=op.f("ck_outcome_pair_refusal_has_reason")
        ),
        sa.CheckConstraint(
            "one_id IS NOT NULL OR other_id IS NOT NULL", name=op.f("ck_outcome_pair_about_an_outcome")
        ),
        sa.CheckConstraint("one_version_id < other_version_id", name=op.f("ck_outcome_pair_lower_first")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_outcome_pair_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["one_id"], ["learning_outcome.id"], name=op.f("fk_outcome_pair_one_id_learning_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["one_version_id"],
            ["qualification_version.id"],
            name=op.f("fk_outcome_pair_one_version_id_qualification_version"),
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["learning_outcome.id"], name=op.f("fk_outcome_pair_other_id_learning_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["other_version_id"],
            ["qualification_version.id"],
            name=op.f("fk_outcome_pair_other_version_id_qualification_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_pair")),
        sa.UniqueConstraint(
            "one_version_id",
            "other_version_id",
            "one_id",
            "other_id",
            name=op.f("uq_outcome_pair_one_version_id_other_version_id_one_id_other_id"),
        ),
    )
    op.create_index(op.f("ix_outcome_pair_account_id"), "outcome_pair", ["account_id"], unique=False)
    op.create_index(op.f("ix_outcome_pair_one_id"), "outcome_pair", ["one_id"], unique=False)
    op.create_index(op.f("ix_outcome_pair_other_id"), "outcome_pair", ["other_id"], unique=False)
    op.create_index(
        op.f("ix_outcome_pair_other_version_id"), "outcome_pair", ["other_version_id"], unique=False
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index(op.f("ix_outcome_pair_other_version_id"), table_name="outcome_pair")
    op.drop_index(op.f("ix_outcome_pair_other_id"), table_name="outcome_pair")
    op.drop_index(op.f("ix_outcome_pair_one_id"), table_name="outcome_pair")
    op.drop_index(op.f("ix_outcome_pair_account_id"), table_name="outcome_pair")
    op.drop_table("outcome_pair")
