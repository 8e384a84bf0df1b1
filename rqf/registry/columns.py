"""The fields that a column of a file may hold: what each means and what it accepts.

Published for people beside the upload, and for machines as a JSON Schema (rqf.registry.imports.schema).
"""

from __future__ import annotations

import re
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
    #: How its cells are read: line, long, code, date, amount, level or type.
    kind: str = "line"
    longest: int = 300


_FREE = N_("text")
_DATE = N_("a date as YYYY-MM-DD")
_NUMBER = N_("a number above zero, with a point before decimals")

COLUMNS: tuple[Column, ...] = (
    Column(
        "id",
        N_("Identifier in this registry"),
        N_("the identifier of a record; empty for new ones"),
        "",
        kind="code",
        longest=36,
    ),
    Column(
        "type",
        N_("Kind of record"),
        N_("qualification, sector_qualification, training_programme or occupational_standard"),
        "occupational_standard",
        required=True,
        kind="type",
        longest=30,
    ),
    Column(
        "title",
        N_("Title as issued"),
        N_("text of at most 500 characters"),
        "Operación de camión fuera de carretera",
        required=True,
        longest=500,
    ),
    Column(
        "title_language",
        N_("Language of the title"),
        N_("a language code; empty: the country's own"),
        "es",
        kind="code",
        longest=8,
    ),
    Column(
        "title_en",
        N_("Title in English"),
        N_("text of at most 500 characters"),
        "Off-highway truck operation",
        longest=500,
    ),
    Column(
        "code_system",
        N_("System of the code"),
        N_("a code system of your country"),
        "MX-CONOCER-EC",
        kind="code",
        longest=60,
    ),
    Column(
        "code",
        N_("National code"),
        N_("a code that follows the pattern of its system"),
        "EC0586.01",
        kind="code",
        longest=60,
    ),
    Column(
        "framework",
        N_("National framework"),
        N_("a framework of your country; empty if it has one"),
        "MX-CONOCER",
        kind="code",
        longest=60,
    ),
    Column("level", N_("National level"), N_("a level of that framework"), "2", kind="level", longest=3),
    Column("level_note", N_("Note on the level"), N_("text of at most 300 characters"), ""),
    Column("volume", N_("Volume"), _NUMBER, "240", kind="amount", longest=12),
    Column(
        "volume_unit", N_("Unit of the volume"), N_("what it counts, as the source says"), "hours", longest=40
    ),
    Column("volume_note", N_("Note on the volume"), N_("text of at most 300 characters"), ""),
    Column("credits", N_("Credits"), _NUMBER, "", kind="amount", longest=12),
    Column(
        "credit_scheme", N_("Credit scheme"), N_("name of the scheme; needed with credits"), "", longest=60
    ),
    Column("awarding_body", N_("Awarding body"), N_("text of at most 300 characters"), "CONOCER"),
    Column("sector", N_("Sector"), N_("a sector of this registry"), "mining", kind="code", longest=60),
    Column(
        "isced_f",
        N_("Field (ISCED-F 2013)"),
        N_("a detailed field of four digits"),
        "0724",
        kind="code",
        longest=4,
    ),
    Column(
        "isco_08",
        N_("Occupation (ISCO-08)"),
        N_("a unit group of four digits"),
        "8111",
        kind="code",
        longest=4,
    ),
    Column("entry_requirements", N_("Entry requirements"), _FREE, "", kind="long", longest=5000),
    Column("entitlements", N_("Entitlements"), _FREE, "", kind="long", longest=5000),
    Column("legal_act", N_("Legal act"), N_("text of at most 300 characters"), ""),
    Column("source", N_("Public source"), _FREE, "RENEC", kind="long", longest=2000),
    Column("valid_from", N_("Valid from"), _DATE, "2024-01-31", kind="date", longest=10),
    Column("valid_to", N_("Valid to"), _DATE, "", kind="date", longest=10),
    Column("last_enrolment", N_("Last enrolment"), _DATE, "", kind="date", longest=10),
    Column("last_award", N_("Last award"), _DATE, "", kind="date", longest=10),
    Column(
        "replaces",
        N_("Replaces"),
        N_("codes of the same system, with ; between them"),
        "EC0586",
        longest=2000,
    ),
)

#: Columns of files that go below the record: to its units, and to their learning outcomes.
UNIT_COLUMNS: tuple[Column, ...] = (
    Column(
        "unit_code_system",
        N_("System of the unit's code"),
        N_("a code system of your country"),
        "CL-EMTP-MODULE",
        kind="code",
        longest=60,
    ),
    Column(
        "unit_code",
        N_("Code of the unit"),
        N_("a code that follows the pattern of its system"),
        "EM1",
        kind="code",
        longest=60,
    ),
    Column(
        "unit_title",
        N_("Title of the unit"),
        N_("text of at most 500 characters"),
        "Lectura de planos de ubicación",
        longest=500,
    ),
    Column("unit_hours", N_("Hours of the unit"), _NUMBER, "152", kind="amount", longest=12),
    Column("unit_mandatory", N_("Whether everyone takes the unit"), N_("yes or no"), "yes", longest=5),
    Column("unit_source", N_("Public source of the unit"), _FREE, "", kind="long", longest=2000),
    Column(
        "outcome_number",
        N_("Place of the outcome in its unit"),
        N_("a number, or a label that ends in one, such as OA3"),
        "1",
        longest=20,
    ),
    Column(
        "outcome_domain",
        N_("Domain of the outcome"),
        N_("knowledge, skills or application"),
        "skills",
        kind="code",
        longest=20,
    ),
    Column(
        "outcome",
        N_("Learning outcome"),
        N_("text of at most 2000 characters"),
        "Traslada al terreno los datos de un plano.",
        longest=2000,
    ),
)
UNIT_FIELDS = frozenset(column.name for column in UNIT_COLUMNS)
#: What the sheet for units holds: which record it is, then the unit and the outcome.
UNIT_SHEET: tuple[Column, ...] = (
    *(column for column in COLUMNS if column.name in ("type", "title", "code_system", "code")),
    *UNIT_COLUMNS,
)
BY_NAME = {column.name: column for column in (*COLUMNS, *UNIT_COLUMNS)}

#: Titles in further languages have columns such as title_pt.
TITLE = re.compile(r"title_([a-z]{2,3})")


def find(name: str) -> Column | None:
    """Return the column of this name, or None; ``title_pt`` is one although no list could name them all."""
    if name in BY_NAME:
        return BY_NAME[name]
    if TITLE.fullmatch(name):
        return Column(name, N_("Title in another language"), BY_NAME["title_en"].accepts, "", longest=500)
    return None
