"""Review rounds with independent placements, the order of the reviewers' queue, and appeals.

Revision: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; what a reviewer has placed is never changed."""
    _create_absence()
    _create_review_round()
    _create_round_reviewer()
    _create_appeal()
    _create_queue_place()
    _create_round_item()
    _create_assignment()
    _create_round_placement()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER round_placement_append_only BEFORE UPDATE OR DELETE ON round_placement "
            "FOR EACH ROW EXECUTE FUNCTION rqf_refuse('round_placement is append-only')"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER round_placement_no_{verb.lower()} BEFORE {verb} ON round_placement "
            "BEGIN SELECT RAISE(ABORT, 'round_placement is append-only'); END"
        )


def _create_absence() -> None:
    op.create_table(
        "absence",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_absence_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_absence")),
    )


def _create_review_round() -> None:
    op.create_table(
        "review_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("mode", _choice("roundmode", "single", "double"), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_review_round_author_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["framework_edition.id"],
            name=op.f("fk_review_round_edition_id_framework_edition"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_round")),
        sa.UniqueConstraint("uuid", name=op.f("uq_review_round_uuid")),
    )
    op.create_index(op.f("ix_review_round_author_id"), "review_round", ["author_id"], unique=False)
    op.create_index(op.f("ix_review_round_edition_id"), "review_round", ["edition_id"], unique=False)


def _create_round_reviewer() -> None:
    op.create_table(
        "round_reviewer",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_round_reviewer_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["review_round.id"], name=op.f("fk_round_reviewer_round_id_review_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "account_id", name=op.f("pk_round_reviewer")),
    )
    op.create_index(op.f("ix_round_reviewer_account_id"), "round_reviewer", ["account_id"], unique=False)


def _create_appeal() -> None:
    op.create_table(
        "appeal",
        sa.Column("mapping_id", sa.Integer(), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mapping_id"], ["level_mapping.id"], name=op.f("fk_appeal_mapping_id_level_mapping")
        ),
        sa.ForeignKeyConstraint(["of_id"], ["level_mapping.id"], name=op.f("fk_appeal_of_id_level_mapping")),
        sa.PrimaryKeyConstraint("mapping_id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("of_id", name=op.f("uq_appeal_of_id")),
    )


def _create_queue_place() -> None:
    op.create_table(
        "queue_place",
        sa.Column("mapping_id", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Double(), nullable=False),
        sa.Column("uncertainty", sa.Double(), nullable=False),
        sa.Column("demand", sa.Integer(), nullable=False),
        sa.Column("followers", sa.Integer(), nullable=False),
        sa.Column("waited", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mapping_id"], ["level_mapping.id"], name=op.f("fk_queue_place_mapping_id_level_mapping")
        ),
        sa.PrimaryKeyConstraint("mapping_id", name=op.f("pk_queue_place")),
    )
    op.create_index(op.f("ix_queue_place_priority"), "queue_place", ["priority"], unique=False)


def _create_round_item() -> None:
    op.create_table(
        "round_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("mapping_id", sa.Integer(), nullable=True),
        sa.Column("status", _choice("itemstatus", "placing", "reconciling", "done"), nullable=False),
        sa.Column("priority", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mapping_id"], ["level_mapping.id"], name=op.f("fk_round_item_mapping_id_level_mapping")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["review_round.id"], name=op.f("fk_round_item_round_id_review_round")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["qualification_version.id"],
            name=op.f("fk_round_item_version_id_qualification_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_item")),
        sa.UniqueConstraint("round_id", "version_id", name=op.f("uq_round_item_round_id_version_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_round_item_uuid")),
    )
    op.create_index(op.f("ix_round_item_mapping_id"), "round_item", ["mapping_id"], unique=False)
    op.create_index(op.f("ix_round_item_round_id_status"), "round_item", ["round_id", "status"], unique=False)
    op.create_index(op.f("ix_round_item_version_id"), "round_item", ["version_id"], unique=False)


def _create_assignment() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("part", _choice("part", "decision", "placement", "reconciliation"), nullable=False),
        sa.Column("status", _choice("assignmentstatus", "open", "done", "released"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_assignment_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["round_item.id"], name=op.f("fk_assignment_item_id_round_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(
        op.f("ix_assignment_account_id_status"), "assignment", ["account_id", "status"], unique=False
    )
    op.create_index(
        "uq_assignment_held",
        "assignment",
        ["item_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'released'"),
        postgresql_where=sa.text("status <> 'released'"),
    )


def _create_round_placement() -> None:
    op.create_table(
        "round_placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.Column("part", _choice("part", "decision", "placement", "reconciliation"), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_round_placement_reason_given")),
        sa.CheckConstraint("low <= high", name=op.f("ck_round_placement_range_in_order")),
        sa.CheckConstraint("low >= 1", name=op.f("ck_round_placement_low_from_one")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_round_placement_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_round_placement_country_code_country")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["round_item.id"], name=op.f("fk_round_placement_item_id_round_item")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["review_round.id"], name=op.f("fk_round_placement_round_id_review_round")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["qualification_version.id"],
            name=op.f("fk_round_placement_version_id_qualification_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_placement")),
        sa.UniqueConstraint("item_id", "account_id", name=op.f("uq_round_placement_item_id_account_id")),
    )
    op.create_index(op.f("ix_round_placement_account_id"), "round_placement", ["account_id"], unique=False)
    op.create_index(op.f("ix_round_placement_round_id"), "round_placement", ["round_id"], unique=False)
    op.create_index(op.f("ix_round_placement_version_id"), "round_placement", ["version_id"], unique=False)
    op.create_index(
        "uq_round_placement_reconciled",
        "round_placement",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("part = 'reconciliation'"),
        postgresql_where=sa.text("part = 'reconciliation'"),
    )


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    """Drop the tables; their trigger goes with them."""
    op.drop_table("round_placement")
    op.drop_table("assignment")
    op.drop_table("round_item")
    op.drop_table("queue_place")
    op.drop_table("appeal")
    op.drop_table("round_reviewer")
    op.drop_table("review_round")
    op.drop_table("absence")
