"""The commands as people and programs use them: what they print, and their exit status."""

from __future__ import annotations

import json
import zipfile

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from rqf.cli import main
from rqf.models import Account, AuditEntry, LearningOutcome, Qualification, QualificationVersion
from rqf.models.tables import now
from rqf.rules.terms import MappingStatus, Role, VersionStatus
from tests import factories
from tests.conftest import SECRET

PUMPS = (
    ("knowledge", "Explica el funcionamiento de bombas centrífugas."),
    ("skills", "Reemplaza sellos y rodamientos de bombas."),
    ("application", "Bloquea la energía antes de intervenir el equipo."),
)


@pytest.fixture
def rqf(database_url):
    """``rqf("user", "list")`` runs the command on this test's database."""

    def run(*words: str, input: str | None = None, **settings: str):
        environment = {"RQF_DATABASE_URL": database_url, "RQF_SECRET_KEY": SECRET, **settings}
        return CliRunner().invoke(main, list(words), env=environment, input=input)

    return run


@pytest.fixture
def pumps(session) -> tuple[QualificationVersion, QualificationVersion]:
    """The same trade in Chile and in Mexico."""
    here = factories.make_qualification(
        session, "Mantenimiento de bombas", outcomes=PUMPS, code_system="CL-MINEDUC-ESPE", code="54018"
    )
    there = factories.make_qualification(
        session, "Mantenimiento de bombas de proceso", country="MX", outcomes=PUMPS[:2],
        code_system="MX-CONOCER-EC", code="EC0311",
    )  # fmt: skip
    session.commit()
    return here, there


def test_a_word_that_is_no_command_is_a_matter_of_usage(rqf):
    assert rqf("nonsense").exit_code == 2
    assert rqf("match").exit_code == 2
    assert rqf("serve", "--port", "99999").exit_code == 2


def test_a_database_without_schema_is_refused_with_the_way_out(tmp_path):
    answer = CliRunner().invoke(
        main, ["match", "x"], env={"RQF_DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite"}
    )
    assert answer.exit_code == 1
    assert "rqf db upgrade" in answer.stderr


def test_a_database_that_is_not_there_is_refused_without_a_traceback():
    address = "postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2"
    answer = CliRunner().invoke(main, ["db", "upgrade"], env={"RQF_DATABASE_URL": address})
    assert answer.exit_code == 1
    assert "The database refuses" in answer.stderr


def test_upgrade_builds_the_schema_and_may_be_repeated(tmp_path):
    for _ in range(2):
        answer = CliRunner().invoke(
            main, ["db", "upgrade"], env={"RQF_DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite"}
        )
        assert answer.exit_code == 0, answer.output
        assert "current" in answer.output


@pytest.mark.parametrize("key", ["", "too short"])
def test_serve_refuses_without_a_secret_key_and_says_why(rqf, key):
    answer = rqf("serve", RQF_SECRET_KEY=key)
    assert answer.exit_code == 1
    assert "RQF_SECRET_KEY is missing or shorter than 32" in answer.stderr


def test_load_says_what_it_did_and_refuses_what_is_wrong(rqf, tmp_path):
    (tmp_path / "sectors.json").write_text('[{"code": "sea", "titles": {"es": "Mar"}}]')
    assert json.loads(rqf("load", str(tmp_path), "--json").output)["added"] == {"sectors": 1}
    assert "Nothing new" in rqf("load", str(tmp_path)).output
    (tmp_path / "sectors.json").write_text('[{"code": "sky"}]')
    answer = rqf("load", str(tmp_path))
    assert answer.exit_code == 1
    assert "sectors.json:1:titles" in answer.stderr


def test_match_finds_the_record_of_the_other_country(rqf, pumps):
    answer = json.loads(rqf("match", "mantención de bombas", "--from", "cl", "--to", "mx", "--json").output)
    assert answer["query"] == "mantención de bombas"
    (found,) = answer["candidates"]
    assert (found["code"], found["country"]) == ("EC0311", "MX")
    assert 0 < found["score"] <= 100
    assert found["features"]
    assert "EC0311" in rqf("match", "bombas", "--to", "MX").output


def test_match_that_finds_nothing_says_so(rqf, pumps):
    assert "Nothing" in rqf("match", "zzzzzz").output


def test_compare_lists_what_is_matched_and_what_is_missing(rqf, pumps):
    said = json.loads(rqf("compare", "EC0311", "54018", "--json").output)
    assert [one["element"] for one in said["elements"]] == [
        "level",
        "workload",
        "quality",
        "profile",
        "outcomes",
    ]
    assert len(said["outcomes"]["matched"]) == 2
    (missing,) = said["outcomes"]["missing"]
    assert missing["texts"]["es"] == PUMPS[2][1]
    told = rqf("compare", "EC0311", "54018").output
    assert PUMPS[2][1] in told
    assert "Suggested, not decided" in told


def test_a_record_that_is_not_there_is_refused(rqf, pumps):
    for words in (("compare", "EC0311", "nothing"), ("suggest", "nothing")):
        answer = rqf(*words)
        assert answer.exit_code == 1
        assert "nothing" in answer.stderr


def test_suggest_ranks_levels_with_evidence(rqf, pumps):
    said = json.loads(rqf("suggest", "54018", "--json").output)
    assert said["id"] == pumps[0].qualification.uuid
    assert said["suggestions"]
    assert all(0 <= one["score"] <= 100 for one in said["suggestions"])
    assert "people decide" in rqf("suggest", "54018").output


def test_a_person_is_added_listed_and_switched_off(rqf):
    added = rqf("user", "add", "ana@ministry.example", "--name", "Ana", "--role", "officer:cl")
    assert "Password: " in added.output
    (row,) = json.loads(rqf("user", "list", "--json").output)
    assert row == {"email": "ana@ministry.example", "name": "Ana", "active": True, "roles": ["officer:CL"]}
    assert rqf("user", "disable", "ana@ministry.example").exit_code == 0
    assert "switched off" in rqf("user", "list").output


def test_a_password_may_be_given_on_standard_input(rqf):
    words = (
        "user",
        "add",
        "ana@ministry.example",
        "--name",
        "Ana",
        "--role",
        "secretariat",
        "--password-stdin",
    )
    assert "Password" not in rqf(*words, input="a long pass phrase\n").output
    short = rqf(*words[:2], "eva@ministry.example", *words[3:], input="short\n")
    assert short.exit_code == 1
    assert "at least 12" in short.stderr


@pytest.mark.parametrize(
    ("role", "status"), [("officer", 1), ("officer:XX", 1), ("secretariat:CL", 1), ("queen", 2)]
)
def test_a_wrong_role_is_refused(rqf, role, status):
    assert rqf("user", "add", "ana@ministry.example", "--name", "Ana", "--role", role).exit_code == status


def test_a_key_is_shown_once_and_only_for_who_exists(rqf, session):
    account = factories.make_account(session)
    session.commit()
    assert rqf("key", "add", account.email, "--label", "test").output.startswith("rqf_")
    assert rqf("key", "add", "nobody@test.example", "--label", "test").exit_code == 1


def test_audit_verify_finds_an_entry_that_does_not_fit(rqf, database, session):
    rqf("user", "add", "ana@ministry.example", "--name", "Ana", "--role", "officer:CL")
    assert "whole" in rqf("audit", "verify").output
    session.add(
        AuditEntry(
            at=now(), actor="somebody", action="forged", record_type="x", record_id="1", details={},
            previous_hash="0" * 64, hash="1" * 64,
        )
    )  # fmt: skip
    session.commit()
    answer = rqf("audit", "verify", "--json")
    assert answer.exit_code == 1
    said = json.loads(answer.stdout)
    assert (said["whole"], said["first_broken"], said["fault"]) == (False, 2, "altered")
    assert "Entry 2" in answer.stderr


def test_a_kept_head_shows_that_the_end_of_the_trail_is_gone(rqf, database, tmp_path):
    for name in ("ana", "eva"):
        rqf("user", "add", f"{name}@ministry.example", "--name", name, "--role", "officer:CL")
    file = tmp_path / "head.json"
    assert rqf("audit", "head", str(file)).exit_code == 0
    assert json.loads(file.read_text())["entries"] == 2
    assert json.loads(rqf("audit", "head", "--json").stdout)["hash"] in file.read_text()
    assert "2 entries up to entry 2" in rqf("audit", "head").output
    assert "fits what was kept" in rqf("audit", "verify", "--head", str(file)).output
    with database.transaction() as session:
        if database.engine.dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER audit_entry_no_delete"))
        else:
            session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        session.execute(text("DELETE FROM audit_entry WHERE id = 2"))
    assert rqf("audit", "verify").exit_code == 0
    answer = rqf("audit", "verify", "--head", str(file))
    assert answer.exit_code == 1
    assert "cut off: it ends before entry 2" in answer.stderr


@pytest.mark.parametrize("content", ["", "[]", '{"rqf_audit_head": 1}', '{"rqf_audit_head": 2}', "\x00"])
def test_a_file_that_is_no_head_is_refused(rqf, tmp_path, content):
    file = tmp_path / "head.json"
    file.write_text(content)
    answer = rqf("audit", "verify", "--head", str(file))
    assert answer.exit_code == 1
    assert "head" in answer.stderr


def test_check_finds_what_is_wrong(rqf):
    sound = json.loads(rqf("check", "--json").stdout)
    assert sound["ok"]
    assert {one["name"] for one in sound["findings"]} == {
        "settings", "files", "database", "schema", "framework", "index", "jobs", "audit"
    }  # fmt: skip
    broken = rqf("check", RQF_SECRET_KEY="")
    assert broken.exit_code == 1
    assert "WRONG  settings" in broken.stdout


ROWS = (
    "type,title,code_system,code\n"
    "occupational_standard,Operación de jumbo,MX-CONOCER-EC,EC0364\n"
    "occupational_standard,Soldadura de placa,MX-CONOCER-EC,{code}\n"
)


@pytest.fixture
def sheet(tmp_path):
    """A file with two rows; the second code is a parameter."""

    def write(code: str):
        file = tmp_path / "rows.csv"
        file.write_text(ROWS.format(code=code), "utf-8")
        return str(file)

    return write


def codes(session) -> set[str]:
    found = set(session.scalars(select(Qualification.code)))
    # The test's own session would keep the only writer's place of SQLite.
    session.commit()
    return found


def test_import_adds_all_rows_as_drafts(rqf, session, sheet):
    answer = json.loads(rqf("import", sheet("EC0320"), "--country", "mx", "--json").output)
    assert len(answer["created"]) == 2
    assert codes(session) == {"EC0364", "EC0320"}
    assert set(session.scalars(select(QualificationVersion.status))) == {VersionStatus.DRAFT}
    # Nobody was named, so the operator stands in the records, and cannot sign in.
    assert session.scalars(select(Account)).one().active is False


def test_import_checks_without_changing_anything(rqf, session, sheet):
    answer = rqf("import", sheet("EC0320"), "--country", "MX", "--dry-run")
    assert (answer.exit_code, codes(session)) == (0, set())
    assert session.scalars(select(Account)).all() == []


def test_import_with_a_wrong_row_adds_nothing_and_names_the_cell(rqf, session, sheet):
    answer = rqf("import", sheet("wrong"), "--country", "MX", "--json")
    assert (answer.exit_code, codes(session)) == (1, set())
    (problem,) = json.loads(answer.stdout)["problems"]
    assert (problem["line"], problem["column"], problem["value"]) == (3, "code", "wrong")


def test_import_in_the_name_of_an_officer_of_the_country_only(rqf, session, sheet):
    mine = factories.make_account(session, Role.OFFICER, "MX")
    other = factories.make_account(session, Role.OFFICER, "CL")
    session.commit()
    refused = rqf("import", sheet("EC0320"), "--country", "MX", "--by", other.email)
    assert (refused.exit_code, codes(session)) == (1, set())
    assert rqf("import", sheet("EC0320"), "--country", "MX", "--by", mine.email).exit_code == 0
    assert set(session.scalars(select(QualificationVersion.author_id))) == {mine.id}


def test_an_import_is_taken_back(rqf, session, sheet):
    batch = json.loads(rqf("import", sheet("EC0320"), "--country", "MX", "--json").stdout)["batch"]
    assert "undone" in rqf("import", "undo", batch).stdout
    assert codes(session) == set()
    assert rqf("import", "undo", batch).exit_code == 1


def test_import_says_how_it_read_the_file_and_what_each_row_means(rqf, session, sheet):
    said = rqf("import", sheet("ec0320 "), "--country", "MX").stdout
    for words in ("2 rows read (csv, utf-8, ,); profile: rqf", "code -> code", "1 x case in code", "2 new"):
        assert words in said
    assert "2 unchanged" in rqf("import", sheet("EC0320"), "--country", "MX").stdout


def test_import_leaves_wrong_rows_out_when_asked_and_writes_them_down(rqf, session, sheet, tmp_path):
    rest = tmp_path / "rest.csv"
    answer = rqf("import", sheet("wrong"), "--country", "MX", "--partial", "--rest", str(rest))
    assert (answer.exit_code, codes(session)) == (0, {"EC0364"})
    header, row = rest.read_text("utf-8-sig").splitlines()
    assert (header, row) == (
        "type,title,code_system,code",
        "occupational_standard,Soldadura de placa,MX-CONOCER-EC,wrong",
    )


def test_import_takes_what_the_columns_mean_from_the_command(rqf, session, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("Norma;Clave\nSoldadura de placa;EC0320\n", "utf-8")
    refused = rqf("import", str(file), "--country", "MX")
    assert refused.exit_code == 1
    assert "No column holds the field “type”" in refused.stderr
    given = ("--set", "type=occupational_standard", "--column", "Norma=title")
    assert rqf("import", str(file), "--country", "MX", *given).exit_code == 0
    assert codes(session) == {"EC0320"}
    assert rqf("import", str(file), "--country", "MX", "--set", "type").exit_code == 2
    assert rqf("import", "--country", "MX").exit_code == 2


def test_import_takes_what_the_columns_mean_from_a_file(rqf, session, tmp_path):
    file, mapping = tmp_path / "rows.csv", tmp_path / "mapping.json"
    file.write_text("Norma;Clave\nSoldadura de placa;EC0320\n", "utf-8")
    said = {"columns": {"Norma": "title", "Clave": "code"},
            "constants": {"type": "occupational_standard", "code_system": "MX-CONOCER-EC"}}  # fmt: skip
    mapping.write_text(json.dumps(said), "utf-8")
    assert rqf("import", str(file), "--country", "MX", "--mapping", str(mapping)).exit_code == 0
    assert codes(session) == {"EC0320"}
    mapping.write_text("{", "utf-8")
    refused = rqf("import", str(file), "--country", "MX", "--mapping", str(mapping))
    assert (refused.exit_code, "It is no JSON" in refused.stderr) == (1, True)


def test_an_import_that_nobody_knows_is_not_taken_back(rqf):
    answer = rqf("import", "undo", "nothing")
    assert (answer.exit_code, "There is no import nothing." in answer.stderr) == (1, True)


def test_import_takes_units_and_outcomes(rqf, session, tmp_path):
    file = tmp_path / "units.csv"
    file.write_text(
        "type,title,unit_title,outcome\noccupational_standard,Soldadura,Placa,Suelda placas.\n,,,Mide.\n",
        "utf-8",
    )
    answer = json.loads(rqf("import", str(file), "--country", "MX", "--json").stdout)
    assert (len(answer["created"]), answer["totals"]["verdicts"]["new"]) == (1, 2)
    assert set(session.scalars(select(LearningOutcome.position))) == {1, 2}
    session.rollback()
    said = rqf("import", str(file), "--country", "MX").stdout
    assert "2 unchanged" in said
    assert "repaired      1 x from above in unit_title" in said
    assert rqf("import", "undo", answer["batch"]).exit_code == 0
    session.expire_all()
    assert session.scalars(select(LearningOutcome)).all() == []


def test_import_refuses_another_kind_of_file(rqf, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_bytes(b"%PDF-1.7")
    answer = rqf("import", str(file), "--country", "MX")
    assert answer.exit_code == 1
    assert "PDF" in answer.stderr


@pytest.fixture
def melo(tmp_path):
    (tmp_path / "queries.tsv").write_text("Q1\tSOLDADORES\nQ2\tOPERADORES DE GRÚA\n")
    (tmp_path / "corpus_elements.tsv").write_text(
        "C1_es_000\tsoldador/soldadora\nC2_es_000\toperador de grúa\nC3_es_000\tcocinero\n"
    )
    (tmp_path / "annotations.tsv").write_text(
        "Q1\t0\tC1_es_000\t1\nQ2\t0\tC2_es_000\t1\nQ2\t0\tC3_es_000\t0\n"
    )
    return tmp_path


def test_evaluate_prints_the_quality_of_the_shipped_matching(rqf, melo):
    found = json.loads(rqf("evaluate", str(melo), "--json").stdout)
    assert found["queries"] == 2
    assert found["mrr"]["value"] == found["accuracy_at_1"]["value"] == 1.0
    said = rqf("evaluate", str(melo)).stdout
    assert "2 queries, 3 labels" in said
    assert "MRR" in said


def test_evaluate_says_which_file_is_wrong(rqf, melo):
    (melo / "queries.tsv").write_text("Q1\tSOLDADORES\nonly one column\n")
    answer = rqf("evaluate", str(melo))
    assert answer.exit_code == 1
    assert "queries.tsv, line 2: 2 columns are expected" in answer.output
    (melo / "annotations.tsv").unlink()
    (melo / "queries.tsv").write_text("Q1\tSOLDADORES\n")
    assert "annotations.tsv cannot be read" in rqf("evaluate", str(melo)).output
    assert rqf("evaluate", str(melo / "nowhere")).exit_code == 2


def test_evaluate_reads_levels_from_a_file(rqf, tmp_path):
    path = tmp_path / "levels.csv"
    rows = [
        f"{head} de {thing} {place},{level},{thing}"
        for level, head in ((1, "Ayudante"), (4, "Supervisor"))
        for thing in ("bombas", "molinos", "grúas", "correas", "motores", "turbinas")
        for place in ("a", "mina", "puerto", "planta", "taller")
    ]
    path.write_text("titulo,nivel,comite\n" + "\n".join(rows) + "\nSin nivel,,x\n")
    columns = ("--text", "titulo", "--level", "nivel", "--group", "comite")
    found = json.loads(rqf("evaluate", "--levels", str(path), *columns, "--json").stdout)
    assert (found["texts"], found["groups"], found["without_level"]) == (60, 6, 1)
    assert found["random"]["exact"]["value"] > 0.9
    assert found["grouped"]["kappa"] > 0.8
    said = rqf("evaluate", "--levels", str(path), *columns).stdout
    assert "6 groups left out in turn" in said
    assert "within one" not in said
    assert (
        "has no column “level”"
        in rqf("evaluate", "--levels", str(path), "--text", "titulo", "--level", "level").output
    )
    assert rqf("evaluate", "--levels", str(path)).exit_code == 2
    assert rqf("evaluate").exit_code == 2
    path.write_text("titulo,nivel\nSoldador,alto\n")
    answer = rqf("evaluate", "--levels", str(path), "--text", "titulo", "--level", "nivel")
    assert "line 2: “alto” is not a level" in answer.output
    path.write_text("titulo,nivel\nSoldador,2\n")
    answer = rqf("evaluate", "--levels", str(path), "--text", "titulo", "--level", "nivel")
    assert "has 1 rows with a level; 50" in answer.output


def test_consistency_looks_through_the_register_and_says_what_is_open(rqf, session):
    author = factories.make_account(session)
    version = factories.make_qualification(session, level=4)
    factories.make_mapping(session, version, author, low=8, status=MappingStatus.ENDORSED)
    session.commit()
    said = json.loads(rqf("consistency", "--json").stdout)
    assert said == {"opened": 1, "closed": 0, "open": {"outside_referencing": 1}}
    again = rqf("consistency")
    assert again.exit_code == 0
    assert "Opened 0, closed 0. Open now: 1" in again.output


def test_a_signing_key_is_made_rotated_and_listed_without_its_secret(rqf, tmp_path):
    file = tmp_path / "keys" / "signing-key.json"
    for _ in range(2):
        made = rqf("signing-key", "rotate", RQF_SIGNING_KEY_FILE=str(file))
        assert str(file) in made.stdout
    listed = rqf("signing-key", "list", "--json")
    keys = json.loads(listed.stdout)
    assert [one["retired_at"] is None for one in keys] == [True, False]
    assert json.loads(file.read_text())["d"] not in listed.stdout
    assert keys[0]["kid"] in made.stdout
    assert "retired on" in rqf("signing-key", "list").stdout


def test_records_are_written_to_a_file_that_an_import_reads_without_a_change(rqf, pumps, tmp_path):
    assert rqf("quality").output == "2 records scored\n"
    assert json.loads(rqf("quality", "--json").output) == {"scored": 0}
    assert json.loads(rqf("quality", "--again", "--json").output) == {"scored": 2}
    for format, name in (("csv", "a.csv"), ("xlsx", "a.xlsx"), ("csv", "a.zip")):
        file = tmp_path / name
        said = json.loads(rqf("export", format, str(file), "--country", "cl", "--json").output)
        assert said == {"records": 1, "format": format, "file": str(file)}
        if file.suffix != ".zip":
            assert "1 unchanged" in rqf("import", str(file), "--country", "CL").output
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert packed.namelist() == ["records.csv", "units.csv", "outcomes.csv"]
    file = tmp_path / "found.csv"
    told = rqf("export", "csv", str(file), "--query", "bombas de proceso", "--country", "MX", "--public")
    assert told.output == f"1 records written to {file}\n"
    assert "change_note" not in file.read_text("utf-8-sig").splitlines()[0]


def test_an_export_that_cannot_be_made_says_why_and_leaves_nothing_behind(rqf, pumps, tmp_path):
    for format in ("csv", "xlsx"):
        answer = rqf("export", format, str(tmp_path / "nowhere" / "a"))
        assert answer.exit_code == 1
        assert "cannot be written" in answer.stderr
    answer = rqf("export", "csv", str(tmp_path / "a.csv"), "--country", "ZZ")
    assert answer.exit_code == 1
    assert "“ZZ” is not known. Allowed: " in answer.stderr
    assert rqf("export", "csv", str(tmp_path / "a.csv"), "--sector", "astrology").exit_code == 1
    assert not list(tmp_path.glob("a.csv*"))
