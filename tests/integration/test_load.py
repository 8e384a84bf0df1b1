"""Loading fixture folders: idempotent, all-or-nothing, and never rewriting what has been published."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from rqf import exchange
from rqf.errors import Invalid, RqfError
from rqf.models import (
    AuditEntry,
    CatalogueChange,
    Framework,
    FrameworkEdition,
    Level,
    Model,
    Qualification,
    QualificationVersion,
    Referencing,
    Replacement,
    Sector,
    Synonym,
    Unit,
    audit,
)
from rqf.rules.terms import QualificationType, Verification, VersionStatus

COLUMNS = [
    "key", "country", "code_system", "code", "type", "title", "title_language", "title_en", "framework",
    "level", "level_note", "volume", "volume_unit", "volume_note", "credits", "credit_scheme",
    "awarding_body", "sector", "isced_f", "isco_08", "replaces", "source", "verified",
]  # fmt: skip
MINER = {
    "key": "cl-miner", "country": "CL", "code_system": "CL-MINEDUC-ESPE", "code": "54018",
    "type": "qualification", "title": "Explotación minera", "title_language": "es", "title_en": "Mining",
    "framework": "CL-MCTP", "level": "3", "volume": "1672.5", "volume_unit": "hours",
    "awarding_body": "MINEDUC", "sector": "mining", "source": "a public list", "verified": "partial",
}  # fmt: skip
STANDARD = {
    "key": "mx-ec0364", "country": "MX", "code_system": "MX-CONOCER-EC", "code": "EC0364",
    "type": "occupational_standard", "title": "Voladura de barrenos", "title_language": "es",
    "source": "the register", "verified": "yes",
}  # fmt: skip
DRILLING = {
    "key": "cl-drilling", "country": "CL", "titles": {"es": "Perforación", "en": "Drilling"},
    "language": "es", "hours": 228, "source": "a programme",
    "qualifications": [{"key": "cl-miner", "mandatory": True}],
    "outcomes": [
        {"domain": "skills", "es": "Perfora barrenos según el diagrama.", "en": "Drills holes."},
        {"domain": "knowledge", "es": "Explica los tipos de perforadoras."},
    ],
}  # fmt: skip


class Folder:
    """A fixture folder that a test fills."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, content: object) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")

    def qualifications(self, *rows: dict, columns=COLUMNS) -> None:
        with (self.path / "qualifications.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture
def folder(tmp_path) -> Folder:
    """Two qualifications of two countries and a unit."""
    path = tmp_path / "fixtures"
    path.mkdir()
    folder = Folder(path)
    folder.qualifications(MINER, STANDARD)
    folder.write("units/cl.json", [DRILLING])
    return folder


def load(session, folder):
    return exchange.load(session, "test", folder.path)


def counts(session) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Model.metadata.sorted_tables
    }


def find(session, code: str) -> Qualification:
    return session.scalars(select(Qualification).where(Qualification.code == code)).one()


def test_a_row_becomes_a_published_version_with_everything_it_says(session, folder):
    load(session, folder)
    miner = find(session, "54018")
    (version,) = miner.versions
    assert (miner.country_code, miner.type) == ("CL", QualificationType.QUALIFICATION)
    assert (version.number, version.status) == (1, VersionStatus.PUBLISHED)
    assert version.titles == {"es": "Explotación minera", "en": "Mining"}
    assert version.level.number == 3
    assert version.level.edition.framework.code == "CL-MCTP"
    assert float(version.volume) == 1672.5
    assert version.awarding_body.name == "MINEDUC"
    assert version.source == "a public list"
    assert version.verified == Verification.PARTIAL


def test_a_unit_joins_the_qualifications_it_names_with_its_outcomes_in_order(session, folder):
    load(session, folder)
    (link,) = find(session, "54018").versions[0].units
    assert link.mandatory
    assert link.unit.title == "Perforación"
    assert [one.domain for one in link.unit.outcomes] == ["skills", "knowledge"]
    assert link.unit.outcomes[0].texts["en"] == "Drills holes."


def test_a_loaded_record_says_how_complete_it_is(session, folder):
    load(session, folder)
    assert find(session, "54018").versions[0].completeness > 60
    assert 0 < find(session, "EC0364").versions[0].completeness < 40


def test_two_installations_give_a_record_the_same_identifier(session, folder):
    load(session, folder)
    assert find(session, "54018").uuid == "ea560cf1-8249-5730-a1f7-ec381e08447f"


def test_a_second_load_changes_nothing(session, folder):
    assert load(session, folder).changed
    before = counts(session)
    report = load(session, folder)
    assert not report.changed
    assert report.kept == []
    assert counts(session) == before


def test_published_text_is_not_rewritten_but_reported(session, folder):
    load(session, folder)
    folder.qualifications({**MINER, "title": "Otro título", "volume": "10"}, STANDARD)
    folder.write("units/cl.json", [{**DRILLING, "hours": 12, "outcomes": DRILLING["outcomes"][:1]}])
    report = load(session, folder)
    assert find(session, "54018").versions[0].title == "Explotación minera"
    assert session.scalars(select(Unit)).one().hours == 228
    assert report.kept == ["cl-miner: titles, volume", "cl-drilling: hours, outcomes"]
    assert not report.changed


def test_a_new_unit_does_not_slip_into_a_published_version(session, folder):
    load(session, folder)
    folder.write("units/cl.json", [DRILLING, {**DRILLING, "key": "cl-blasting"}])
    report = load(session, folder)
    assert len(find(session, "54018").versions[0].units) == 1
    assert report.kept == ["cl-miner: units (cl-blasting)"]


def test_a_record_that_an_officer_registered_under_the_code_stands(session, folder):
    session.add(
        Qualification(
            country_code="MX", type="occupational_standard", code_system_code="MX-CONOCER-EC", code="EC0364"
        )
    )
    session.flush()
    assert "mx-ec0364: code" in load(session, folder).kept


def test_what_is_replaced_is_superseded_and_linked(session, folder):
    newer = {**STANDARD, "key": "mx-ec0364-01", "code": "EC0364.01", "replaces": "mx-ec0364"}
    folder.qualifications(newer, STANDARD, MINER)
    load(session, folder)
    assert find(session, "EC0364").versions[0].status == VersionStatus.SUPERSEDED
    assert find(session, "EC0364.01").versions[0].status == VersionStatus.PUBLISHED
    link = session.scalars(select(Replacement)).one()
    assert (link.predecessor.code, link.successor.code) == ("EC0364", "EC0364.01")


def test_a_load_is_one_entry_of_the_audit_trail_with_its_counts(session, folder):
    load(session, folder)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "fixtures.load")).one()
    assert entry.actor == "test"
    assert entry.details["added"] == {"awarding_bodies": 1, "qualifications": 2, "units": 1, "outcomes": 2}
    assert audit.verify(session) is None


def test_the_search_index_hears_of_every_record(session, folder):
    load(session, folder)
    told = set(session.scalars(select(CatalogueChange.qualification_id)))
    assert told == {find(session, "54018").id, find(session, "EC0364").id}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("code", "ABC", "does not follow the pattern of CL-MINEDUC-ESPE, such as 54018"),
        ("code", "", "given together"),
        ("code_system", "MX-CONOCER-EC", "not one of the country's"),
        ("country", "XX", "“XX” is not known"),
        ("level", "9", "CL-MCTP has no level 9"),
        ("level", "3.5", "not a whole number"),
        ("framework", "NOPE", "“NOPE” is not known"),
        ("type", "thing", "occupational_standard"),
        ("title", "", "It is needed"),
        ("title", "x" * 10_000, "longer than 500"),
        ("volume", "2550+", "not a number above zero"),
        ("volume", "NaN", "not a number above zero"),
        ("volume", "-3", "not a number above zero"),
        ("volume_unit", "", "needs its unit"),
        ("credits", "12", "need their scheme"),
        ("sector", "magic", "“magic” is not known"),
        ("source", "", "It is needed"),
        ("verified", "maybe", "partial"),
        ("replaces", "nobody", "no other row with the key"),
        ("replaces", "cl-miner", "no other row with the key"),
        ("isced_f", "9999", "not known"),
    ],
)
def test_a_wrong_value_is_named_by_file_row_and_field_and_nothing_is_kept(
    session, folder, field, value, said
):
    before = counts(session)
    folder.qualifications(STANDARD, {**MINER, field: value})
    with pytest.raises(Invalid) as refused:
        load(session, folder)
    places = {
        place: str(messages[0])
        for place, messages in refused.value.fields.items()
        if place.startswith("qualifications.csv:3:")
    }
    assert any(said in text for text in places.values()), refused.value.fields
    assert counts(session) == before


def test_everything_wrong_is_said_at_once(session, folder):
    folder.qualifications({**MINER, "country": "XX", "verified": "maybe"}, {**STANDARD, "type": "thing"})
    with pytest.raises(Invalid) as refused:
        load(session, folder)
    assert {
        "qualifications.csv:2:country", "qualifications.csv:2:verified", "qualifications.csv:3:type"
    } <= refused.value.fields.keys()  # fmt: skip


def test_the_same_key_twice_is_refused(session, folder):
    folder.qualifications(MINER, {**MINER, "code": "54019"})
    with pytest.raises(Invalid, match="another row with the key"):
        load(session, folder)


def test_a_missing_and_an_unknown_column_are_named(session, folder):
    folder.qualifications(MINER, columns=[*COLUMNS, "colour"])
    with pytest.raises(Invalid, match="colour: There is no field of this name"):
        load(session, folder)
    folder.write("qualifications.csv", "key,country\nx,CL\n")
    with pytest.raises(Invalid, match="lacks the columns: .*awarding_body"):
        load(session, folder)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"qualifications": [{"key": "nobody", "mandatory": True}]}, "qualifications[1]:key"),
        ({"qualifications": [{"key": "cl-miner", "mandatory": "yes"}]}, "qualifications[1]:mandatory"),
        ({"outcomes": [{"domain": "magic", "es": "x"}]}, "outcomes[1]:domain"),
        ({"outcomes": [{"domain": "skills"}]}, "outcomes[1]:es"),
        ({"outcomes": "none"}, "outcomes"),
        ({"titles": {"en": "Drilling"}}, "titles"),
        ({"hours": -1}, "hours"),
        ({"colour": "red"}, "colour"),
    ],
)  # fmt: skip
def test_a_wrong_unit_is_named_by_file_row_and_field(session, folder, change, place):
    folder.write("units/cl.json", [{**DRILLING, **change}])
    with pytest.raises(Invalid) as refused:
        load(session, folder)
    assert f"units/cl.json:1:{place}" in refused.value.fields


def test_a_file_that_is_not_json_or_not_text_is_named(session, folder):
    folder.write("units/cl.json", "{")
    with pytest.raises(Invalid, match=r"units/cl.json: The file is not JSON"):
        load(session, folder)
    (folder.path / "qualifications.csv").write_bytes(b"\xff\xfe%PDF")
    with pytest.raises(Invalid, match=r"qualifications.csv: The file is not UTF-8 text"):
        load(session, folder)


def test_a_folder_without_fixtures_is_refused(session, tmp_path):
    with pytest.raises(RqfError, match="holds no fixtures"):
        exchange.load(session, "test", tmp_path)


def test_lists_follow_their_files(session, folder):
    folder.write("sectors.json", [{"code": "mining", "titles": {"es": "Minería", "en": "Mines"}}])
    report = load(session, folder)
    assert report.updated == {"sectors": 1}
    assert session.get(Sector, "mining").titles == {"es": "Minería", "en": "Mines"}


def test_synonyms_are_loaded_once(session, folder):
    folder.write(
        "synonyms.csv",
        "group,term,countries,language,sector,source\n"
        "blasting,tronadura,CL|PE,es,mining,glossary\nblasting,voladura,MX|CO,es,mining,glossary\n",
    )
    assert load(session, folder).added["synonyms"] == 2
    assert not load(session, folder).changed
    assert session.scalars(select(Synonym.term).order_by(Synonym.id)).all() == ["tronadura", "voladura"]


SYNONYMS = "group,term,countries,language,sector,source\n"
LEVEL = {"number": 1, "titles": {"es": "Nivel"}, "descriptors": {"knowledge": {"es": "Sabe"}}}


def framework(**changes) -> dict:
    edition = {
        "label": "2027", "status": "in_force", "valid_from": "2027-01-01", "source": "a decree",
        "domains": [{"code": "knowledge", "titles": {"es": "Conocimiento", "en": "Knowledge"}}],
        "levels": [
            {
                "number": number,
                "titles": {"es": f"Nivel {number}"},
                "descriptors": {"knowledge": {"es": f"Sabe {number}", "en": f"Knows {number}"}},
            }
            for number in (1, 2)
        ],
    }  # fmt: skip
    return {
        "code": "PE-NEW", "scope": "national", "kind": "qualifications_framework", "country": "PE",
        "titles": {"es": "Marco nuevo"}, "editions": [{**edition, **changes}],
    }  # fmt: skip


def test_a_framework_is_loaded_with_its_descriptors_and_never_rewritten(session, folder):
    folder.write("frameworks/PE-NEW.json", framework())
    folder.write(
        "referencing.json",
        [
            {
                "framework": "PE-NEW", "level": 2, "regional": "PA-RQF", "edition": "2026",
                "low": 2, "high": 3, "best_fit": 3, "basis": "descriptor_match", "status": "proposed",
                "evidence": {"es": "Se parecen"}, "source": "table",
            }
        ],
    )  # fmt: skip
    load(session, folder)
    loaded = session.scalars(select(Framework).where(Framework.code == "PE-NEW")).one()
    assert [level.descriptors[0].texts["en"] for level in loaded.editions[0].levels] == ["Knows 1", "Knows 2"]
    stands = session.scalars(select(Referencing).join(Level).join(FrameworkEdition).where(
        FrameworkEdition.framework_id == loaded.id)).one()  # fmt: skip
    assert (stands.low, stands.high, stands.best_fit) == (2, 3, 3)
    folder.write("frameworks/PE-NEW.json", framework(source="another decree"))
    assert load(session, folder).kept == ["PE-NEW 2027: source"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"levels": [{**LEVEL, "descriptors": {}}]}, "editions[1]:levels[1]:descriptors"),
        ({"levels": [{**LEVEL, "number": 2}]}, "editions[1]:levels"),
        ({"status": "nice"}, "editions[1]:status"),
        ({"valid_from": "1 May"}, "editions[1]:valid_from"),
    ],
)  # fmt: skip
def test_a_wrong_framework_is_named_by_field(session, folder, changes, place):
    folder.write("frameworks/PE-NEW.json", framework(**changes))
    with pytest.raises(Invalid) as refused:
        load(session, folder)
    assert f"frameworks/PE-NEW.json:{place}" in refused.value.fields


def test_a_referencing_outside_the_regional_levels_is_refused(session, folder):
    line = {
        "framework": "PE-MNCP", "level": 8, "regional": "PA-RQF", "edition": "2026", "low": 8, "high": 9,
        "best_fit": 8, "basis": "legal", "status": "proposed", "evidence": {"es": "x"}, "source": "s",
    }  # fmt: skip
    folder.write("referencing.json", [line, {**line, "high": 8, "best_fit": 1}, {**line, "framework": "NO"}])
    with pytest.raises(Invalid) as refused:
        load(session, folder)
    assert refused.value.fields.keys() == {
        "referencing.json:1:high", "referencing.json:2:best_fit", "referencing.json:3:framework"
    }  # fmt: skip


def test_a_thousand_records_ask_a_bounded_number_of_questions_each(session, database, folder):
    folder.qualifications(*({**MINER, "key": f"cl-{n}", "code": f"{10000 + n}"} for n in range(1000)))
    folder.write(
        "units/cl.json",
        [
            {**DRILLING, "key": f"u-{n}", "qualifications": [{"key": f"cl-{n}", "mandatory": True}]}
            for n in range(300)
        ],
    )
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    load(session, folder)
    assert len(asked) < 7 * 1000
    assert session.scalar(select(func.count()).select_from(QualificationVersion)) == 1000


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("sectors.json", {"code": "x"}, "sectors.json"),
        ("sectors.json", [{"code": 5, "titles": {"es": "x"}}], "sectors.json:1:code"),
        ("sectors.json", [{"code": "x", "titles": "x"}], "sectors.json:1:titles"),
        ("countries.json", [{"code": "AR", "member": "yes"}], "countries.json:1:member"),
        ("code_systems.json", [{"pattern": "(", "example": "x"}], "code_systems.json:1:pattern"),
        ("code_systems.json", [{"pattern": "^A$", "example": "B"}], "code_systems.json:1:example"),
        ("frameworks/X.json", [], "frameworks/X.json"),
        ("frameworks/X.json", {"editions": [{"levels": [{"descriptors": 1}]}]},
         "frameworks/X.json:editions[1]:levels[1]:descriptors"),
        ("referencing.json", [{"framework": "PE-MNCP", "level": 99}], "referencing.json:1:level"),
        ("referencing.json", [{"regional": "PA-RQF", "edition": "1900"}], "referencing.json:1:edition"),
        ("synonyms.csv", SYNONYMS + "g,t,CL|XX,es,,s\n", "synonyms.csv:2:countries"),
        ("synonyms.csv", SYNONYMS + '"g"x,t,CL,es,,s\n', "synonyms.csv:2"),
    ],
)  # fmt: skip
def test_a_wrong_list_is_named_by_file_row_and_field(session, folder, name, content, place):
    folder.write(name, content)
    with pytest.raises(Invalid) as refused:
        load(session, folder)
    assert place in refused.value.fields


def test_a_synonym_follows_its_file(session, folder):
    folder.write("synonyms.csv", f"{SYNONYMS}blasting,tronadura,CL,es,,old list\n")
    load(session, folder)
    folder.write("synonyms.csv", f"{SYNONYMS}blasting,tronadura,CL|PE,es,,new list\n")
    assert load(session, folder).updated == {"synonyms": 1}
    assert session.scalars(select(Synonym)).one().countries == "CL|PE"
