"""Importing a file: read, columns named, checked without a change, applied in one go, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from rqf import exchange, registry
from rqf.errors import Changed, Invalid, NotAllowed, NotFound, WrongState
from rqf.models import (
    CatalogueChange,
    CodeSystem,
    Country,
    ImportRow,
    Qualification,
    QualificationVersion,
    Replacement,
    VersionQuality,
    audit,
    catalogue,
)
from rqf.registry import imports
from rqf.registry.columns import COLUMNS
from rqf.registry.imports import Filter, Plan
from rqf.rules.terms import (
    BatchStatus,
    GoneFate,
    MappingStatus,
    QualificationType,
    Role,
    RowVerdict,
    VersionStatus,
)
from tests import factories

SHEET = """type,title,code_system,code,level,volume,volume_unit,valid_from
qualification,Explotación minera,CL-MINEDUC-ESPE,54018,3,1672,hours,2015-01-01
training_programme,"Metalurgia, extractiva",CL-MINEDUC-ESPE,54019,,,,
"""
HEADER = "type,title,code_system,code\n"


@pytest.fixture
def officer(session):
    return factories.make_actor(session)


@pytest.fixture
def mexican(session):
    return factories.make_actor(session, Role.OFFICER, "MX")


@pytest.fixture
def put(tmp_path):
    """``put(text)`` writes a file and returns where."""

    def to(text: str | bytes, name: str = "records.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return to


@pytest.fixture
def checked(session, officer, put):
    """``checked(text)`` takes a file in and checks it; returns the batch."""

    def go(text: str, actor=None, country: str = "CL", **how):
        batch, _ = imports.take_in(session, actor or officer, country, put(text), "records.csv", **how)
        return imports.check(session, actor or officer, batch.uuid)

    return go


def rows(session, batch) -> list[ImportRow]:
    found = session.scalars(
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id)
        .order_by(ImportRow.id)
        .execution_options(populate_existing=True)
    )
    return list(found)


def verdicts(batch) -> dict[str, int]:
    return {name: count for name, count in batch.totals["verdicts"].items() if count}


def problems(session, batch) -> list[tuple[int, str, str]]:
    return [
        (row.line, one["field"], one["template"] % one["values"] if one["values"] else one["template"])
        for row in rows(session, batch)
        for one in row.problems
    ]


def records(session) -> int:
    return session.scalar(select(func.count(Qualification.id)))


def newest(session, code: str) -> QualificationVersion:
    return session.scalars(
        select(QualificationVersion)
        .join(Qualification)
        .where(Qualification.code == code)
        .order_by(QualificationVersion.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one()


def test_a_check_writes_nothing_into_the_register(session, checked):
    batch = checked(SHEET)
    assert (batch.status, verdicts(batch), records(session)) == (BatchStatus.CHECKED, {"new": 2}, 0)
    assert session.scalar(select(func.count(CatalogueChange.id))) == 0


def test_an_apply_adds_drafts_with_trail_and_notice_to_the_index(session, officer, checked):
    batch = imports.apply(session, officer, checked(SHEET).uuid)
    first = newest(session, "54018")
    assert (first.title, first.level.number, first.volume) == ("Explotación minera", 3, 1672)
    assert (first.status, first.valid_from, first.author_id) == (
        VersionStatus.DRAFT,
        date(2015, 1, 1),
        officer.id,
    )
    assert first.completeness == registry.completeness_of(first) > 0
    assert newest(session, "54019").qualification.type == QualificationType.TRAINING_PROGRAMME
    trail = session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.id)).all()
    assert [one.action for one in trail] == [
        "import.read", "qualification.register", "qualification.register", "import.apply"
    ]  # fmt: skip
    assert trail[1].details["import"] == batch.uuid
    assert trail[1].details["line"] == 2
    assert audit.verify(session) is None
    session.commit()
    assert len(catalogue.index(session)) == 2


def test_a_second_run_changes_nothing(session, officer, checked):
    first = imports.apply(session, officer, checked(SHEET).uuid)
    assert imports.apply(session, officer, first.uuid).applied_at == first.applied_at
    again = checked(SHEET)
    assert verdicts(again) == {"unchanged": 2}
    imports.apply(session, officer, again.uuid)
    assert session.scalar(select(func.count(QualificationVersion.id))) == 2


def test_white_space_is_no_change_and_other_fields_are_told_one_by_one(session, officer, checked):
    imports.apply(session, officer, checked(SHEET).uuid)
    blanks = SHEET.replace("Explotación minera", " Explotación\xa0 minera ")
    assert verdicts(checked(blanks)) == {"unchanged": 2}
    batch = checked(SHEET.replace("54018,3,1672", "54018,4,1672.00").replace("Metalurgia,", "Metalurgia"))
    assert verdicts(batch) == {"changed": 2}
    assert [row.changes for row in rows(session, batch)] == [
        {"level": [3, 4]},
        {"titles": [{"es": "Metalurgia, extractiva"}, {"es": "Metalurgia extractiva"}]},
    ]


def test_a_published_record_gets_a_new_version_and_keeps_its_units(session, officer, checked):
    factories.make_qualification(
        session, "Explotación minera", level=3, code_system="CL-MINEDUC-ESPE", code="54018",
        outcomes=(("skills", "Perfora la roca"),),
    )  # fmt: skip
    batch = checked(HEADER + "qualification,Explotación de minas,CL-MINEDUC-ESPE,54018\n")
    (row,) = rows(session, batch)
    assert (row.verdict, list(row.changes)) == (RowVerdict.CHANGED, ["titles"])
    imports.apply(session, officer, batch.uuid)
    draft = newest(session, "54018")
    assert (draft.number, draft.status, draft.title) == (2, VersionStatus.DRAFT, "Explotación de minas")
    # What the file has no column for stays as it was.
    assert (draft.level.number, draft.sector_code, len(draft.outcomes())) == (3, "mining", 1)
    imports.undo(session, officer, batch.uuid)
    assert newest(session, "54018").number == 1


def test_every_wrong_cell_is_named_with_its_value_and_what_is_allowed(session, officer, checked):
    batch = checked(
        "type,title,code_system,code,level,volume,volume_unit,valid_from,isced_f,credits\n"
        "diploma,A,,,,,,,,\n"
        "qualification,,CL-MINEDUC-ESPE,5401X,9,lots,hours,2020-13-01,abc,5\n"
        "qualification,B,,,three,,,,,\n"
    )
    assert {(line, name) for line, name, _ in problems(session, batch)} == {
        (2, "type"), (3, "volume"), (3, "valid_from"), (3, "title"), (3, "code"), (3, "level"),
        (3, "credit_scheme"), (3, "isced_f"), (4, "level"),
    }  # fmt: skip
    level = next(one for row in rows(session, batch) for one in row.problems if one["value"] == "9")
    assert (level["column"], level["allowed"]) == ("level", "a level of that framework")
    assert verdicts(batch) == {"wrong": 3}
    with pytest.raises(Invalid, match="3 rows have errors, so nothing was imported"):
        imports.apply(session, officer, batch.uuid)


def test_only_the_right_rows_go_in_when_that_is_asked_for(session, officer, checked):
    batch = checked(SHEET + "qualification,Mala,CL-MINEDUC-ESPE,x,,,,\n")
    imports.apply(session, officer, batch.uuid, partial=True)
    assert records(session) == 2


def test_repairs_are_made_counted_and_listed(session, mexican, checked):
    batch = checked(
        'codigo;titulo;tipo;vigente desde;horas\nec0001\xa0;"Operación  de\r\ngrúa";'
        "Occupational_Standard;31/12/2020;1,5\n",
        mexican, "MX",
    )  # fmt: skip
    assert verdicts(batch) == {"new": 1}
    assert {(one["column"], one["kind"]) for one in batch.totals["repairs"]} == {
        ("codigo", "hard_blank"), ("codigo", "blanks_around"), ("codigo", "case"), ("titulo", "double_blank"),
        ("titulo", "line_break"), ("tipo", "case"), ("vigente desde", "date"), ("horas", "decimal_comma"),
    }  # fmt: skip
    (row,) = rows(session, batch)
    assert {"column": "codigo", "kind": "case", "before": "ec0001", "after": "EC0001"} in row.repairs
    imports.apply(session, mexican, batch.uuid)
    version = newest(session, "EC0001")
    assert (version.title, version.volume, version.valid_from) == (
        "Operación de grúa",
        1.5,
        date(2020, 12, 31),
    )


def test_a_code_twice_names_the_first_line(session, checked):
    batch = checked(SHEET + "qualification,Otra,CL-MINEDUC-ESPE,54018,,,,\n")
    assert problems(session, batch) == [(4, "code", "The code 54018 is in line 2 already.")]
    assert rows(session, batch)[-1].problems[0]["allowed"] == "each record in one line only"


def test_a_later_edition_replaces_the_one_that_is_no_longer_in_the_file(session, mexican, checked):
    old = "occupational_standard,Gestión,MX-CONOCER-EC,EC0553\n"
    old += "occupational_standard,Otro,MX-CONOCER-EC,EC0593\n"
    imports.apply(session, mexican, checked(HEADER + old, mexican, "MX").uuid)
    batch = checked(
        HEADER + "occupational_standard,Gestión,MX-CONOCER-EC,EC0553.01\n"
        "occupational_standard,Otro,MX-CONOCER-EC,EC0593\noccupational_standard,Otro,MX-CONOCER-EC,EC0593.01\n",
        mexican, "MX",
    )  # fmt: skip
    assert verdicts(batch) == {"new": 2, "unchanged": 1, "disappeared": 1}
    found = {row.code: row for row in rows(session, batch)}
    assert found["EC0553.01"].succeeds
    assert {"kind": "both_editions", "codes": ["EC0593"]} in found["EC0593.01"].notes
    assert found["EC0553"].verdict == RowVerdict.DISAPPEARED
    assert {"kind": "replaced_by", "codes": ["EC0553.01"]} in found["EC0553"].notes
    imports.apply(session, mexican, batch.uuid)
    (link,) = session.scalars(select(Replacement)).all()
    assert (link.successor_id, link.predecessor_id) == (
        newest(session, "EC0553.01").qualification_id, newest(session, "EC0553").qualification_id
    )  # fmt: skip
    imports.undo(session, mexican, batch.uuid)
    assert session.scalars(select(Replacement)).all() == []


@pytest.fixture
def in_force(session):
    """``in_force(code)`` publishes a Mexican standard."""

    def make(code: str, title: str = "Gestión", **fields) -> QualificationVersion:
        return factories.make_qualification(
            session, title, country="MX", code_system="MX-CONOCER-EC", code=code,
            type=QualificationType.OCCUPATIONAL_STANDARD, **fields,
        )  # fmt: skip

    return make


LATER = HEADER + "occupational_standard,Gestión,MX-CONOCER-EC,EC0553.01\n"


def status(session, code: str) -> VersionStatus:
    return newest(session, code).status


def test_a_replaced_record_is_superseded_by_the_apply_and_back_in_force_after_the_undo(
    session, mexican, checked, in_force
):
    in_force("EC0553")
    batch = checked(LATER, mexican, "MX")
    assert imports.fates(session, batch)[GoneFate.SUPERSEDE] == 1
    imports.apply(session, mexican, batch.uuid)
    assert status(session, "EC0553") == VersionStatus.SUPERSEDED
    entry = session.scalars(select(audit.AuditEntry).filter_by(action="qualification.supersede")).one()
    assert entry.details["replaced_by"] == "EC0553.01"
    assert registry.overview(session, mexican, "MX").summary.records == 1
    imports.undo(session, mexican, batch.uuid)
    assert status(session, "EC0553") == VersionStatus.PUBLISHED
    assert registry.overview(session, mexican, "MX").summary.records == 1
    assert not session.scalar(select(func.count(VersionQuality.version_id)).where(~VersionQuality.counted))
    assert audit.verify(session) is None


def test_a_record_whose_successor_is_left_out_stays_in_force(session, mexican, checked, in_force):
    in_force("EC0553")
    batch = checked(LATER + "occupational_standard,Otro,MX-CONOCER-EC,EC0600\n", mexican, "MX")
    imports.choose(session, mexican, batch.uuid, False, Filter(text="EC0553.01"))
    imports.apply(session, mexican, batch.uuid)
    assert status(session, "EC0553") == VersionStatus.PUBLISHED


def test_records_that_disappeared_are_asked_about_kept_or_retired_with_the_legal_act(
    session, mexican, checked, in_force
):
    for code in ("EC0001", "EC0002", "EC0003", "EC0553"):
        in_force(code, f"Norma {code}")
    batch = checked(LATER, mexican, "MX")
    gone = Filter(RowVerdict.DISAPPEARED)
    by_code = {row.code: row for row in rows(session, batch)}
    assert {code: row.fate for code, row in by_code.items()} == {
        "EC0001": GoneFate.ASK, "EC0002": GoneFate.ASK, "EC0003": GoneFate.ASK,
        "EC0553": GoneFate.SUPERSEDE, "EC0553.01": None,
    }  # fmt: skip
    with pytest.raises(Invalid, match="legal act"):
        imports.choose_fate(session, mexican, batch.uuid, GoneFate.RETIRE, gone, reason=" ")
    with pytest.raises(Invalid, match="cannot be chosen"):
        imports.choose_fate(session, mexican, batch.uuid, GoneFate.SUPERSEDE, gone)
    act = "DOF 2026-03-01"
    assert imports.choose_fate(session, mexican, batch.uuid, GoneFate.RETIRE, gone, reason=act) == 3
    one = [by_code["EC0002"].id]
    assert imports.choose_fate(session, mexican, batch.uuid, GoneFate.KEEP, gone, one) == 1
    two = [by_code["EC0003"].id]
    assert imports.choose_fate(session, mexican, batch.uuid, GoneFate.ASK, gone, two) == 1
    imports.apply(session, mexican, batch.uuid)
    assert {code: status(session, code) for code in by_code if code != "EC0553.01"} == {
        "EC0001": VersionStatus.RETIRED, "EC0002": VersionStatus.PUBLISHED,
        "EC0003": VersionStatus.PUBLISHED, "EC0553": VersionStatus.SUPERSEDED,
    }  # fmt: skip
    entry = session.scalars(select(audit.AuditEntry).filter_by(action="qualification.retire")).one()
    assert (entry.reason, entry.details["import"]) == (act, batch.uuid)
    session.commit()
    assert len(catalogue.index(session)) == 5
    imports.undo(session, mexican, batch.uuid)
    assert {status(session, code) for code in by_code if code != "EC0553.01"} == {VersionStatus.PUBLISHED}


def test_a_retired_record_that_was_changed_since_keeps_the_import_from_being_undone(
    session, mexican, checked, in_force
):
    in_force("EC0001", "Norma")
    batch = checked(LATER, mexican, "MX")
    gone = Filter(RowVerdict.DISAPPEARED)
    imports.choose_fate(session, mexican, batch.uuid, GoneFate.RETIRE, gone, reason="DOF")
    imports.apply(session, mexican, batch.uuid)
    newest(session, "EC0001").status = VersionStatus.PUBLISHED
    session.flush()
    with pytest.raises(Invalid, match="EC0001: its state was changed since."):
        imports.undo(session, mexican, batch.uuid)


def test_what_changed_since_the_check_is_not_retired(session, mexican, checked, in_force):
    version = in_force("EC0001", "Norma")
    batch = checked(LATER, mexican, "MX")
    gone = Filter(RowVerdict.DISAPPEARED)
    imports.choose_fate(session, mexican, batch.uuid, GoneFate.RETIRE, gone, reason="DOF")
    registry.revise(
        session, mexican, version.qualification.uuid, replace(registry.describe(version), change_note="Why")
    )
    with pytest.raises(Changed, match="EC0001"):
        imports.apply(session, mexican, batch.uuid)


def test_a_draft_that_disappeared_is_not_in_force_and_stays(session, mexican, checked, in_force):
    in_force("EC0001", "Norma", status=VersionStatus.DRAFT, published_at=None)
    batch = checked(LATER, mexican, "MX")
    gone = Filter(RowVerdict.DISAPPEARED)
    assert {"kind": "unpublished"} in rows(session, batch)[-1].notes
    imports.choose_fate(session, mexican, batch.uuid, GoneFate.RETIRE, gone, reason="DOF")
    imports.apply(session, mexican, batch.uuid)
    assert status(session, "EC0001") == VersionStatus.DRAFT


def test_one_record_can_replace_several_that_it_names(session, mexican, checked):
    old = "".join(f"occupational_standard,Norma {n},MX-CONOCER-EC,EC000{n}\n" for n in (1, 2))
    imports.apply(session, mexican, checked(HEADER + old, mexican, "MX").uuid)
    new = "occupational_standard,Nueva,MX-CONOCER-EC,EC0003,EC0001; EC0002;EC9999\n"
    batch = checked("type,title,code_system,code,replaces\n" + new, mexican, "MX")
    notes = {one["kind"]: one for one in rows(session, batch)[0].notes}
    assert notes["replaces"]["codes"] == ["EC0001", "EC0002"]
    assert notes["replaces_unknown"]["codes"] == ["EC9999"]


def test_likely_duplicates_are_found_in_the_file_and_in_the_register(session, officer, checked):
    factories.make_qualification(session, "Operación de maquinaria pesada minera")
    batch = checked(
        HEADER + "qualification,Atención al comensal,,\nqualification,Atención a comensales,,\n"
        "qualification,Operacion de Maquinaria Pesada Minera,CL-MINEDUC-ESPE,54018\n"
        "training_programme,Operación de maquinaria pesada minera,CL-MINEDUC-ESPE,54019\n"
    )
    notes = {row.line: [one["kind"] for one in row.notes] for row in rows(session, batch)}
    assert notes == {2: ["near_row"], 3: ["near_row"], 4: ["near_record"], 5: []}
    assert batch.totals["flags"]["doubtful"] == 3


def test_what_rests_on_a_changed_record_is_told(session, officer, checked):
    version = factories.make_qualification(session, "Minería", code_system="CL-MINEDUC-ESPE", code="54018")
    factories.make_mapping(session, version, officer.account, status=MappingStatus.ENDORSED)
    batch = checked(HEADER + "qualification,Minería subterránea,CL-MINEDUC-ESPE,54018\n")
    assert {"kind": "touches", "mappings": 1} in rows(session, batch)[0].notes


def test_a_record_without_a_code_is_known_by_its_title_and_one_with_an_id_by_that(session, officer, checked):
    version = factories.make_qualification(session, "Sin código", level=None)
    batch = checked("type,title,volume,volume_unit\nqualification,SIN CÓDIGO,10,hours\n")
    (row,) = rows(session, batch)
    assert {"kind": "matched", "by": "title"} in row.notes
    batch = checked(f"id,type,title\n{version.qualification.uuid},qualification,Otro título\n")
    (row,) = rows(session, batch)
    assert (row.verdict, row.qualification_id) == (RowVerdict.CHANGED, version.qualification_id)
    wrong = checked("id,type,title\nnobody,qualification,Otro\n")
    assert problems(session, wrong)[0][:2] == (2, "id")


def test_an_undo_takes_everything_back(session, officer, checked):
    imports.apply(session, officer, checked(SHEET).uuid)
    batch = checked(SHEET.replace("54018,3", "54018,4") + "qualification,Tercera,CL-MINEDUC-ESPE,54020,,,,\n")
    imports.apply(session, officer, batch.uuid)
    assert (newest(session, "54018").level.number, records(session)) == (4, 3)
    session.commit()
    assert len(catalogue.index(session)) == 3
    undone = imports.undo(session, officer, batch.uuid)
    assert (undone.status, newest(session, "54018").level.number, records(session)) == (
        BatchStatus.UNDONE,
        3,
        2,
    )
    assert audit.verify(session) is None
    session.commit()
    assert len(catalogue.index(session)) == 2
    with pytest.raises(WrongState):
        imports.undo(session, officer, batch.uuid)
    with pytest.raises(WrongState):
        imports.apply(session, officer, batch.uuid)


def test_an_undo_stops_at_what_was_decided_since_and_says_what(session, officer, checked):
    more = "qualification,Tercera,CL-MINEDUC-ESPE,54020,,,,\n"
    batch = imports.apply(session, officer, checked(SHEET + more).uuid)
    registry.publish(session, officer, newest(session, "54018").qualification.uuid)
    edited = newest(session, "54019")
    registry.revise(
        session, officer, edited.qualification.uuid, replace(registry.describe(edited), change_note="Why")
    )
    factories.make_mapping(session, newest(session, "54020"), officer.account)
    with pytest.raises(Invalid) as refused:
        imports.undo(session, officer, batch.uuid)
    said = str(refused.value)
    assert "54018: it was published since." in said
    assert "54019: somebody edited it since." in said
    assert "54020: something rests on it since (level mapping)." in said
    assert records(session) == 3


def test_what_changed_since_the_check_is_not_written_over(session, officer, checked):
    imports.apply(session, officer, checked(SHEET).uuid)
    batch = checked(SHEET.replace("54018,3", "54018,4") + "qualification,Tercera,CL-MINEDUC-ESPE,54020,,,,\n")
    there = newest(session, "54018")
    registry.revise(
        session, officer, there.qualification.uuid, replace(registry.describe(there), change_note="Why")
    )
    with pytest.raises(Changed, match="54018.*Check the file again"):
        imports.apply(session, officer, batch.uuid)


def test_a_code_registered_since_the_check_is_not_added_twice(session, officer, checked):
    batch = checked(SHEET)
    factories.make_qualification(session, "Antes", code_system="CL-MINEDUC-ESPE", code="54018")
    with pytest.raises(Changed, match="54018"):
        imports.apply(session, officer, batch.uuid)


def test_nobody_imports_for_another_country_or_sees_its_batches(session, officer, mexican, checked, put):
    with pytest.raises(NotAllowed):
        imports.take_in(session, officer, "MX", put(SHEET), "x.csv")
    batch = checked(SHEET)
    for act in (imports.find_batch, imports.check, imports.apply, imports.undo):
        with pytest.raises(NotFound):
            act(session, mexican, batch.uuid)
    assert imports.list_batches(session, mexican) == []
    assert imports.list_batches(session, officer) == [batch]


def test_unknown_headers_are_guessed_and_corrected(session, officer, put):
    text = (
        "Denominacion;Código Nac.;Observaciones;Nivel\nMinería subterránea;54018;x;3\nOtra mina;54019;y;2\n"
    )
    batch, guesses = imports.take_in(session, officer, "CL", put(text), "records.csv")
    found = {one.header: (one.field, one.why) for one in guesses.columns}
    assert found == {
        "Denominacion": ("title", "header"), "Código Nac.": ("code", "cells"),
        "Observaciones": (None, "nothing"), "Nivel": ("level", "header"),
    }  # fmt: skip
    assert guesses.plan.constants == {"code_system": "CL-MINEDUC-ESPE", "framework": "CL-MCTP"}
    with pytest.raises(Invalid, match="No column holds the field “type”"):
        imports.check(session, officer, batch.uuid)
    plan = Plan.from_json({**batch.plan, "constants": {**batch.plan["constants"], "type": "qualification"}})
    assert verdicts(imports.check(session, officer, batch.uuid, plan)) == {"new": 2}


def test_a_mapping_says_what_the_columns_mean(session, officer, put):
    mapping = imports.read_mapping(
        '{"columns": {"NOMBRE": "title", "Clave": "code"}, '
        '"constants": {"type": "qualification", "code_system": "CL-MINEDUC-ESPE"}}'
    )
    file = put("Nombre;Clave;Nota\nMinería;54018;x\n")
    batch, _ = imports.take_in(session, officer, "CL", file, "records.csv", mapping=mapping)
    assert batch.plan["columns"] == {"Nombre": "title", "Clave": "code", "Nota": None}
    assert verdicts(imports.check(session, officer, batch.uuid)) == {"new": 1}
    with pytest.raises(Invalid, match="The file has no column “NOMBRE”. Its columns: Clave, Nota."):
        imports.take_in(session, officer, "CL", put("Clave;Nota\n54018;x\n"), "records.csv", mapping=mapping)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "It is no JSON"),
        ("[]", "JSON object"),
        ('{"columns": {"A": 1}}', "“columns” is not written as in a profile"),
        ('{"columns": {}, "initial": "sector"}', "“initial” is not written as in a profile"),
        ('{"columns": {}, "values": {"type": {"A": 1}}}', "“values” is not written as in a profile"),
    ],
)
def test_a_mapping_that_cannot_be_read_is_refused(text, words):
    with pytest.raises(Invalid, match=words):
        imports.read_mapping(text)


def test_a_plan_that_cannot_be_used_is_refused(session, officer, put):
    batch, _ = imports.take_in(session, officer, "CL", put(SHEET), "records.csv")
    plan = Plan({"type": "type", "title": "title", "code": "title", "level": "height"}, {"colour": "red"})
    with pytest.raises(Invalid) as refused:
        imports.set_plan(session, officer, batch.uuid, plan)
    assert set(refused.value.fields) == {"code", "level", "colour"}


def test_a_plan_is_saved_under_a_name_and_found_again(session, officer, mexican, put):
    text = "Nombre carrera,Clave\nMinería,54018\n"
    plan = Plan(
        {"Nombre carrera": "title", "Clave": "code"},
        {"type": "qualification", "code_system": "CL-MINEDUC-ESPE"},
    )
    imports.save_profile(session, officer, "CL", " Carreras ", plan)
    batch, guesses = imports.take_in(session, officer, "CL", put(text), "records.csv")
    assert (batch.plan["profile"], {one.why for one in guesses.columns}) == ("Carreras", {"profile"})
    with pytest.raises(NotFound, match="Known: RENEC"):
        imports.find_profile(session, "MX", "Carreras")
    with pytest.raises(Invalid):
        imports.save_profile(session, officer, "CL", "renec", plan)
    with pytest.raises(NotAllowed):
        imports.save_profile(session, officer, "MX", "Otra", plan)
    imports.save_profile(session, officer, "CL", "Carreras", plan)
    assert [one.name for one in imports.profiles(session, "CL")] == [
        "Carreras", "EMTP módulos", "EMTP resultados", "rqf"
    ]  # fmt: skip


RENEC = (
    "codigo,nivel,titulo,comite,sector\n"
    "EC0364 ,2,Barrenación con equipo jumbo,del Sector Minero de México,MINERÍA\n"
    "EC0001,2,Traducción,Para la Traducción,OTROS\n"
)


def test_renec_is_known_by_its_columns(session, mexican, checked):
    with pytest.raises(NotFound):
        checked(RENEC, profile="RENEC")
    batch = checked(RENEC.replace("nivel", "NIVEL"), mexican, "MX", profile="renec")
    # The framework of the profile is not among those of the tests.
    assert {name for _, name, _ in problems(session, batch)} == {"level"}
    plan = Plan.from_json(batch.plan | {"constants": batch.plan["constants"] | {"framework": "MX-MMC"}})
    batch = imports.check(session, mexican, batch.uuid, plan)
    imports.apply(session, mexican, batch.uuid)
    version = newest(session, "EC0364")
    assert version.awarding_body.name == "CONOCER (comité del Sector Minero de México)"
    assert (version.sector_code, version.qualification.type) == ("mining", "occupational_standard")
    other = newest(session, "EC0001")
    assert (other.awarding_body.name, other.sector_code) == ("CONOCER (comité para la Traducción)", None)


def test_what_only_new_records_take_is_left_to_people_afterwards(session, mexican, checked):
    factories.make_qualification(
        session, "Barrenación con equipo jumbo", country="MX", level=2, code_system="MX-CONOCER-EC",
        code="EC0364", type=QualificationType.OCCUPATIONAL_STANDARD, sector_code="heavy_equipment",
    )  # fmt: skip
    batch = checked(RENEC, mexican, "MX")
    plan = Plan.from_json(batch.plan | {"constants": batch.plan["constants"] | {"framework": "MX-MMC"}})
    imports.check(session, mexican, batch.uuid, plan)
    assert list(rows(session, batch)[0].changes) == ["awarding_body"]


@pytest.mark.parametrize(
    ("country", "system", "pattern", "name", "text"),
    [
        ("CO", "CO-SENA-PROGRAM", r"^\d{6}$", "SENA",
         "PRF_CODIGO,PRF_VERSION,PRF_DENOMINACION,NIVEL_FORMACION,PRF_DURACION_MAXIMA\n"
         "223213,1,MANTENIMIENTO ELECTROMECANICO INDUSTRIAL .,TECNÓLOGO,3984\n"),
        ("ES", "ES-CNCP", r"^[A-Z]{3}\d{3}_[1-3]$", "CNCP",
         "code,title,family,family_code,level\nIEX428_2,Excavación subterránea,Extractivas,IEX,\n"),
    ],
)  # fmt: skip
def test_the_other_shipped_profiles_fit_their_sources(session, checked, country, system, pattern, name, text):
    if country == "ES":
        session.add(
            Country(code="ES", language="es", member=False, authority={"es": "INCUAL"}, source="test")
        )
        session.flush()
    session.add(
        CodeSystem(code=system, country_code=country, pattern=pattern, example="x", titles={}, source="t")
    )
    actor = factories.make_actor(session, Role.OFFICER, country)
    batch = checked(text, actor, country)
    assert (batch.plan["profile"], verdicts(batch)) == (name, {"new": 1})


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods", "json", "jsonl"])
def test_every_published_column_comes_in_from_every_format(session, mexican, tmp_path, format):
    factories.make_qualification(
        session, "Antes", country="MX", level=2, code_system="MX-CONOCER-EC", code="EC0586",
        type=QualificationType.OCCUPATIONAL_STANDARD,
    )  # fmt: skip
    said = {column.name: column.example for column in COLUMNS} | {"framework": "MX-MMC"}
    path = tmp_path / "template"
    exchange.write(path, format, list(said), [list(said.values())])
    batch, guesses = imports.take_in(session, mexican, "MX", path, f"template.{format}")
    assert [one.field for one in guesses.columns] == list(said)
    imports.check(session, mexican, batch.uuid)
    assert problems(session, batch) == []
    imports.apply(session, mexican, batch.uuid)
    version = newest(session, "EC0586.01")
    assert version.titles == {
        "en": "Off-highway truck operation",
        "es": "Operación de camión fuera de carretera",
    }
    assert session.scalar(select(func.count(Replacement.successor_id))) == 1
