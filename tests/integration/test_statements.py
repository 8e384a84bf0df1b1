"""Statements: frozen when issued, signed for good, verified against the register as it is today."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import stat
import subprocess
import sys
from base64 import urlsafe_b64decode
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from rqf import paths, review, statements
from rqf.errors import Invalid, NotAllowed, NotFound, RqfError, TooMany, WrongState
from rqf.models import AuditEntry, SigningKey, Statement, audit
from rqf.models.tables import now
from rqf.rules.terms import (
    Conclusion,
    EquivalenceStatus,
    MappingStatus,
    MappingStep,
    Role,
    StatementState,
    VersionStatus,
)
from rqf.statements import Verdict
from tests import factories
from tests.integration.test_lookup import decide, make_newer, make_pair
from tests.statements import SPEECH, issue, issuer

WHY = "It was issued from a record that the ministry has corrected since."


@pytest.fixture
def pair(session):
    return make_pair(session)


@pytest.fixture
def made(session, pair, tmp_path):
    return issue(session, tmp_path, *pair)


@pytest.fixture
def secretariat(session):
    return factories.make_actor(session, Role.SECRETARIAT)


def state(session, statement) -> StatementState:
    return statements.standing(session, statement).state


def said(session, statement) -> list[str]:
    return [str(one.said) for one in statements.standing(session, statement).changes]


def files(session, statement) -> tuple[bytes, bytes, bytes]:
    return (
        statements.as_pdf(session, statement),
        statements.as_json(statement).encode(),
        statement.jws.encode(),
    )


def genuine(session, statement) -> bool:
    """Tell whether all files of a statement are verified and its signature fits."""
    found = [statements.examine(session, data) for data in files(session, statement)]
    return statements.is_signed(statement) and all(
        one.verdict == Verdict.GENUINE and one.statement == statement for one in found
    )


def test_a_statement_holds_everything_that_it_is_about(session, pair, tmp_path):
    here, there = pair
    decide(session, here, there)
    author = factories.make_account(session)
    mapping = factories.make_mapping(session, here, author, low=5, status=MappingStatus.ENDORSED)
    document = statements.document(issue(session, tmp_path, here, there, awarded=date(2021, 5, 1)))
    record = document["records"]["a"]
    assert record["title"] == "Mecánica de maquinaria pesada"
    assert (record["version"], record["country"], record["valid_from"]) == (1, "CL", "2020-01-01")
    assert len(record["units"][0]["outcomes"]) == 4
    assert record["regional_level"]["decided"] is True
    assert record["regional_level"]["mapping"]["number"] == mapping.number
    assert document["records"]["b"]["regional_level"]["referencing"]["status"] == "proposed"
    (decided,) = document["decided"]
    assert decided["conclusion"] == "partial"
    assert [one["country"] for one in decided["decisions"]] == ["CL", "PE"]
    assert [one["element"] for one in document["suggested"]["elements"]][0] == "level"
    keys = {
        one["key"] for side in "ab" for unit in document["records"][side]["units"] for one in unit["outcomes"]
    }
    assert {one["a"] for one in document["outcomes"]["matched"]} <= keys
    assert document["question"] == {
        "purpose": "employment", "purpose_text": "employment", "awarded_on": "2021-05-01", "award_note": None,
    }  # fmt: skip
    assert document["schema"] == "rqf-statement-1"
    assert document["method"]["version"]
    assert document["disclaimers"]
    assert document["edition"]["code"] == "PA-RQF"
    assert document["verify"] == f"https://register.example/verify/{document['number']}"


def test_an_equivalence_is_named_only_where_people_decided_it(session, made):
    document = statements.document(made)
    assert document["decided"] == []
    assert "equivalence" not in json.dumps(document["suggested"]).lower()


def test_the_data_version_is_the_head_of_the_audit_trail(session, pair, tmp_path):
    with_history = factories.make_actor(session, Role.SECRETARIAT)
    head = audit.record(session, with_history.account, "test", "test", 1)
    made = issue(session, tmp_path, *pair)
    # The key was made in between, which the trail tells too.
    then = statements.document(made)["data_version"]
    assert then["entry"] > head.id
    entry = session.get(AuditEntry, then["entry"])
    assert entry.hash == then["hash"]
    assert audit.verify(session) is None


def test_issuing_writes_one_entry_with_the_hash_of_the_document_and_no_person(session, made):
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "statement.issue")).one()
    assert (entry.record_id, entry.account_id, entry.actor) == (made.number, None, "anyone")
    assert entry.details["document"] == hashlib.sha256(made.document.encode()).hexdigest()


def test_the_same_question_is_answered_once_a_day_while_the_answer_is_the_same(session, pair, tmp_path):
    first = issue(session, tmp_path, *pair)
    assert issue(session, tmp_path, *pair).number == first.number
    assert issue(session, tmp_path, *pair, awarded=date(2022, 1, 1)).number != first.number
    decide(session, *pair)
    assert issue(session, tmp_path, *pair).number != first.number


def test_a_withdrawn_statement_is_not_given_out_again(session, pair, made, tmp_path, secretariat):
    statements.withdraw(session, secretariat, made.number, WHY)
    assert issue(session, tmp_path, *pair).number != made.number


def test_an_award_outside_the_validity_of_the_version_is_said(session, pair, tmp_path):
    early = statements.document(issue(session, tmp_path, *pair, awarded=date(2015, 3, 1)))
    assert early["question"]["award_note"] == (
        "Version 1 of A is in force from 2020-01-01; the award of 2015-03-01 was earlier."
    )


@pytest.mark.parametrize("day", [date(1899, 12, 31), now().date() + timedelta(days=1)])
def test_an_award_that_cannot_be_is_refused(session, pair, tmp_path, day):
    with pytest.raises(Invalid) as refused:
        issue(session, tmp_path, *pair, awarded=day)
    assert refused.value.fields["awarded"][0].values["value"] == day.isoformat()


def test_numbers_count_up_and_are_found_as_people_type_them(session, pair, tmp_path):
    first = issue(session, tmp_path, *pair)
    second = issue(session, tmp_path, pair[1], pair[0])
    assert (first.count, second.count) == (1, 2)
    assert statements.find(session, first.number.lower().replace("-", " ")) == first
    with pytest.raises(NotFound, match="check digits"):
        statements.find(session, first.number[:-1] + str((int(first.number[-1]) + 1) % 10))
    with pytest.raises(NotFound):
        statements.find(session, "RQF-2001-000001-" + "00")


def test_a_fresh_statement_is_valid_and_its_files_are_genuine(session, made):
    assert state(session, made) == StatementState.VALID
    assert genuine(session, made)


def test_a_new_version_supersedes_a_statement_and_leaves_its_text_as_it_was(session, pair, made):
    before = files(session, made)
    newer = make_newer(session, pair[0])
    standing = statements.standing(session, made)
    assert standing.state == StatementState.SUPERSEDED
    assert standing.since == newer.published_at.date()
    assert said(session, made) == ["Version 2 of record A took the place of version 1."]
    assert files(session, made) == before
    assert genuine(session, made)


def test_a_decision_on_a_level_supersedes_a_statement_that_had_none(session, pair, made):
    author = factories.make_account(session)
    mapping = factories.make_mapping(session, pair[0], author, low=5)
    review.decide(
        session, factories.make_actor(session, Role.REVIEWER, "PE"), mapping.uuid, MappingStep.ENDORSE,
        "The outcomes plan and supervise: level 5.", mapping.revision,
    )  # fmt: skip
    session.commit()
    standing = statements.standing(session, made)
    assert standing.state == StatementState.SUPERSEDED
    assert standing.since == now().date()
    assert "level of record A has been decided anew: 5" in said(session, made)[0]


def test_a_decision_that_no_longer_stands_supersedes_a_statement(session, pair, tmp_path):
    one = decide(session, *pair)
    made = issue(session, tmp_path, *pair)
    assert state(session, made) == StatementState.VALID
    one.status = EquivalenceStatus.WITHDRAWN
    session.commit()
    assert said(session, made) == [f"The decision {one.number} on an equivalence no longer stands."]
    decide(session, pair[1], pair[0], Conclusion.FULL)
    assert len(said(session, made)) == 2


def test_a_retired_record_supersedes_a_statement(session, pair, made):
    pair[1].status = VersionStatus.RETIRED
    session.commit()
    assert said(session, made) == ["Record B is now retired."]


def test_the_secretariat_withdraws_with_a_reason_that_everybody_reads(session, made, secretariat):
    statements.withdraw(session, secretariat, made.number, WHY)
    standing = statements.standing(session, made)
    assert (standing.state, standing.reason) == (StatementState.WITHDRAWN, WHY)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "statement.withdraw")).one()
    assert (entry.record_id, entry.reason, entry.account_id) == (made.number, WHY, secretariat.id)
    assert genuine(session, made), "withdrawn is not forged"
    with pytest.raises(WrongState):
        statements.withdraw(session, secretariat, made.number, WHY)


def test_nobody_else_withdraws_and_not_without_a_reason(session, made, secretariat):
    with pytest.raises(NotAllowed):
        statements.withdraw(session, factories.make_actor(session), made.number, WHY)
    for reason in ("", "short", "x" * 2001, "A reason with \x07 in the middle of it."):
        with pytest.raises(Invalid):
            statements.withdraw(session, secretariat, made.number, reason)
    assert state(session, made) == StatementState.VALID


def test_what_was_signed_before_a_rotation_still_verifies(session, pair, tmp_path):
    first = issue(session, tmp_path, *pair)
    statements.rotate(session, "test", tmp_path / "signing-key.json")
    second = issue(session, tmp_path, pair[1], pair[0])
    session.commit()
    assert first.key.kid != second.key.kid
    assert genuine(session, first)
    assert genuine(session, second)
    published = {one["kid"]: one for one in statements.key_set(session)["keys"]}
    assert published.keys() == {first.key.kid, second.key.kid}
    assert all(one["alg"] == "Ed25519" and "d" not in one for one in published.values())


def test_a_private_key_is_in_its_file_alone_and_readable_by_its_owner_alone(session, made, tmp_path):
    file = tmp_path / "signing-key.json"
    secret = json.loads(file.read_text())["d"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for key in session.scalars(select(SigningKey)):
        assert secret not in json.dumps(key.public)


def test_a_register_without_its_key_says_so_and_keeps_verifying(session, pair, made, tmp_path):
    (tmp_path / "signing-key.json").unlink()
    with pytest.raises(RqfError, match="signing key is missing"):
        issue(session, tmp_path, pair[1], pair[0])
    session.rollback()
    assert genuine(session, made)


def test_a_retired_key_that_is_put_back_signs_nothing(session, pair, made, tmp_path):
    file = tmp_path / "signing-key.json"
    old = file.read_text()
    statements.rotate(session, "test", file)
    session.commit()
    file.write_text(old)
    with pytest.raises(RqfError, match="was retired"):
        issue(session, tmp_path, pair[1], pair[0])


def test_a_key_whose_registration_was_lost_is_registered_when_it_signs(session, pair, tmp_path):
    statements.rotate(session, "test", tmp_path / "signing-key.json")
    session.rollback()
    assert session.scalar(select(func.count(SigningKey.id))) == 0
    assert genuine(session, issue(session, tmp_path, *pair))


def test_a_broken_key_file_is_refused_in_words(session, pair, tmp_path):
    for broken in ("", "{}", "not json", json.dumps({"kty": "OKP", "crv": "Ed25519", "x": "AA"})):
        (tmp_path / "signing-key.json").write_text(broken)
        with pytest.raises(RqfError, match="cannot be read"):
            issue(session, tmp_path, *pair)
        session.rollback()


def test_the_database_itself_refuses_to_change_what_was_issued(session, made, secretariat):
    statements.withdraw(session, secretariat, made.number, WHY)
    session.commit()
    for table in ("statement", "statement_print", "statement_withdrawal"):
        column = "number" if table == "statement" else "statement_id"
        for order in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="append-only"):
                session.execute(sa.text(order))
            session.rollback()


def test_a_later_schema_leaves_statements_readable_and_verified(database, session, pair, made):
    """What later releases do: a table with more columns, another one built anew and filled again."""
    before = files(session, made)
    session.commit()
    with database.engine.begin() as connection:
        migration = Operations(MigrationContext.configure(connection))
        migration.add_column("statement", sa.Column("channel", sa.String(20), nullable=True))
        migration.add_column("signing_key", sa.Column("note", sa.Text(), nullable=True))
        with migration.batch_alter_table("statement_print", recreate="always") as table:
            table.add_column(sa.Column("pages", sa.Integer(), nullable=True))
    with database.read() as later:
        found = statements.find(later, made.number)
        assert files(later, found) == before
        assert genuine(later, found)
        assert state(later, found) == StatementState.VALID


def test_the_schema_does_not_go_back_without_statements_that_were_issued(database, session, made):
    session.close()
    with pytest.raises(RuntimeError, match="have been issued"):
        database.downgrade("0002")
    with database.read() as later:
        assert genuine(later, statements.find(later, made.number))


def test_a_network_has_so_many_statements_an_hour_and_its_address_is_not_kept(session):
    for _ in range(3):
        statements.admit(session, "192.0.2.1", "secret", 3)
    with pytest.raises(TooMany):
        statements.admit(session, "192.0.2.1", "secret", 3)
    statements.admit(session, "192.0.2.2", "secret", 3)
    kept = session.execute(sa.text("SELECT subject FROM issue_attempt")).scalars().all()
    assert len(kept) == 4
    assert not any("192" in one or hashlib.sha256(b"192.0.2.1").hexdigest() == one for one in kept)


def test_an_attempt_is_forgotten_after_an_hour(session):
    statements.admit(session, "192.0.2.1", "secret", 1)
    session.execute(sa.text("UPDATE issue_attempt SET at = :then"), {"then": now() - timedelta(minutes=61)})
    statements.admit(session, "192.0.2.1", "secret", 1)
    assert session.scalar(sa.text("SELECT count(*) FROM issue_attempt")) == 1


def test_a_changed_json_is_told_place_by_place(session, made):
    told = json.loads(statements.as_json(made))
    told["statement"]["records"]["a"]["title"] = "Ingeniería en minas"
    found = statements.examine(session, json.dumps(told).encode())
    assert (found.verdict, found.statement) == (Verdict.ALTERED, made)
    (place,) = found.places
    assert (place.place, place.issued) == ("records.a.title", "Mecánica de maquinaria pesada")
    assert place.in_file == "Ingeniería en minas"
    assert found.content_intact is False


def test_a_reformatted_json_is_altered_but_its_content_is_intact(session, made):
    found = statements.examine(session, json.dumps(json.loads(statements.as_json(made)), indent=2).encode())
    assert (found.verdict, found.content_intact, found.places) == (Verdict.ALTERED, True, ())


def test_a_file_of_another_statement_is_recognised_as_that_one(session, pair, made, tmp_path):
    other = issue(session, tmp_path, pair[1], pair[0])
    found = statements.examine(session, statements.as_pdf(session, other), made.number)
    assert (found.verdict, found.statement) == (Verdict.GENUINE, other)


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 99, b"%PDF-1.7", b"{", b"eyJ.x.y", b"eyJ" + b"\xff" * 50, b"[" * 100_000, b"{}"]
)
def test_files_that_are_no_statement_are_unknown(session, made, data):
    assert statements.examine(session, data).verdict == Verdict.UNKNOWN
    assert statements.examine(session, data, made.number).verdict == Verdict.ALTERED


def test_the_secretariat_lists_them_page_by_page(session, pair, tmp_path, secretariat):
    made = [issue(session, tmp_path, *pair, awarded=date(2021, 1, day)) for day in range(1, 6)]
    page = statements.list_statements(session, secretariat, limit=2)
    assert [one.number for one in page] == [made[4].number, made[3].number]
    older = statements.list_statements(session, secretariat, before=page[-1].id, limit=2)
    assert [one.number for one in older] == [made[2].number, made[1].number]
    with pytest.raises(NotAllowed):
        statements.list_statements(session, factories.make_actor(session))


def test_an_outsider_verifies_with_openssl_alone(session, made, tmp_path):
    """The steps of docs/statements.md, with nothing of ours."""
    assert shutil.which("openssl")
    head, payload, signature = made.jws.split(".")
    (tmp_path / "input").write_text(f"{head}.{payload}")
    (tmp_path / "signature").write_bytes(urlsafe_b64decode(signature + "=="))
    (key,) = statements.key_set(session)["keys"]
    der = bytes.fromhex("302a300506032b6570032100") + urlsafe_b64decode(key["x"] + "=")
    (tmp_path / "key.der").write_bytes(der)
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin",
               "-in", "input", "-sigfile", "signature"]  # fmt: skip
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0
    (tmp_path / "input").write_text(f"{head}.{payload}x")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode != 0


def test_the_script_of_the_documentation_verifies(session, made, tmp_path):
    text = (paths.FIXTURES.parent / "docs" / "statements.md").read_text("utf-8")
    script = re.search(r"```python\n(.*?)```", text, re.S)[1]
    (tmp_path / "statement.json").write_text(statements.as_json(made), "utf-8")
    (tmp_path / "jwks.json").write_text(json.dumps(statements.key_set(session)), "utf-8")
    (tmp_path / "check.py").write_text(script, "utf-8")

    def run() -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, "check.py"], cwd=tmp_path, capture_output=True, text=True)

    assert made.number in run().stdout
    (tmp_path / "statement.json").write_text(
        statements.as_json(made).replace("maquinaria", "Maquinaria", 1), "utf-8"
    )
    assert run().returncode != 0


def test_two_records_that_are_one_and_records_that_are_none_are_refused(session, pair, tmp_path):
    with pytest.raises(Invalid):
        issue(session, tmp_path, pair[0], pair[0])
    draft = factories.make_qualification(session, status="draft", published_at=None)
    with pytest.raises(NotFound):
        issue(session, tmp_path, pair[0], draft)
    assert session.scalar(select(func.count(Statement.id))) == 0


def test_the_key_stands_beside_the_database_unless_told_otherwise(database, tmp_path):
    assert statements.key_file("/run/key.json", database.url) == Path("/run/key.json")
    if database.url.get_backend_name() == "sqlite":
        assert statements.key_file("", database.url) == tmp_path / "signing-key.json"


def test_the_words_of_a_statement_are_those_of_its_language(session, pair, tmp_path):
    made = issue(session, tmp_path, *pair)
    assert statements.document(made)["language"] == SPEECH.language == made.language
    assert issuer(tmp_path).name == statements.document(made)["register"]["name"]
