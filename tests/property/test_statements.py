"""No byte of a statement changes unnoticed, wherever and into whatever."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from rqf import statements
from rqf.models import Statement
from rqf.models.database import Database
from rqf.rules.numbers import read_number, statement_number
from rqf.statements import Verdict
from rqf.statements.keys import signed_text
from tests import factories
from tests.integration.test_lookup import make_pair
from tests.statements import issue

PLACES = st.integers(0, 10**9)
BYTES = st.integers(0, 255)


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    """A session and a statement in it."""
    folder = tmp_path_factory.mktemp("statements")
    database = Database(f"sqlite:///{folder / 'rqf.sqlite'}")
    database.upgrade()
    with database.write() as session:
        factories.make_region(session)
        yield session, issue(session, folder, *make_pair(session))
    database.close()


def change(data: bytes, place: int, byte: int) -> bytes:
    at = place % len(data)
    return data[:at] + bytes([byte]) + data[at + 1 :]


def judged(session: Session, statement: Statement, issued: bytes, found: bytes) -> None:
    examined = statements.examine(session, found, statement.number)
    assert (examined.verdict == Verdict.GENUINE) == (found == issued)
    assert found == issued or not examined.content_intact or json.loads(found) == json.loads(issued)


@given(PLACES, BYTES)
def test_every_changed_byte_of_the_json_is_noticed(issued, place, byte):
    session, statement = issued
    data = statements.as_json(statement).encode()
    judged(session, statement, data, change(data, place, byte))


@given(PLACES, BYTES)
def test_every_changed_byte_of_the_jws_is_noticed(issued, place, byte):
    session, statement = issued
    data = statement.jws.encode()
    judged(session, statement, data, change(data, place, byte))


@given(PLACES, st.binary(max_size=5))
def test_nothing_is_put_in_or_cut_out_unnoticed(issued, place, more):
    session, statement = issued
    for data in (statements.as_json(statement).encode(), statements.as_pdf(session, statement)):
        at = place % len(data)
        for found in (data[:at] + more + data[at:], data[:at]):
            examined = statements.examine(session, found, statement.number)
            assert (examined.verdict == Verdict.GENUINE) == (found == data)


@given(PLACES, BYTES)
def test_a_signature_fits_no_other_text(issued, place, byte):
    """What an outsider checks, without the register."""
    _, statement = issued
    changed = change(statement.jws.encode(), place, byte)
    text = signed_text(changed.decode("latin-1"), statement.key.public)
    assert text in (None, statement.document)


@given(st.binary(max_size=300))
def test_no_file_breaks_the_examination(issued, data):
    session, statement = issued
    for start in (b"", b"%PDF-", b"eyJ", b'{"statement":'):
        assert statements.examine(session, start + data).verdict == Verdict.UNKNOWN
        assert statements.examine(session, start + data, statement.number).verdict == Verdict.ALTERED


@given(st.integers(2000, 9999), st.integers(1, 999_999))
def test_every_number_is_read_back(year, count):
    number = statement_number(year, count)
    assert read_number(number) == number
