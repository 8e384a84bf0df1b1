"""Proposed equivalences, what each country says to them, their evidence and their end; the quorum.

Revision: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

#: Tables whose rows are written once: the database itself refuses to change or delete them.
APPEND_ONLY = ("proposal_word", "equivalence_ending")


def upgrade() -> None:
    """Create the tables; say how many countries make an equivalence regional."""
    _create_equivalence_ending()
    _create_equivalence_proposal()
    _create_evidence()
    _create_proposal_word()
    op.add_column("framework_edition", sa.Column("quorum", sa.Integer(), nullable=True))
    for table in APPEND_ONLY:
        _protect(table)


def _protect(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION rqf_refuse('{table} is append-only')"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _create_equivalence_ending() -> None:
    op.create_table(
        "equivalence_ending",
        sa.Column("equivalence_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_equivalence_ending_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_equivalence_ending_country_code_country")
        ),
        sa.ForeignKeyConstraint(
            ["equivalence_id"],
            ["equivalence.id"],
            name=op.f("fk_equivalence_ending_equivalence_id_equivalence"),
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["equivalence.id"], name=op.f("fk_equivalence_ending_successor_id_equivalence")
        ),
        sa.PrimaryKeyConstraint("equivalence_id", name=op.f("pk_equivalence_ending")),
    )
    op.create_index(
        op.f("ix_equivalence_ending_account_id"), "equivalence_ending", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_equivalence_ending_successor_id"), "equivalence_ending", ["successor_id"], unique=False
    )


def _create_equivalence_proposal() -> None:
    op.create_table(
        "equivalence_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("from_version_id", sa.Integer(), nullable=False),
        sa.Column("to_version_id", sa.Integer(), nullable=False),
        sa.Column(
            "conclusion",
            sa.Enum(
                "full",
                "partial",
                "conditional",
                "none",
                "undetermined",
                name="conclusion",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "purpose",
            sa.Enum(
                "employment",
                "further_study",
                "regulated_occupation",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column("coverage", sa.Numeric(precision=5, scale=1, asdecimal=False), nullable=True),
        sa.Column("coverage_back", sa.Numeric(precision=5, scale=1, asdecimal=False), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "in_review",
                "returned",
                "endorsed",
                "rejected",
                "superseded",
                "withdrawn",
                name="mappingstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("equivalence_id", sa.Integer(), nullable=True),
        sa.Column("appeals_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status <> 'endorsed' OR equivalence_id IS NOT NULL",
            name=op.f("ck_equivalence_proposal_endorsed_is_decided"),
        ),
        sa.CheckConstraint(
            "from_version_id <> to_version_id", name=op.f("ck_equivalence_proposal_not_itself")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to",
            name=op.f("ck_equivalence_proposal_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["appeals_id"],
            ["equivalence_proposal.id"],
            name=op.f("fk_equivalence_proposal_appeals_id_equivalence_proposal"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_equivalence_proposal_author_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_equivalence_proposal_country_code_country")
        ),
        sa.ForeignKeyConstraint(
            ["equivalence_id"],
            ["equivalence.id"],
            name=op.f("fk_equivalence_proposal_equivalence_id_equivalence"),
        ),
        sa.ForeignKeyConstraint(
            ["from_version_id"],
            ["qualification_version.id"],
            name=op.f("fk_equivalence_proposal_from_version_id_qualification_version"),
        ),
        sa.ForeignKeyConstraint(
            ["to_version_id"],
            ["qualification_version.id"],
            name=op.f("fk_equivalence_proposal_to_version_id_qualification_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equivalence_proposal")),
        sa.UniqueConstraint("appeals_id", name=op.f("uq_equivalence_proposal_appeals_id")),
        sa.UniqueConstraint("equivalence_id", name=op.f("uq_equivalence_proposal_equivalence_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_equivalence_proposal_uuid")),
    )
    op.create_index(
        op.f("ix_equivalence_proposal_author_id"), "equivalence_proposal", ["author_id"], unique=False
    )
    op.create_index(
        op.f("ix_equivalence_proposal_country_code"), "equivalence_proposal", ["country_code"], unique=False
    )
    op.create_index(
        op.f("ix_equivalence_proposal_status_submitted_at"),
        "equivalence_proposal",
        ["status", "submitted_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_equivalence_proposal_to_version_id"), "equivalence_proposal", ["to_version_id"], unique=False
    )
    op.create_index(
        "uq_equivalence_proposal_open",
        "equivalence_proposal",
        ["from_version_id", "to_version_id", "purpose"],
        unique=True,
        sqlite_where=sa.text("status IN ('draft', 'submitted', 'in_review', 'returned')"),
        postgresql_where=sa.text("status IN ('draft', 'submitted', 'in_review', 'returned')"),
    )


def _create_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "programme",
                "standard",
                "legal_act",
                "study",
                "other",
                name="evidencekind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("media_type", sa.String(length=60), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(url IS NULL) <> (content IS NULL)", name=op.f("ck_evidence_link_or_file")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_evidence_account_id_account")),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["equivalence_proposal.id"],
            name=op.f("fk_evidence_proposal_id_equivalence_proposal"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("uuid", name=op.f("uq_evidence_uuid")),
    )
    op.create_index(op.f("ix_evidence_account_id"), "evidence", ["account_id"], unique=False)
    op.create_index(op.f("ix_evidence_proposal_id"), "evidence", ["proposal_id"], unique=False)


def _create_proposal_word() -> None:
    op.create_table(
        "proposal_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "submit",
                "open",
                "endorse",
                "return",
                "reject",
                "withdraw",
                "supersede",
                name="mappingstep",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_proposal_word_reason_given")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_proposal_word_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_proposal_word_country_code_country")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["equivalence_proposal.id"],
            name=op.f("fk_proposal_word_proposal_id_equivalence_proposal"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_word")),
        sa.UniqueConstraint(
            "proposal_id", "turn", "account_id", name=op.f("uq_proposal_word_proposal_id_turn_account_id")
        ),
        sa.UniqueConstraint(
            "proposal_id", "turn", "country_code", name=op.f("uq_proposal_word_proposal_id_turn_country_code")
        ),
    )
    op.create_index(op.f("ix_proposal_word_account_id"), "proposal_word", ["account_id"], unique=False)


def downgrade() -> None:
    """Drop what was created."""
    op.drop_column("framework_edition", "quorum")
    op.drop_index(op.f("ix_proposal_word_account_id"), table_name="proposal_word")
    op.drop_table("proposal_word")
    op.drop_index(op.f("ix_evidence_proposal_id"), table_name="evidence")
    op.drop_index(op.f("ix_evidence_account_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(
        "uq_equivalence_proposal_open",
        table_name="equivalence_proposal",
        sqlite_where=sa.text("status IN ('draft', 'submitted', 'in_review', 'returned')"),
        postgresql_where=sa.text("status IN ('draft', 'submitted', 'in_review', 'returned')"),
    )
    op.drop_index(op.f("ix_equivalence_proposal_to_version_id"), table_name="equivalence_proposal")
    op.drop_index(op.f("ix_equivalence_proposal_status_submitted_at"), table_name="equivalence_proposal")
    op.drop_index(op.f("ix_equivalence_proposal_country_code"), table_name="equivalence_proposal")
    op.drop_index(op.f("ix_equivalence_proposal_author_id"), table_name="equivalence_proposal")
    op.drop_table("equivalence_proposal")
    op.drop_index(op.f("ix_equivalence_ending_successor_id"), table_name="equivalence_ending")
    op.drop_index(op.f("ix_equivalence_ending_account_id"), table_name="equivalence_ending")
    op.drop_table("equivalence_ending")
