"""Statements of comparability: what was issued, the keys that signed it, what was withdrawn.

Revision: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: What was issued stays as it was: the database itself refuses to change or delete it.
APPEND_ONLY = ("statement", "statement_print", "statement_withdrawal")


def upgrade() -> None:
    """Create the tables, then the triggers that keep what was issued as it was."""
    _create_keys()
    _create_statement()
    _create_print()
    _create_withdrawal()
    for table in APPEND_ONLY:
        _protect(table)


def _create_keys() -> None:
    op.create_table(
        "issue_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_attempt")),
    )
    op.create_index(op.f("ix_issue_attempt_subject_at"), "issue_attempt", ["subject", "at"], unique=False)
    op.create_table(
        "signing_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kid", sa.String(length=43), nullable=False),
        sa.Column("public", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("kid", name=op.f("uq_signing_key_kid")),
    )


def _create_statement() -> None:
    op.create_table(
        "statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("facts_hash", sa.String(length=64), nullable=False),
        sa.Column("jws", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("a_qualification_id", sa.Integer(), nullable=False),
        sa.Column("b_qualification_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("count BETWEEN 1 AND 999999", name=op.f("ck_statement_count_fits_number")),
        sa.ForeignKeyConstraint(
            ["a_qualification_id"],
            ["qualification.id"],
            name=op.f("fk_statement_a_qualification_id_qualification"),
        ),
        sa.ForeignKeyConstraint(
            ["b_qualification_id"],
            ["qualification.id"],
            name=op.f("fk_statement_b_qualification_id_qualification"),
        ),
        sa.ForeignKeyConstraint(["key_id"], ["signing_key.id"], name=op.f("fk_statement_key_id_signing_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("number", name=op.f("uq_statement_number")),
        sa.UniqueConstraint("year", "count", name=op.f("uq_statement_year_count")),
    )
    for column in ("a_qualification_id", "b_qualification_id", "facts_hash", "key_id"):
        op.create_index(op.f(f"ix_statement_{column}"), "statement", [column], unique=False)


def _create_print() -> None:
    op.create_table(
        "statement_print",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_statement_print_statement_id_statement")
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_statement_print")),
    )
    op.create_index(op.f("ix_statement_print_pdf_hash"), "statement_print", ["pdf_hash"], unique=False)


def _create_withdrawal() -> None:
    op.create_table(
        "statement_withdrawal",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_statement_withdrawal_reason_given")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_statement_withdrawal_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_statement_withdrawal_statement_id_statement")
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_statement_withdrawal")),
    )
    op.create_index(
        op.f("ix_statement_withdrawal_account_id"), "statement_withdrawal", ["account_id"], unique=False
    )


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


def downgrade() -> None:
    """Drop the tables, unless a statement was issued: people hold it and must be able to check it."""
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM statement")):
        raise RuntimeError("Statements have been issued; this schema does not go back without them.")
    for table in (*reversed(APPEND_ONLY), "signing_key", "issue_attempt"):
        op.drop_table(table)
