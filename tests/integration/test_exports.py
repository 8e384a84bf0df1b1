"""Records as spreadsheets: every column, nothing a spreadsheet runs, and back in without a change."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from rqf import exchange, lookup, registry, review
from rqf.errors import Invalid, NotAllowed
from rqf.exchange import decision_table, record_tables
from rqf.exchange.sheets import writing
from rqf.models import (
    CatalogueChange,
    ImportBatch,
    ImportFile,
    ImportRow,
    LearningOutcome,
    Qualification,
    QualificationVersion,
    QualityTally,
    Replacement,
    Unit,
    VersionQuality,
    VersionUnit,
)
from rqf.models.standing import whole_version
from rqf.registry import imports
from rqf.registry.columns import COLUMNS, find
from rqf.registry.description import OutcomeData, QualificationData, UnitData, describe
from rqf.rules.repairs import repair_text
from rqf.rules.terms import (
    MappingStatus,
    MappingStep,
    OutcomeDomain,
    QualificationType,
    Role,
    RowVerdict,
    Verification,
    VersionStatus,
)
from tests import factories

FORMATS = ("csv", "xlsx")
#: What a spreadsheet would run, and what repairs would touch if it came from elsewhere.
NASTY = (
    "=1+1", "+SUM(A1)", "-2+3", "@cmd", "'=1+1", "''=1", "'0123", "0123", "-5", "+5", "＝1", "_x0041_ x",
    "Ã³ no es ó", "e\u0301 combinada no", "dos  espacios", "a\u00a0b", 'comillas " y, comas; y\ttab',
    "TRUE", "1,5", "#REF!", "´", "'",
)  # fmt: skip


@pytest.fixture
def officer(session):
    return factories.make_actor(session)


def whole(**fields) -> QualificationData:
    """Return a description in which every field says something."""
    data = QualificationData(
        country="CL", type=QualificationType.QUALIFICATION,
        titles={"es": "Operación de bombas", "en": "Operation of pumps", "pt": "Operação de bombas"},
        original_language="es", code_system="CL-MINEDUC-ESPE", code="54018", framework="CL-MCTP", level=3,
        level_note="Según decreto", volume=Decimal("1672.50"), volume_unit="hours",
        volume_note="Dos años", credits=Decimal(120), credit_scheme="SCT", isced_f="0724", isco_08="8111",
        sector="mining", awarding_body="Liceo de Calama",
        entry_requirements="Segundo medio.\nSalud compatible.",
        entitlements="Educación superior", legal_act="Decreto 452/2013",
        source="https://curriculumnacional.cl/54018", verified=Verification.YES,
        valid_from=date(2015, 1, 1), valid_to=date(2030, 1, 1), last_enrolment=date(2027, 3, 1),
        last_award=date(2031, 12, 31), change_note="Primera edición",
        units=(
            UnitData(
                {"es": "Bombas"}, hours=Decimal(152), source="programa",
                outcomes=(
                    OutcomeData(OutcomeDomain.SKILLS, {"es": "=Opera bombas"}, "es"),
                    OutcomeData(OutcomeDomain.KNOWLEDGE, {"es": "Explica la curva de la bomba."}, "es"),
                ),
                original_language="es",
            ),
            UnitData({"es": "Molinos"}, mandatory=False, original_language="es"),
        ),
    )  # fmt: skip
    return replace(data, **fields)


def pages(session, **chosen):
    return lookup.every(session, lookup.Chosen(**chosen))


def written(session, path, format: str, **chosen):
    """Write the records (and units, in a workbook) and return the file."""
    tables = record_tables.tables(session, pages(session, **chosen))
    if format == "xlsx":
        writing.write_book(path, tables)
    else:
        writing.write_table(path, tables[0])
    return path


def rows_of(path, sheet: str | None = None) -> list[dict[str, str]]:
    """Return the rows of a file as an import reads them, before repairs."""
    found = exchange.open_sheet(path, exchange.Reading(sheet=sheet))
    return [dict(zip(found.columns, cells, strict=True)) for _, cells in found]


def checked(session, officer, path, **how):
    batch, _ = imports.take_in(session, officer, "CL", path, path.name, **how)
    return imports.check(session, officer, batch.uuid)


def verdicts(batch) -> dict[str, int]:
    return {name: count for name, count in batch.totals["verdicts"].items() if count}


def changes(session, officer, batch) -> list:
    page = imports.rows_of(session, officer, batch.uuid, imports.Filter())
    return [(row.verdict, row.changes, row.problems) for row in page.rows]


def test_every_field_that_a_record_has_is_filled_in_these_tests():
    empty = [one.name for one in fields(QualificationData) if getattr(whole(), one.name) in (None, (), "")]
    assert empty == []


def test_the_columns_of_the_import_come_first_and_the_others_are_none_of_it(session, officer):
    registry.register(session, officer, whole())
    table = record_tables.records(session, pages(session))
    own = [one.name for one in COLUMNS]
    assert list(table.columns[: len(own)]) == own
    assert [name for name in table.columns[len(own) :] if find(name)] == ["title_es", "title_pt"]
    assert len(set(table.columns)) == len(table.columns)


@pytest.mark.parametrize("format", FORMATS)
def test_our_own_export_of_a_record_with_every_field_changes_nothing(session, officer, tmp_path, format):
    earlier = registry.register(session, officer, whole(code="54017", titles={"es": "Antes"}))
    version = registry.register(session, officer, whole())
    session.add(
        Replacement(
            successor_id=version.qualification_id, predecessor_id=earlier.qualification_id
        )
    )  # fmt: skip
    registry.publish(session, officer, version.qualification.uuid)
    path = written(session, tmp_path / f"records.{format}", format)
    row = rows_of(path)[1]
    assert [name for name in (one.name for one in COLUMNS) if not row[name] and name != "title_en"] == []
    assert (row["replaces"], row["volume"], row["status"]) == ("54017", "1672.5", "published")
    batch = checked(session, officer, path)
    assert changes(session, officer, batch) == [(RowVerdict.UNCHANGED, {}, [])] * 2


@pytest.mark.parametrize("format", FORMATS)
def test_what_goes_out_comes_into_an_empty_register_as_it_was(session, officer, tmp_path, format):
    registry.register(session, officer, whole())
    registry.register(
        session, officer, QualificationData("CL", QualificationType.TRAINING_PROGRAMME, {"es": "'=1"}, "es")
    )
    archive(session, tmp_path)
    before = said(session)
    path = written(session, tmp_path / f"records.{format}", format)
    batch = checked(session, officer, path)
    assert verdicts(batch) == {"unchanged": 2}
    empty(session)
    batch = checked(session, officer, elsewhere(path))
    assert verdicts(batch) == {"new": 2}
    imports.apply(session, officer, batch.uuid)
    for name in ("units", "outcomes"):
        batch = checked(session, officer, elsewhere(tmp_path / f"{name}.csv"))
        assert not batch.totals["verdicts"].get("wrong")
        imports.apply(session, officer, batch.uuid)
    assert said(session) == before


def said(session) -> dict[str, QualificationData]:
    """Return code or title -> what the record says that a file can carry to another register.

    Units have identifiers of their own there, and who checks and revises says so anew.
    """
    session.expire_all()
    versions = session.scalars(select(QualificationVersion).options(*whole_version()))
    rest = {"verified": Verification.NO, "change_note": None}
    return {
        one.qualification.code or one.title: replace(
            (data := describe(one)), units=tuple(replace(unit, uuid=None) for unit in data.units), **rest
        )
        for one in versions
    }


def archive(session, folder) -> None:
    """Write records, units and outcomes into ``folder``, a CSV file each."""
    writing.write_archive(folder / "all.zip", record_tables.tables(session, pages(session)))
    with zipfile.ZipFile(folder / "all.zip") as packed:
        packed.extractall(folder)


def elsewhere(path):
    """Return the file as one takes it to another registry, where its identifiers mean nothing."""
    out = [{**row, "id": ""} for row in rows_of(path)]
    bare = path.with_name(f"bare-{path.name}")
    # The apostrophes that the first writing added are taken off, as the second adds them again.
    cells = [[repair_text(cell, long=True)[0] for cell in row.values()] for row in out]
    exchange.write(bare, path.suffix[1:], list(out[0]), cells)
    return bare


def empty(session) -> None:
    """Take all records, units and imports out of the register."""
    for table in (
        ImportRow, ImportFile, ImportBatch, VersionQuality, QualityTally, VersionUnit, LearningOutcome, Unit,
        CatalogueChange, QualificationVersion, Qualification,
    ):  # fmt: skip
        session.execute(delete(table))
    session.expire_all()


@pytest.mark.parametrize("format", FORMATS)
def test_no_cell_is_run_by_a_spreadsheet_and_all_come_back(session, officer, tmp_path, format):
    for number, text in enumerate(NASTY):
        registry.register(
            session, officer,
            whole(
                code=f"{55000 + number}", titles={"es": f"{text}", "en": text}, source=text, legal_act=text,
                awarding_body=text, entry_requirements=text, volume_note=text, units=(),
            ),
        )  # fmt: skip
    path = written(session, tmp_path / f"nasty.{format}", format)
    if format == "csv":
        cells = [cell for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"))) for cell in row]
        assert [one for one in cells if one.startswith(("=", "@", "\t", "＝"))] == []
        assert [
            one for one in cells if one[:1] in "+-" and not one[1:].replace(".", "").isdigit() and one
        ] == []
    else:
        with zipfile.ZipFile(path) as packed:
            assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
    batch = checked(session, officer, path)
    assert [one for one in changes(session, officer, batch) if one != (RowVerdict.UNCHANGED, {}, [])] == []


@pytest.mark.parametrize("name", ["units", "outcomes"])
def test_the_sheets_of_units_and_outcomes_change_nothing_when_they_come_back(
    session, officer, tmp_path, name
):
    registry.register(session, officer, whole())
    path = written(session, tmp_path / "records.xlsx", "xlsx")
    assert len(rows_of(path, name)) == (2 if name == "units" else 3)
    batch = checked(session, officer, path, reading=exchange.Reading(sheet=name))
    assert [one for one in changes(session, officer, batch) if one[0] != RowVerdict.UNCHANGED] == []


def test_an_edited_cell_is_the_only_change(session, officer, tmp_path):
    registry.register(session, officer, whole())
    path = written(session, tmp_path / "records.csv", "csv")
    text = path.read_text("utf-8-sig")
    path.write_text(text.replace("Decreto 452/2013", "Decreto 1/2026"), "utf-8-sig")
    batch = checked(session, officer, path)
    assert changes(session, officer, batch) == [
        (RowVerdict.CHANGED, {"legal_act": ["Decreto 452/2013", "Decreto 1/2026"]}, [])
    ]


def test_people_and_decisions_stand_in_the_export_of_a_desk(session, officer, tmp_path):
    version = registry.register(session, officer, whole())
    registry.publish(session, officer, version.qualification.uuid)
    mapping = factories.make_mapping(session, version, officer.account, low=4, high=5, rationale="Por bombas")
    reviewer = factories.make_actor(session, Role.REVIEWER, "PE")
    reason = "Coincide con el nuestro."
    review.decide(session, reviewer, mapping.uuid, MappingStep.ENDORSE, reason, mapping.revision)
    (row,) = rows_of(written(session, tmp_path / "all.csv", "csv"))
    assert row["regional_level"] == "4-5"
    assert row["mapping_status"] == MappingStatus.ENDORSED
    assert row["mapping_rationale"] == "Por bombas"
    assert row["reviewers"] == reviewer.account.name
    assert "Coincide con el nuestro." in row["decisions"]
    assert row["author"] == row["mapping_author"] == officer.account.name
    assert row["change_note"] == "Primera edición"
    assert row["quality"] == str(registry.kept_quality(session, version).score)
    assert "outcomes_clear" in row["to_fix"]


def test_the_public_gets_no_drafts_notes_proposals_or_scores(session, officer, tmp_path):
    version = registry.register(session, officer, whole())
    registry.publish(session, officer, version.qualification.uuid)
    registry.revise(session, officer, version.qualification.uuid, whole(legal_act="Secreto"))
    factories.make_mapping(session, version, officer.account, rationale="No público")
    table = record_tables.records(session, pages(session, public=True), public=True)
    rows = [dict(zip(table.columns, cells, strict=True)) for cells in table.rows]
    assert [row["legal_act"] for row in rows] == ["Decreto 452/2013"]
    assert not set(record_tables.DESK) & set(table.columns)
    assert rows[0]["mapping_rationale"] == rows[0]["mapping_author"] == ""


def test_the_filter_of_the_list_is_that_of_the_file(session, officer):
    registry.register(session, officer, whole())
    other = registry.register(
        session, officer, whole(code="54019", level=None, framework=None, titles={"es": "Sin nivel"})
    )
    registry.publish(session, officer, other.qualification.uuid)
    factories.make_qualification(session, "Ajena", country="MX")
    wanted = registry.OwnFilter(status=VersionStatus.PUBLISHED)
    found = [one.title for page in registry.own_pages(session, officer, wanted)() for one in page]
    assert found == ["Sin nivel"]
    everything = [
        one.title for page in registry.own_pages(session, officer, registry.OwnFilter())() for one in page
    ]
    assert everything == ["Operación de bombas", "Sin nivel"]
    with pytest.raises(NotAllowed):
        registry.own_pages(session, factories.make_actor(session, Role.REVIEWER), wanted)


def test_records_are_read_some_hundred_at_a_time(session, officer, monkeypatch):
    monkeypatch.setattr("rqf.models.standing._AT_ONCE", 2)
    for number in range(5):
        factories.make_qualification(session, f"Record {number}")
    assert [len(page) for page in pages(session)()] == [2, 2, 1]


def test_a_sheet_that_would_be_too_long_is_refused(session, officer, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "_MOST_XLSX", 1)
    for number in range(2):
        factories.make_qualification(session, f"Record {number}")
    with pytest.raises(Invalid) as refused:
        written(session, tmp_path / "long.xlsx", "xlsx")
    assert "at most 1 rows" in str(refused.value.fields["file"][0])


def test_what_no_cell_of_a_workbook_can_hold_says_that_it_goes_on(tmp_path):
    path = tmp_path / "long.xlsx"
    writing.write_book(path, [writing.Table("t", ["code", "decisions"], [["1", "x" * 40_000]])])
    (row,) = rows_of(path)
    assert (len(row["decisions"]), row["decisions"][-2:]) == (32_767, "x…")


def test_a_reviewers_decisions_are_a_table(session, officer):
    version = registry.register(session, officer, whole())
    registry.publish(session, officer, version.qualification.uuid)
    mapping = factories.make_mapping(session, version, officer.account, low=4)
    reviewer = factories.make_actor(session, Role.REVIEWER, "PE")
    review.decide(session, reviewer, mapping.uuid, MappingStep.REJECT, "=No coincide.", mapping.revision)
    table = decision_table.decision_table(session, reviewer)
    (row,) = [dict(zip(table.columns, cells, strict=True)) for cells in table.rows]
    assert (row["decision"], row["reason"]) == ("reject", "=No coincide.")
    assert (row["code"], row["low"], row["author"]) == ("54018", "4", officer.account.name)
    other = factories.make_actor(session, Role.REVIEWER, "PE")
    assert list(decision_table.decision_table(session, other).rows) == []
    with pytest.raises(NotAllowed):
        decision_table.decision_table(session, officer)


SIGNS = st.text("aé ñ=+-@'\"#,;0123Ã³\u00a0\u200b\n\t_x-", min_size=1, max_size=30)
TEXTS = SIGNS.map(str.strip).filter(bool)
LINES = st.one_of(st.none(), TEXTS)
AMOUNTS = st.one_of(st.none(), st.decimals("0.01", "99999999.99", places=2))
DATES = st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2040, 1, 1)))
RECORDS = st.builds(
    QualificationData,
    country=st.just("CL"), type=st.sampled_from(QualificationType),
    titles=st.fixed_dictionaries({"es": TEXTS}, optional={"en": TEXTS, "pt": TEXTS, "qu": TEXTS}),
    original_language=st.just("es"), framework=st.just("CL-MCTP"),
    level=st.one_of(st.none(), st.integers(1, 5)), level_note=LINES, volume=AMOUNTS,
    volume_unit=st.just("hours"), volume_note=LINES, credits=AMOUNTS, credit_scheme=st.just("SCT"),
    isced_f=st.sampled_from([None, "0724", "0715"]), isco_08=st.sampled_from([None, "8111"]),
    sector=st.sampled_from([None, "mining"]), awarding_body=LINES, entry_requirements=LINES,
    entitlements=LINES, legal_act=LINES, source=LINES, valid_from=DATES, change_note=LINES,
)  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(records=st.lists(RECORDS, min_size=1, max_size=4))
def test_whatever_records_say_their_export_changes_nothing(session, officer, tmp_path, format, records):
    with session.begin_nested() as all_of_it:
        for number, data in enumerate(records):
            registry.register(
                session, officer, replace(data, code_system="CL-MINEDUC-ESPE", code=f"{56000 + number}")
            )
        path = written(session, tmp_path / f"any.{format}", format)
        batch = checked(session, officer, path)
        found = changes(session, officer, batch)
        all_of_it.rollback()
    assert found == [(RowVerdict.UNCHANGED, {}, [])] * len(records)
