"""Findings of the consistency watch; what a decision judged and what was suggested, as columns to measure by.

Revision: 0004
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MAPPING = (
    ("suggested_low", sa.Integer()),
    ("suggested_high", sa.Integer()),
    ("suggested_score", sa.Integer()),
    ("title_family", sa.String(length=32)),
)
_DECISION = (("low", sa.Integer()), ("high", sa.Integer()))


def upgrade() -> None:
    """Add the columns and tables; read the kept suggestions once. Decisions of before stay as they are."""
    for table, columns in (("level_mapping", _MAPPING), ("mapping_decision", _DECISION)):
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_index(op.f("ix_level_mapping_title_family"), "level_mapping", ["title_family"], unique=False)
    _create_finding()
    _read_suggestions()


def _create_finding() -> None:
    kinds = ("triangle", "levels_apart", "title_drift", "outside_referencing", "old_version")
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("kind", _choice("findingkind", *kinds), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("proof", sa.String(length=200), nullable=False),
        sa.Column("status", _choice("findingstatus", "open", "settled", "closed"), nullable=False),
        sa.Column("path", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status <> 'settled' OR reason IS NOT NULL", name=op.f("ck_finding_settled_has_reason")
        ),
        sa.CheckConstraint(
            "status <> 'closed' OR closed_at IS NOT NULL", name=op.f("ck_finding_closed_has_date")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_finding_settled_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("uuid", name=op.f("uq_finding_uuid")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_finding_kind_key")),
    )
    op.create_index(op.f("ix_finding_settled_by_id"), "finding", ["settled_by_id"], unique=False)
    op.create_index(op.f("ix_finding_status_id"), "finding", ["status", "id"], unique=False)
    op.create_table(
        "finding_version",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_finding_version_finding_id_finding")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["qualification_version.id"],
            name=op.f("fk_finding_version_version_id_qualification_version"),
        ),
        sa.PrimaryKeyConstraint("finding_id", "version_id", name=op.f("pk_finding_version")),
    )
    op.create_index(op.f("ix_finding_version_version_id"), "finding_version", ["version_id"], unique=False)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _read_suggestions() -> None:
    """Fill the columns from the advice kept with each mapping, a stretch at a time."""
    bind, last = op.get_bind(), 0
    chunk = sa.text("SELECT id, suggestion FROM level_mapping WHERE id > :last ORDER BY id LIMIT 500")
    fill = sa.text(
        "UPDATE level_mapping SET suggested_low = :low, suggested_high = :high, suggested_score = :score "
        "WHERE id = :id"
    )
    while rows := bind.execute(chunk, {"last": last}).all():
        last = rows[-1].id
        said = ((row.id, json.loads(row.suggestion) if isinstance(row.suggestion, str) else row.suggestion)
                for row in rows)  # fmt: skip
        values = [{"id": one, **read} for one, advice in said if (read := _advised(advice))]
        if values:
            bind.execute(fill, values)


def _advised(advice: dict | None) -> dict | None:
    if not advice or advice.get("abstained") or not advice.get("suggestions") or not advice.get("range"):
        return None
    low, high = advice["range"]
    return {"low": low, "high": high, "score": round(float(advice["suggestions"][0].get("score") or 0))}


def downgrade() -> None:
    """Drop the tables and columns."""
    op.drop_table("finding_version")
    op.drop_table("finding")
    op.drop_index(op.f("ix_level_mapping_title_family"), table_name="level_mapping")
    for table, columns in (("level_mapping", _MAPPING), ("mapping_decision", _DECISION)):
        for name, _ in columns:
            op.drop_column(table, name)
