"""The columns of an import file: what each means and what it accepts. Published beside the upload."""

from __future__ import annotations

from dataclasses import dataclass

from rqf.errors import N_


@dataclass(frozen=True)
class Column:
    """A column: its name in the header, what it says, what it accepts, and an example."""

    name: str
    meaning: str
    accepts: str
    example: str
    required: bool = False


_FREE = N_("text")
_DATE = N_("a date as YYYY-MM-DD")
_NUMBER = N_("a number above zero, with a point before decimals")

COLUMNS: tuple[Column, ...] = (
    Column("type", N_("Kind of record"), N_("qualification, sector_qualification, training_programme or "
           "occupational_standard"), "occupational_standard", required=True),
    Column("title", N_("Title as issued"), N_("text of at most 500 characters"),
           "Operación de camión fuera de carretera", required=True),
    Column("title_language", N_("Language of the title"), N_("a language code; empty: the country's own"),
           "es"),
    Column("title_en", N_("Title in English"), N_("text of at most 500 characters"),
           "Off-highway truck operation"),
    Column("code_system", N_("System of the code"), N_("a code system of your country"), "MX-CONOCER-EC"),
    Column("code", N_("National code"), N_("a code that follows the pattern of its system"), "EC0586.01"),
    Column("framework", N_("National framework"), N_("a framework of your country; empty if it has one"),
           "MX-CONOCER"),
    Column("level", N_("National level"), N_("a level of that framework"), "2"),
    Column("level_note", N_("Note on the level"), N_("text of at most 300 characters"), ""),
    Column("volume", N_("Volume"), _NUMBER, "240"),
    Column("volume_unit", N_("Unit of the volume"), N_("what it counts, as the source says"), "hours"),
    Column("volume_note", N_("Note on the volume"), N_("text of at most 300 characters"), ""),
    Column("credits", N_("Credits"), _NUMBER, ""),
    Column("credit_scheme", N_("Credit scheme"), N_("name of the scheme; needed with credits"), ""),
    Column("awarding_body", N_("Awarding body"), N_("text of at most 300 characters"), "CONOCER"),
    Column("sector", N_("Sector"), N_("a sector of this registry"), "mining"),
    Column("isced_f", N_("Field (ISCED-F 2013)"), N_("a detailed field of four digits"), "0724"),
    Column("isco_08", N_("Occupation (ISCO-08)"), N_("a unit group of four digits"), "8111"),
    Column("entry_requirements", N_("Entry requirements"), _FREE, ""),
    Column("entitlements", N_("Entitlements"), _FREE, ""),
    Column("legal_act", N_("Legal act"), N_("text of at most 300 characters"), ""),
    Column("source", N_("Public source"), _FREE, "RENEC"),
    Column("valid_from", N_("Valid from"), _DATE, "2024-01-31"),
    Column("valid_to", N_("Valid to"), _DATE, ""),
    Column("last_enrolment", N_("Last enrolment"), _DATE, ""),
    Column("last_award", N_("Last award"), _DATE, ""),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}
