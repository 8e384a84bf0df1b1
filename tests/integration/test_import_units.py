"""Files that go below the record: two and three levels, blank parents, files joined by code, their gaps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from rqf import exchange, registry
from rqf.errors import Changed, Invalid
from rqf.models import (
    CodeSystem,
    LearningOutcome,
    Qualification,
    QualificationVersion,
    Unit,
    audit,
)
from rqf.models.standing import whole_version
from rqf.registry import imports
from rqf.registry.columns import UNIT_SHEET
from rqf.registry.imports import Plan
from rqf.rules.terms import BatchStatus, RowVerdict, VersionStatus
from tests import factories
from tests.integration.test_imports import problems, rows, verdicts

THREE = """type,title,code_system,code,\
unit_code_system,unit_code,unit_title,unit_hours,outcome_number,outcome_domain,outcome
qualification,Explotación minera,CL-MINEDUC-ESPE,54018,CL-EMTP-MODULE,EM1,Planos,152,1,skills,Lee planos.
,,,,,,,,2,knowledge,Explica la escala.
,,,,CL-EMTP-MODULE,EM2,Fortificación,"228,5",1,skills,Instala pernos.
qualification,Metalurgia,CL-MINEDUC-ESPE,54019,CL-EMTP-MODULE,ME1,Muestreo,190,1,skills,Toma muestras.
qualification,Geología,CL-MINEDUC-ESPE,54020,,,,,,,
"""
UNITS = "code_system,code,unit_code_system,unit_code,unit_title,unit_hours,unit_mandatory\n"
OUTCOMES = "unit_code_system,unit_code,outcome_number,outcome\n"


@pytest.fixture
def officer(session):
    session.add(
        CodeSystem(
            code="CL-EMTP-MODULE", country_code="CL", pattern=r"^[A-Z]{2,5}\d{0,2}$", example="EM1",
            titles={}, source="test",
        )
    )  # fmt: skip
    session.flush()
    return factories.make_actor(session)


@pytest.fixture
def checked(session, officer, tmp_path):
    """``checked(text)`` takes a file in and checks it; returns the batch."""

    def go(text: str, **how):
        path = tmp_path / "units.csv"
        path.write_text(text, "utf-8")
        batch, _ = imports.take_in(session, officer, "CL", path, "units.csv", **how)
        return imports.check(session, officer, batch.uuid)

    return go


@pytest.fixture
def applied(session, officer, checked):
    def go(text: str, **how):
        return imports.apply(session, officer, checked(text).uuid, **how)

    return go


def newest(session, code: str) -> QualificationVersion:
    session.expire_all()
    return session.scalars(
        select(QualificationVersion)
        .join(Qualification)
        .where(Qualification.code == code)
        .order_by(QualificationVersion.number.desc())
        .limit(1)
        .options(*whole_version())
    ).one()


def content(version) -> list[tuple]:
    return [
        (unit.code, unit.title, unit.hours, mandatory, [one.text for one in unit.outcomes])
        for unit, mandatory in ((link.unit, link.mandatory) for link in version.units)
    ]


def counts(session) -> tuple[int, ...]:
    return tuple(
        session.scalar(select(func.count()).select_from(table))
        for table in (Qualification, QualificationVersion, Unit, LearningOutcome)
    )


def test_three_levels_come_in_with_blank_cells_filled_from_above(session, officer, checked):
    batch = checked(THREE)
    assert (problems(session, batch), verdicts(batch), counts(session)) == ([], {"new": 5}, (0, 0, 0, 0))
    filled = {one["column"] for one in batch.totals["repairs"] if one["kind"] == "from_above"}
    assert {"title", "code", "unit_code", "unit_title"} <= filled
    imports.apply(session, officer, batch.uuid)
    version = newest(session, "54018")
    assert content(version) == [
        ("EM1", "Planos", 152, True, ["Lee planos.", "Explica la escala."]),
        ("EM2", "Fortificación", 228.5, True, ["Instala pernos."]),
    ]
    assert [one.domain.value for one in version.units[0].unit.outcomes] == ["skills", "knowledge"]
    assert (version.status, version.completeness) == (
        VersionStatus.DRAFT,
        registry.completeness_of(version),
    )
    trail = session.scalars(
        select(audit.AuditEntry).where(audit.AuditEntry.action == "qualification.register")
    ).all()
    assert [(one.details["import"], one.details["line"]) for one in trail] == [
        (batch.uuid, 2), (batch.uuid, 5), (batch.uuid, 6)
    ]  # fmt: skip
    assert audit.verify(session) is None
    assert len(imports.created(session, batch)) == 3


def test_a_second_run_changes_nothing(session, officer, applied, checked):
    applied(THREE)
    again = checked(THREE.replace("Lee planos.", " Lee  planos.\xa0"))
    assert verdicts(again) == {"unchanged": 5}
    before = counts(session)
    imports.apply(session, officer, again.uuid)
    assert counts(session) == before


def test_the_preview_shows_each_unit_and_outcome_old_and_new(session, applied, checked):
    applied(THREE)
    batch = checked(
        THREE.replace("Lee planos.", "Lee planos y mapas.")
        .replace("EM2,Fortificación,", "EM2,Fortificar minas,")
        .replace("Explotación minera", "Explotación de minas")
    )
    assert verdicts(batch) == {"changed": 2, "unchanged": 3}
    assert {row.line: row.changes for row in rows(session, batch) if row.changes} == {
        2: {
            "titles": [{"es": "Explotación minera"}, {"es": "Explotación de minas"}],
            "outcome": ["Lee planos.", "Lee planos y mapas."],
        },
        4: {"unit_title": [{"es": "Fortificación"}, {"es": "Fortificar minas"}]},
    }


def test_two_files_joined_by_code_build_on_each_other(session, applied, checked):
    factories.make_qualification(session, "Minería", code_system="CL-MINEDUC-ESPE", code="54018")
    applied(
        UNITS + "CL-MINEDUC-ESPE,54018,CL-EMTP-MODULE,EM1,Planos,152,yes\n"
        "CL-MINEDUC-ESPE,54018,CL-EMTP-MODULE,EM2,Ventilación,,no\n"
    )
    applied(OUTCOMES + "CL-EMTP-MODULE,EM1,OA1,Lee planos.\nCL-EMTP-MODULE,EM2,OA1,Ventila.\n")
    version = newest(session, "54018")
    # What was published stays; units and outcomes make one draft.
    assert (version.number, version.title) == (2, "Minería")
    assert content(version) == [
        ("EM1", "Planos", 152, True, ["Lee planos."]), ("EM2", "Ventilación", None, False, ["Ventila."]),
    ]  # fmt: skip
    hours = applied(UNITS + "CL-MINEDUC-ESPE,54018,CL-EMTP-MODULE,EM1,Planos,160,yes\n")
    assert content(newest(session, "54018"))[0][2:] == (160, True, ["Lee planos."])
    gone = [row for row in rows(session, hours) if row.verdict == RowVerdict.DISAPPEARED]
    assert [(row.code, row.title, row.taken) for row in gone] == [("EM2", "Ventilación", False)]


def test_gaps_between_the_files_are_told_row_by_row(session, officer, checked, applied):
    applied(THREE)
    batch = checked(
        UNITS
        + "CL-MINEDUC-ESPE,99999,CL-EMTP-MODULE,EM1,Planos,152,yes\n"
        "CL-MINEDUC-ESPE,54018,CL-EMTP-MODULE,EM1,Planos,152,yes\n"
        "CL-MINEDUC-ESPE,54018,CL-EMTP-MODULE,EM7,,10,yes\n"
        ",,,EM8,Suelto,10,yes\n,,,,,,\n".replace(",,,EM8", "CL-MINEDUC-ESPE,54020,,")
    )
    said = problems(session, batch)
    assert said[0] == (2, "code", "There is no record with this code in your country's register.")
    assert (4, "unit_code", "There is no unit “EM7”, and no title for a new one.") in said
    batch = checked(OUTCOMES + "CL-EMTP-MODULE,EL9,1,Nada.\nCL-EMTP-MODULE,EM1,1,Lee planos.\n")
    assert problems(session, batch) == [
        (2, "unit_code", "No record of your country's register has this unit.")
    ]
    assert verdicts(batch) == {"unchanged": 1, "wrong": 1, "disappeared": 2}
    whole = rows(session, checked(THREE))
    assert {"kind": "no_units"} in whole[-1].notes
    assert whole[-1].doubtful


def test_what_stands_below_a_wrong_row_waits_for_it(session, officer, checked):
    text = THREE.replace("EM1,Planos", "EM-1,Planos").replace("54019", "5401X")
    batch = checked(text.replace("Toma muestras.\n", "Toma muestras.\n,,,,,,,,2,skills,Tamiza.\n"))
    lines = {line: name for line, name, _ in problems(session, batch)}
    assert set(lines) == {2, 3, 5, 6}
    assert (lines[2], lines[5]) == ("unit_code", "code")
    with pytest.raises(Invalid, match="4 rows have errors"):
        imports.apply(session, officer, batch.uuid)
    imports.apply(session, officer, batch.uuid, partial=True)
    assert content(newest(session, "54018")) == [("EM2", "Fortificación", 228.5, True, ["Instala pernos."])]


def test_rows_that_contradict_each_other_are_told(session, checked):
    batch = checked(
        THREE
        + "qualification,Metalurgia,CL-MINEDUC-ESPE,54019,CL-EMTP-MODULE,ME1,Otro,190,1,skills,Otra cosa.\n"
        "qualification,Otra,CL-MINEDUC-ESPE,54019,CL-EMTP-MODULE,ME2,Dos,1,1,skills,Y otra.\n"
    )
    assert problems(session, batch) == [
        (7, "unit_title", "“Otro” contradicts line 5, which says “Muestreo”."),
        (7, "outcome_number", "“1” contradicts line 5, which says “Toma muestras.”."),
        (8, "title", "“Otra” contradicts line 5, which says “Metalurgia”."),
    ]


def test_wrong_cells_of_units_are_named(session, checked):
    head = UNITS.strip() + ",outcome_number,outcome_domain,outcome,title,type\n"
    batch = checked(
        head + "CL-MINEDUC-ESPE,54018,CL-EMTP-MODULE,EM1,Planos,x,perhaps,a,magic,Lee.,Minas,qualification\n"
        "CL-MINEDUC-ESPE,54018,CL-EMTP-MODULE,EM2,Dos,-5,no,1,skills,Lee.,Minas,qualification\n"
    )
    assert {(line, name) for line, name, _ in problems(session, batch)} == {
        (2, "unit_hours"), (2, "unit_mandatory"), (2, "outcome_domain"), (2, "outcome_number"),
        (3, "unit_hours"),
    }  # fmt: skip


def test_a_row_without_record_and_one_with_too_many_are_told(session, officer, applied, checked):
    applied(THREE)
    applied(THREE.replace("EM2,Fortificación", "ME1,Muestreo").replace('"228,5",1', "190,1"))
    assert len(session.scalars(select(Unit).where(Unit.code == "ME1")).all()) >= 1
    batch = checked(OUTCOMES + "CL-EMTP-MODULE,ME1,1,Lee.\n,,1,Nada.\n")
    assert [one[:2] for one in problems(session, batch)] == [(2, "unit_code"), (3, "unit_code")]
    alone = checked("unit_code,unit_title,code\n,Suelto,\n")
    assert problems(session, alone)[0][1:] == ("code", "Nothing says which record the row belongs to.")


def test_a_unit_of_a_published_version_is_copied_and_one_of_two_records_is_shared(session, officer, applied):
    both = THREE.replace("CL-EMTP-MODULE,ME1,Muestreo,190,1,skills,Toma muestras.",
                         "CL-EMTP-MODULE,EM1,Planos,152,1,skills,Lee planos.")  # fmt: skip
    applied(both)
    first, second = newest(session, "54018"), newest(session, "54019")
    assert second.units[0].unit_id == first.units[0].unit_id
    registry.publish(session, officer, first.qualification.uuid)
    registry.publish(session, officer, second.qualification.uuid)
    applied(both.replace("Lee planos.\n,", "Lee mapas.\n,"))
    draft = newest(session, "54018")
    assert draft.units[0].unit.revised_from_id == first.units[0].unit_id
    assert content(draft)[0][4][0] == "Lee mapas."
    assert content(newest(session, "54019"))[0][4][0] == "Lee planos."


def test_an_undo_takes_units_and_outcomes_back(session, officer, applied):
    factories.make_qualification(
        session,
        "Explotación minera",
        code_system="CL-MINEDUC-ESPE",
        code="54018",
        outcomes=(("skills", "Antes."),),
    )
    before = counts(session)
    batch = applied(THREE)
    assert counts(session) > before
    assert len(content(newest(session, "54018"))) == 3
    assert imports.undo(session, officer, batch.uuid).status == BatchStatus.UNDONE
    assert counts(session) == before
    applied(THREE)
    draft = content(newest(session, "54018"))
    again = applied(THREE.replace("Lee planos.", "Lee mapas.").replace(",EM2,", ",EM3,"))
    assert content(newest(session, "54018")) != draft
    imports.undo(session, officer, again.uuid)
    assert content(newest(session, "54018")) == draft
    assert audit.verify(session) is None


def test_imports_can_be_undone_one_after_the_other(session, officer, applied):
    before = counts(session)
    batches = [applied(THREE), applied(THREE.replace("Lee planos.", "Lee mapas."))]
    batches.append(applied(THREE.replace("Lee planos.", "Lee rutas.").replace(",EM2,", ",EM3,")))
    for batch in reversed(batches):
        imports.undo(session, officer, batch.uuid)
    assert counts(session) == before


def test_an_undo_stops_when_a_record_was_edited_since(session, officer, applied):
    batch = applied(THREE)
    there = newest(session, "54019")
    registry.revise(
        session, officer, there.qualification.uuid, replace(registry.describe(there), change_note="Why")
    )
    with pytest.raises(Invalid, match="somebody edited it since"):
        imports.undo(session, officer, batch.uuid)


def test_what_changed_since_the_check_is_not_written_over(session, officer, applied, checked):
    applied(THREE)
    batch = checked(THREE.replace("Lee planos.", "Lee mapas."))
    there = newest(session, "54018")
    registry.revise(
        session, officer, there.qualification.uuid, replace(registry.describe(there), change_note="Why")
    )
    with pytest.raises(Changed, match="Check the file again"):
        imports.apply(session, officer, batch.uuid)


def test_rows_that_are_left_out_stay_out(session, officer, checked):
    batch = checked(THREE)
    imports.choose(session, officer, batch.uuid, False, imports.Filter(), [3, 5])
    imports.apply(session, officer, batch.uuid)
    assert content(newest(session, "54018"))[0][4] == ["Lee planos."]
    assert session.scalar(select(func.count(Qualification.id))) == 2


def test_a_plan_for_units_needs_what_names_them(session, officer, checked, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\nc,d\n")
    batch, _ = imports.take_in(session, officer, "CL", path, "x.csv")
    with pytest.raises(Invalid, match="unit_title"):
        imports.set_plan(session, officer, batch.uuid, Plan({"a": "outcome", "b": "code"}))
    with pytest.raises(Invalid, match="“type”"):
        imports.set_plan(session, officer, batch.uuid, Plan({"a": "unit_title", "b": "title"}))
    imports.set_plan(session, officer, batch.uuid, Plan({"a": "outcome", "b": "unit_code"}))


EMTP_MODULES = (
    "specialty,module_code,module_title,school_year,hours,n_learning_outcomes,n_criteria\n"
    "explotacion-minera,EM1,Lectura de planos de ubicación,3M,152,2,5\n"
    "explotacion-minera,EM2,Fortificación de minas subterráneas,3M,228,1,4\n"
    "muebles-madera,MATHD,Taller de Herramientas Digitales,4M,76,1,2\n"
)
EMTP_OUTCOMES = (
    "specialty,module_code,module_title,grade,hours,outcome_code,outcome,criteria\n"
    "explotacion-minera,EM1,Lectura de planos de ubicación,3M,152,OA1,Lee planos.,Uno. | Dos.\n"
    "explotacion-minera,EM1,Lectura de planos de ubicación,3M,152,OA2,Ubica labores.,\n"
)


def test_the_emtp_profiles_know_modules_and_outcomes_by_their_columns(session, applied):
    factories.make_qualification(
        session, "Técnico de Nivel Medio - especialidad Explotación Minera",
        code_system="CL-MINEDUC-ESPE", code="54018",
    )  # fmt: skip
    modules = applied(EMTP_MODULES)
    assert (modules.plan["profile"], verdicts(modules)) == ("EMTP módulos", {"new": 3})
    outcomes = applied(EMTP_OUTCOMES)
    assert (outcomes.plan["profile"], verdicts(outcomes)) == ("EMTP resultados", {"new": 2, "disappeared": 1})
    assert content(newest(session, "54018")) == [
        ("EM1", "Lectura de planos de ubicación", 152, True, ["Lee planos.", "Ubica labores."]),
        ("EM2", "Fortificación de minas subterráneas", 228, True, []),
    ]
    assert session.scalar(select(func.count(Qualification.id))) == 2


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods", "json", "jsonl"])
def test_the_sheet_for_units_comes_in_from_every_format(session, officer, tmp_path, format):
    said = {column.name: column.example for column in UNIT_SHEET}
    said |= {"type": "qualification", "code_system": "CL-MINEDUC-ESPE", "code": "54018"}
    path = tmp_path / "template"
    exchange.write(path, format, list(said), [list(said.values())])
    batch, guesses = imports.take_in(session, officer, "CL", path, f"template.{format}")
    assert [one.field for one in guesses.columns] == list(said)
    imports.apply(session, officer, imports.check(session, officer, batch.uuid).uuid)
    assert content(newest(session, "54018")) == [
        ("EM1", "Lectura de planos de ubicación", 152, True, ["Traslada al terreno los datos de un plano."])
    ]
    rules = imports.schema(session, "CL", units=True)
    assert set(said) <= set(rules["properties"])
    assert rules["properties"]["unit_code_system"]["enum"] == ["", "CL-EMTP-MODULE", "CL-MINEDUC-ESPE"]
