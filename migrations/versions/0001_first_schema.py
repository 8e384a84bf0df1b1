"""The first schema: frameworks, qualifications, mappings, equivalences, people and the audit trail.

Revision: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: Tables whose rows are written once: the database itself refuses to change or delete them.
APPEND_ONLY = ("audit_entry", "mapping_decision", "equivalence_decision")

#: What a published version says. Its status and dates of life may still change, its text may not.
FROZEN = (
    "titles", "original_language", "level_id", "level_note", "volume", "volume_unit", "credits",
    "credit_scheme", "isced_f", "isco_08", "sector_code", "awarding_body_id", "entry_requirements",
    "entitlements", "legal_act", "source", "valid_from",
)  # fmt: skip


def upgrade() -> None:
    """Create every table, then the triggers that keep history as it was."""
    _create_tables()
    if op.get_bind().dialect.name == "postgresql":
        _protect_on_postgresql()
    else:
        _protect_on_sqlite()


def _protect_on_sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in FROZEN)
    op.execute(
        "CREATE TRIGGER qualification_version_frozen BEFORE UPDATE ON qualification_version "
        f"WHEN OLD.status <> 'draft' AND ({changed}) "
        "BEGIN SELECT RAISE(ABORT, 'a published version is not rewritten'); END"
    )
    op.execute(
        "CREATE TRIGGER qualification_version_kept BEFORE DELETE ON qualification_version "
        "WHEN OLD.status <> 'draft' "
        "BEGIN SELECT RAISE(ABORT, 'a published version is not deleted'); END"
    )


def _protect_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION rqf_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION rqf_refuse('{table} is append-only')"
        )
    changed = " OR ".join(f"OLD.{column}::text IS DISTINCT FROM NEW.{column}::text" for column in FROZEN)
    op.execute(
        "CREATE TRIGGER qualification_version_frozen BEFORE UPDATE ON qualification_version FOR EACH ROW "
        f"WHEN (OLD.status <> 'draft' AND ({changed})) "
        "EXECUTE FUNCTION rqf_refuse('a published version is not rewritten')"
    )
    op.execute(
        "CREATE TRIGGER qualification_version_kept BEFORE DELETE ON qualification_version FOR EACH ROW "
        "WHEN (OLD.status <> 'draft') EXECUTE FUNCTION rqf_refuse('a published version is not deleted')"
    )


def _create_tables() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "country",
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("member", sa.Boolean(), nullable=False),
        sa.Column("authority", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_country")),
    )
    op.create_table(
        "sector",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sector")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(op.f("ix_sign_in_attempt_subject_at"), "sign_in_attempt", ["subject", "at"], unique=False)
    op.create_table(
        "synonym",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concept", sa.String(length=60), nullable=False),
        sa.Column("term", sa.String(length=120), nullable=False),
        sa.Column("countries", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym")),
        sa.UniqueConstraint("concept", "term", name=op.f("uq_synonym_concept_term")),
    )
    op.create_index(op.f("ix_synonym_concept"), "synonym", ["concept"], unique=False)
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_key_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_key_key_hash")),
    )
    op.create_index(op.f("ix_api_key_account_id"), "api_key", ["account_id"], unique=False)
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=300), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("record_type", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.String(length=40), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_audit_entry_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_audit_entry_country_code_country")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
    )
    op.create_index(op.f("ix_audit_entry_account_id"), "audit_entry", ["account_id"], unique=False)
    op.create_index(op.f("ix_audit_entry_country_code"), "audit_entry", ["country_code"], unique=False)
    op.create_index(
        op.f("ix_audit_entry_record_type_record_id"),
        "audit_entry",
        ["record_type", "record_id"],
        unique=False,
    )
    op.create_table(
        "awarding_body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_awarding_body_country_code_country")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awarding_body")),
        sa.UniqueConstraint("country_code", "name", name=op.f("uq_awarding_body_country_code_name")),
    )
    op.create_table(
        "code_system",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("pattern", sa.String(length=200), nullable=False),
        sa.Column("example", sa.String(length=60), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_code_system_country_code_country")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_code_system")),
    )
    op.create_index(op.f("ix_code_system_country_code"), "code_system", ["country_code"], unique=False)
    op.create_table(
        "framework",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "national",
                "regional",
                "external",
                name="scope",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "qualifications_framework",
                "standards_system",
                name="frameworkkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(scope = 'national') = (country_code IS NOT NULL)", name=op.f("ck_framework_country_if_national")
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_framework_country_code_country")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework")),
        sa.UniqueConstraint("code", name=op.f("uq_framework_code")),
    )
    op.create_index(op.f("ix_framework_country_code"), "framework", ["country_code"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "officer",
                "reviewer",
                "secretariat",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.CheckConstraint(
            "(role = 'secretariat') = (country_code IS NULL)",
            name=op.f("ck_role_grant_country_unless_regional"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_role_grant_country_code_country")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index("uq_role_grant", "role_grant", ["account_id", "role", "country_code"], unique=True)
    op.create_table(
        "web_session",
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_web_session_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_web_session")),
    )
    op.create_index(op.f("ix_web_session_account_id"), "web_session", ["account_id"], unique=False)
    op.create_index(op.f("ix_web_session_seen_at"), "web_session", ["seen_at"], unique=False)
    op.create_table(
        "framework_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "in_force",
                "retired",
                name="editionstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to",
            name=op.f("ck_framework_edition_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_framework_edition_framework_id_framework")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_edition")),
        sa.UniqueConstraint("framework_id", "label", name=op.f("uq_framework_edition_framework_id_label")),
    )
    op.create_table(
        "qualification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "qualification",
                "sector_qualification",
                "training_programme",
                "occupational_standard",
                name="qualificationtype",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("code_system_code", sa.String(length=40), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(code IS NULL) = (code_system_code IS NULL)", name=op.f("ck_qualification_code_with_system")
        ),
        sa.ForeignKeyConstraint(
            ["code_system_code"],
            ["code_system.code"],
            name=op.f("fk_qualification_code_system_code_code_system"),
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_qualification_country_code_country")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
        sa.UniqueConstraint(
            "country_code",
            "code_system_code",
            "code",
            name=op.f("uq_qualification_country_code_code_system_code_code"),
        ),
        sa.UniqueConstraint("uuid", name=op.f("uq_qualification_uuid")),
    )
    op.create_index(
        op.f("ix_qualification_country_code_type"), "qualification", ["country_code", "type"], unique=False
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("code_system_code", sa.String(length=40), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("original_language", sa.String(length=8), nullable=False),
        sa.Column("hours", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("revised_from_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(code IS NULL) = (code_system_code IS NULL)", name=op.f("ck_unit_code_with_system")
        ),
        sa.CheckConstraint("hours IS NULL OR hours > 0", name=op.f("ck_unit_hours_positive")),
        sa.ForeignKeyConstraint(
            ["code_system_code"], ["code_system.code"], name=op.f("fk_unit_code_system_code_code_system")
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_unit_country_code_country")
        ),
        sa.ForeignKeyConstraint(["revised_from_id"], ["unit.id"], name=op.f("fk_unit_revised_from_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("uuid", name=op.f("uq_unit_uuid")),
    )
    op.create_index(op.f("ix_unit_country_code"), "unit", ["country_code"], unique=False)
    op.create_index(op.f("ix_unit_revised_from_id"), "unit", ["revised_from_id"], unique=False)
    op.create_table(
        "catalogue_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("qualification_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["qualification_id"],
            ["qualification.id"],
            name=op.f("fk_catalogue_change_qualification_id_qualification"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_change")),
    )
    op.create_index(
        op.f("ix_catalogue_change_qualification_id"), "catalogue_change", ["qualification_id"], unique=False
    )
    op.create_table(
        "descriptor_domain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["framework_edition.id"],
            name=op.f("fk_descriptor_domain_edition_id_framework_edition"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_descriptor_domain")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_descriptor_domain_edition_id_code")),
    )
    op.create_table(
        "learning_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "domain",
            sa.Enum(
                "knowledge",
                "skills",
                "application",
                name="outcomedomain",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("original_language", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_learning_outcome_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_outcome")),
    )
    op.create_index(op.f("ix_learning_outcome_unit_id"), "learning_outcome", ["unit_id"], unique=False)
    op.create_table(
        "level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 20", name=op.f("ck_level_number_in_range")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["framework_edition.id"], name=op.f("fk_level_edition_id_framework_edition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_level_edition_id_number")),
    )
    op.create_table(
        "replacement",
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("successor_id <> predecessor_id", name=op.f("ck_replacement_not_itself")),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["qualification.id"], name=op.f("fk_replacement_predecessor_id_qualification")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["qualification.id"], name=op.f("fk_replacement_successor_id_qualification")
        ),
        sa.PrimaryKeyConstraint("successor_id", "predecessor_id", name=op.f("pk_replacement")),
    )
    op.create_index(op.f("ix_replacement_predecessor_id"), "replacement", ["predecessor_id"], unique=False)
    op.create_table(
        "level_descriptor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("domain_id", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["domain_id"],
            ["descriptor_domain.id"],
            name=op.f("fk_level_descriptor_domain_id_descriptor_domain"),
        ),
        sa.ForeignKeyConstraint(["level_id"], ["level.id"], name=op.f("fk_level_descriptor_level_id_level")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_descriptor")),
        sa.UniqueConstraint("level_id", "domain_id", name=op.f("uq_level_descriptor_level_id_domain_id")),
    )
    op.create_index(op.f("ix_level_descriptor_domain_id"), "level_descriptor", ["domain_id"], unique=False)
    op.create_table(
        "qualification_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("qualification_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "published",
                "superseded",
                "retired",
                name="versionstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("original_language", sa.String(length=8), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.Column("level_note", sa.String(length=300), nullable=True),
        sa.Column("volume", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("volume_unit", sa.String(length=40), nullable=True),
        sa.Column("volume_note", sa.String(length=300), nullable=True),
        sa.Column("credits", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("credit_scheme", sa.String(length=60), nullable=True),
        sa.Column("isced_f", sa.String(length=4), nullable=True),
        sa.Column("isco_08", sa.String(length=4), nullable=True),
        sa.Column("sector_code", sa.String(length=40), nullable=True),
        sa.Column("awarding_body_id", sa.Integer(), nullable=True),
        sa.Column("entry_requirements", sa.Text(), nullable=True),
        sa.Column("entitlements", sa.Text(), nullable=True),
        sa.Column("legal_act", sa.String(length=300), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column(
            "verified",
            sa.Enum(
                "yes",
                "partial",
                "no",
                name="verification",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("last_enrolment", sa.Date(), nullable=True),
        sa.Column("last_award", sa.Date(), nullable=True),
        sa.Column("completeness", sa.Integer(), nullable=False),
        sa.Column("change_note", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status = 'draft' OR published_at IS NOT NULL",
            name=op.f("ck_qualification_version_published_has_date"),
        ),
        sa.CheckConstraint(
            "completeness BETWEEN 0 AND 100", name=op.f("ck_qualification_version_completeness_percent")
        ),
        sa.CheckConstraint(
            "credits IS NULL OR credit_scheme IS NOT NULL",
            name=op.f("ck_qualification_version_credits_have_scheme"),
        ),
        sa.CheckConstraint(
            "credits IS NULL OR credits > 0", name=op.f("ck_qualification_version_credits_positive")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_qualification_version_number_from_one")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to",
            name=op.f("ck_qualification_version_dates_in_order"),
        ),
        sa.CheckConstraint(
            "volume IS NULL OR volume > 0", name=op.f("ck_qualification_version_volume_positive")
        ),
        sa.CheckConstraint(
            "volume IS NULL OR volume_unit IS NOT NULL", name=op.f("ck_qualification_version_volume_has_unit")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_qualification_version_author_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["awarding_body_id"],
            ["awarding_body.id"],
            name=op.f("fk_qualification_version_awarding_body_id_awarding_body"),
        ),
        sa.ForeignKeyConstraint(
            ["level_id"], ["level.id"], name=op.f("fk_qualification_version_level_id_level")
        ),
        sa.ForeignKeyConstraint(
            ["qualification_id"],
            ["qualification.id"],
            name=op.f("fk_qualification_version_qualification_id_qualification"),
        ),
        sa.ForeignKeyConstraint(
            ["sector_code"], ["sector.code"], name=op.f("fk_qualification_version_sector_code_sector")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification_version")),
        sa.UniqueConstraint(
            "qualification_id", "number", name=op.f("uq_qualification_version_qualification_id_number")
        ),
    )
    op.create_index(
        op.f("ix_qualification_version_author_id"), "qualification_version", ["author_id"], unique=False
    )
    op.create_index(
        op.f("ix_qualification_version_awarding_body_id"),
        "qualification_version",
        ["awarding_body_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_qualification_version_isced_f"), "qualification_version", ["isced_f"], unique=False
    )
    op.create_index(
        op.f("ix_qualification_version_isco_08"), "qualification_version", ["isco_08"], unique=False
    )
    op.create_index(
        op.f("ix_qualification_version_level_id"), "qualification_version", ["level_id"], unique=False
    )
    op.create_index(
        op.f("ix_qualification_version_sector_code"), "qualification_version", ["sector_code"], unique=False
    )
    op.create_index(
        op.f("ix_qualification_version_status_updated_at"),
        "qualification_version",
        ["status", "updated_at"],
        unique=False,
    )
    op.create_index(
        "uq_qualification_version_draft",
        "qualification_version",
        ["qualification_id"],
        unique=True,
        sqlite_where=sa.text("status = 'draft'"),
        postgresql_where=sa.text("status = 'draft'"),
    )
    op.create_index(
        "uq_qualification_version_published",
        "qualification_version",
        ["qualification_id"],
        unique=True,
        sqlite_where=sa.text("status = 'published'"),
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_table(
        "referencing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("regional_edition_id", sa.Integer(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("best_fit", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=40), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "under_review",
                "endorsed",
                "withdrawn",
                name="referencingstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "low <= best_fit AND best_fit <= high", name=op.f("ck_referencing_best_fit_in_range")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to",
            name=op.f("ck_referencing_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(["level_id"], ["level.id"], name=op.f("fk_referencing_level_id_level")),
        sa.ForeignKeyConstraint(
            ["regional_edition_id"],
            ["framework_edition.id"],
            name=op.f("fk_referencing_regional_edition_id_framework_edition"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referencing")),
    )
    op.create_index(
        op.f("ix_referencing_regional_edition_id"), "referencing", ["regional_edition_id"], unique=False
    )
    op.create_index(
        "uq_referencing_standing",
        "referencing",
        ["level_id", "regional_edition_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.create_table(
        "equivalence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
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
            "status",
            sa.Enum(
                "endorsed",
                "superseded",
                "withdrawn",
                name="equivalencestatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("coverage", sa.Numeric(precision=5, scale=1, asdecimal=False), nullable=True),
        sa.Column("coverage_back", sa.Numeric(precision=5, scale=1, asdecimal=False), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("from_version_id <> to_version_id", name=op.f("ck_equivalence_not_itself")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to",
            name=op.f("ck_equivalence_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["from_version_id"],
            ["qualification_version.id"],
            name=op.f("fk_equivalence_from_version_id_qualification_version"),
        ),
        sa.ForeignKeyConstraint(
            ["to_version_id"],
            ["qualification_version.id"],
            name=op.f("fk_equivalence_to_version_id_qualification_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equivalence")),
        sa.UniqueConstraint("number", name=op.f("uq_equivalence_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_equivalence_uuid")),
    )
    op.create_index(op.f("ix_equivalence_to_version_id"), "equivalence", ["to_version_id"], unique=False)
    op.create_index(
        "uq_equivalence_standing",
        "equivalence",
        ["from_version_id", "to_version_id", "purpose"],
        unique=True,
        sqlite_where=sa.text("status = 'endorsed'"),
        postgresql_where=sa.text("status = 'endorsed'"),
    )
    op.create_table(
        "level_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
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
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.JSON(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status <> 'endorsed' OR number IS NOT NULL", name=op.f("ck_level_mapping_endorsed_has_number")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL",
            name=op.f("ck_level_mapping_submitted_has_date"),
        ),
        sa.CheckConstraint("low <= high", name=op.f("ck_level_mapping_range_in_order")),
        sa.CheckConstraint("low >= 1", name=op.f("ck_level_mapping_low_from_one")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to",
            name=op.f("ck_level_mapping_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_level_mapping_author_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["framework_edition.id"],
            name=op.f("fk_level_mapping_edition_id_framework_edition"),
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["level_mapping.id"], name=op.f("fk_level_mapping_supersedes_id_level_mapping")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["qualification_version.id"],
            name=op.f("fk_level_mapping_version_id_qualification_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_mapping")),
        sa.UniqueConstraint("number", name=op.f("uq_level_mapping_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_level_mapping_uuid")),
    )
    op.create_index(op.f("ix_level_mapping_author_id"), "level_mapping", ["author_id"], unique=False)
    op.create_index(op.f("ix_level_mapping_edition_id"), "level_mapping", ["edition_id"], unique=False)
    op.create_index(
        op.f("ix_level_mapping_status_submitted_at"),
        "level_mapping",
        ["status", "submitted_at"],
        unique=False,
    )
    op.create_index(op.f("ix_level_mapping_supersedes_id"), "level_mapping", ["supersedes_id"], unique=False)
    op.create_index(op.f("ix_level_mapping_version_id"), "level_mapping", ["version_id"], unique=False)
    op.create_index(
        "uq_level_mapping_endorsed",
        "level_mapping",
        ["version_id", "edition_id"],
        unique=True,
        sqlite_where=sa.text("status = 'endorsed'"),
        postgresql_where=sa.text("status = 'endorsed'"),
    )
    op.create_index(
        "uq_level_mapping_open",
        "level_mapping",
        ["version_id", "edition_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('draft', 'submitted', 'in_review', 'returned')"),
        postgresql_where=sa.text("status IN ('draft', 'submitted', 'in_review', 'returned')"),
    )
    op.create_table(
        "version_unit",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_version_unit_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["qualification_version.id"],
            name=op.f("fk_version_unit_version_id_qualification_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "unit_id", name=op.f("pk_version_unit")),
    )
    op.create_index(op.f("ix_version_unit_unit_id"), "version_unit", ["unit_id"], unique=False)
    op.create_table(
        "equivalence_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("equivalence_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("endorsed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_equivalence_decision_reason_given")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_equivalence_decision_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_equivalence_decision_country_code_country")
        ),
        sa.ForeignKeyConstraint(
            ["equivalence_id"],
            ["equivalence.id"],
            name=op.f("fk_equivalence_decision_equivalence_id_equivalence"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equivalence_decision")),
        sa.UniqueConstraint(
            "equivalence_id", "country_code", name=op.f("uq_equivalence_decision_equivalence_id_country_code")
        ),
    )
    op.create_index(
        op.f("ix_equivalence_decision_account_id"), "equivalence_decision", ["account_id"], unique=False
    )
    op.create_table(
        "mapping_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mapping_id", sa.Integer(), nullable=False),
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
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_mapping_decision_reason_given")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_mapping_decision_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_mapping_decision_country_code_country")
        ),
        sa.ForeignKeyConstraint(
            ["mapping_id"], ["level_mapping.id"], name=op.f("fk_mapping_decision_mapping_id_level_mapping")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mapping_decision")),
    )
    op.create_index(op.f("ix_mapping_decision_account_id"), "mapping_decision", ["account_id"], unique=False)
    op.create_index(op.f("ix_mapping_decision_mapping_id"), "mapping_decision", ["mapping_id"], unique=False)
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mapping_id", sa.Integer(), nullable=False),
        sa.Column("domain_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.CheckConstraint("level >= 1", name=op.f("ck_placement_level_from_one")),
        sa.ForeignKeyConstraint(
            ["domain_id"], ["descriptor_domain.id"], name=op.f("fk_placement_domain_id_descriptor_domain")
        ),
        sa.ForeignKeyConstraint(
            ["mapping_id"], ["level_mapping.id"], name=op.f("fk_placement_mapping_id_level_mapping")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("mapping_id", "domain_id", name=op.f("uq_placement_mapping_id_domain_id")),
    )
    op.create_index(op.f("ix_placement_domain_id"), "placement", ["domain_id"], unique=False)


def downgrade() -> None:
    """Drop every table; their triggers go with them."""
    op.drop_index(op.f("ix_placement_domain_id"), table_name="placement")
    op.drop_table("placement")
    op.drop_index(op.f("ix_mapping_decision_mapping_id"), table_name="mapping_decision")
    op.drop_index(op.f("ix_mapping_decision_account_id"), table_name="mapping_decision")
    op.drop_table("mapping_decision")
    op.drop_index(op.f("ix_equivalence_decision_account_id"), table_name="equivalence_decision")
    op.drop_table("equivalence_decision")
    op.drop_index(op.f("ix_version_unit_unit_id"), table_name="version_unit")
    op.drop_table("version_unit")
    op.drop_index(
        "uq_level_mapping_open",
        table_name="level_mapping",
        sqlite_where=sa.text("status IN ('draft', 'submitted', 'in_review', 'returned')"),
        postgresql_where=sa.text("status IN ('draft', 'submitted', 'in_review', 'returned')"),
    )
    op.drop_index(
        "uq_level_mapping_endorsed",
        table_name="level_mapping",
        sqlite_where=sa.text("status = 'endorsed'"),
        postgresql_where=sa.text("status = 'endorsed'"),
    )
    op.drop_index(op.f("ix_level_mapping_version_id"), table_name="level_mapping")
    op.drop_index(op.f("ix_level_mapping_supersedes_id"), table_name="level_mapping")
    op.drop_index(op.f("ix_level_mapping_status_submitted_at"), table_name="level_mapping")
    op.drop_index(op.f("ix_level_mapping_edition_id"), table_name="level_mapping")
    op.drop_index(op.f("ix_level_mapping_author_id"), table_name="level_mapping")
    op.drop_table("level_mapping")
    op.drop_index(
        "uq_equivalence_standing",
        table_name="equivalence",
        sqlite_where=sa.text("status = 'endorsed'"),
        postgresql_where=sa.text("status = 'endorsed'"),
    )
    op.drop_index(op.f("ix_equivalence_to_version_id"), table_name="equivalence")
    op.drop_table("equivalence")
    op.drop_index(
        "uq_referencing_standing",
        table_name="referencing",
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.drop_index(op.f("ix_referencing_regional_edition_id"), table_name="referencing")
    op.drop_table("referencing")
    op.drop_index(
        "uq_qualification_version_published",
        table_name="qualification_version",
        sqlite_where=sa.text("status = 'published'"),
        postgresql_where=sa.text("status = 'published'"),
    )
    op.drop_index(
        "uq_qualification_version_draft",
        table_name="qualification_version",
        sqlite_where=sa.text("status = 'draft'"),
        postgresql_where=sa.text("status = 'draft'"),
    )
    op.drop_index(op.f("ix_qualification_version_status_updated_at"), table_name="qualification_version")
    op.drop_index(op.f("ix_qualification_version_sector_code"), table_name="qualification_version")
    op.drop_index(op.f("ix_qualification_version_level_id"), table_name="qualification_version")
    op.drop_index(op.f("ix_qualification_version_isco_08"), table_name="qualification_version")
    op.drop_index(op.f("ix_qualification_version_isced_f"), table_name="qualification_version")
    op.drop_index(op.f("ix_qualification_version_awarding_body_id"), table_name="qualification_version")
    op.drop_index(op.f("ix_qualification_version_author_id"), table_name="qualification_version")
    op.drop_table("qualification_version")
    op.drop_index(op.f("ix_level_descriptor_domain_id"), table_name="level_descriptor")
    op.drop_table("level_descriptor")
    op.drop_index(op.f("ix_replacement_predecessor_id"), table_name="replacement")
    op.drop_table("replacement")
    op.drop_table("level")
    op.drop_index(op.f("ix_learning_outcome_unit_id"), table_name="learning_outcome")
    op.drop_table("learning_outcome")
    op.drop_table("descriptor_domain")
    op.drop_index(op.f("ix_catalogue_change_qualification_id"), table_name="catalogue_change")
    op.drop_table("catalogue_change")
    op.drop_index(op.f("ix_unit_revised_from_id"), table_name="unit")
    op.drop_index(op.f("ix_unit_country_code"), table_name="unit")
    op.drop_table("unit")
    op.drop_index(op.f("ix_qualification_country_code_type"), table_name="qualification")
    op.drop_table("qualification")
    op.drop_table("framework_edition")
    op.drop_index(op.f("ix_web_session_seen_at"), table_name="web_session")
    op.drop_index(op.f("ix_web_session_account_id"), table_name="web_session")
    op.drop_table("web_session")
    op.drop_index("uq_role_grant", table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index(op.f("ix_framework_country_code"), table_name="framework")
    op.drop_table("framework")
    op.drop_index(op.f("ix_code_system_country_code"), table_name="code_system")
    op.drop_table("code_system")
    op.drop_table("awarding_body")
    op.drop_index(op.f("ix_audit_entry_record_type_record_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_country_code"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_account_id"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_index(op.f("ix_api_key_account_id"), table_name="api_key")
    op.drop_table("api_key")
    op.drop_index(op.f("ix_synonym_concept"), table_name="synonym")
    op.drop_table("synonym")
    op.drop_index(op.f("ix_sign_in_attempt_subject_at"), table_name="sign_in_attempt")
    op.drop_table("sign_in_attempt")
    op.drop_table("sector")
    op.drop_table("country")
    op.drop_table("account")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION rqf_refuse()")
