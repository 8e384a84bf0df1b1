"""The database refuses what the rules refuse, on both engines."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from rqf.models import Level, QualificationVersion
from rqf.models.database import SAFE_WAL, sqlite_module
from rqf.rules.terms import MappingStatus, VersionStatus
from tests.factories import make_account, make_mapping, make_qualification, national_level


def test_sqlite_keeps_a_write_ahead_log_and_its_foreign_keys(database, engine):
    if engine != "sqlite":
        assert database.engine.dialect.name == "postgresql"
        return
    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() >= 5000
    assert sqlite_module().sqlite_version_info >= SAFE_WAL


def test_a_reference_to_nothing_is_refused(session):
    version = make_qualification(session)
    with pytest.raises(IntegrityError):
        session.execute(
            text("UPDATE qualification_version SET author_id = 999999 WHERE id = :id"), {"id": version.id}
        )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("volume", -1),
        ("credits", 0),
        ("completeness", 101),
        ("status", "'approved'"),
        ("volume", 100),
        ("valid_to", "'1999-01-01'"),
    ],
)
def test_a_value_against_the_rules_is_refused(session, column, value):
    version = make_qualification(session, status=VersionStatus.DRAFT)
    with pytest.raises(IntegrityError):
        session.execute(
            text(f"UPDATE qualification_version SET {column} = {value} WHERE id = :id"), {"id": version.id}
        )


def test_a_qualification_has_one_published_version(session):
    first = make_qualification(session)
    second = QualificationVersion(
        qualification=first.qualification, number=2, status=VersionStatus.PUBLISHED, titles={"es": "Otra"},
        original_language="es", published_at=first.published_at, valid_from=date(2021, 1, 1),
    )  # fmt: skip
    session.add(second)
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_version_has_one_open_mapping_and_one_endorsed(session):
    version, author = make_qualification(session), make_account(session)
    make_mapping(session, version, author, status=MappingStatus.SUBMITTED)
    make_mapping(session, version, author, status=MappingStatus.ENDORSED)
    make_mapping(session, version, author, status=MappingStatus.REJECTED)
    with pytest.raises(IntegrityError), session.begin_nested():
        make_mapping(session, version, author, status=MappingStatus.RETURNED)
    with pytest.raises(IntegrityError), session.begin_nested():
        make_mapping(session, version, author, status=MappingStatus.ENDORSED)


def test_a_level_stands_once_in_its_edition(session):
    level = national_level(session, "CL", 3)
    session.add(Level(edition_id=level.edition_id, number=3, titles={"es": "Otro"}))
    with pytest.raises(IntegrityError):
        session.flush()


def test_published_text_is_frozen_and_kept(session):
    version = make_qualification(session)
    session.commit()
    version.titles = {"es": "Otro título"}
    with pytest.raises(DBAPIError):
        session.flush()
    session.rollback()
    with pytest.raises(DBAPIError):
        session.execute(text("DELETE FROM qualification_version WHERE id = :id"), {"id": version.id})
    session.rollback()
    version.status = VersionStatus.RETIRED
    session.commit()
    assert version.title == "Mantenimiento de equipos mineros"


def test_writers_queue_instead_of_failing(database):
    """Eight threads read and then write; a deferred transaction would die at once on SQLite."""
    errors = []

    def sign_up(number: int) -> None:
        try:
            with database.transaction() as session:
                make_account(session, email=f"thread{number}@test.example")
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=sign_up, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM account")).scalar() == 8


def test_a_transaction_is_all_or_nothing(database):
    def half() -> None:
        with database.transaction() as session:
            make_account(session)
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        half()
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM account")).scalar() == 0


def test_sqlite_learns_that_most_versions_are_published(database, engine):
    if engine != "sqlite":
        database.refresh_statistics()  # PostgreSQL needs none
        return
    with database.transaction() as session:
        for number in range(40):
            make_qualification(session, f"Operación de planta {number}")
    asked = (
        "EXPLAIN QUERY PLAN SELECT id FROM qualification_version"
        " WHERE status = 'published' AND qualification_id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)"
    )

    def plan() -> str:
        with database.engine.connect() as connection:
            return connection.execute(text(asked)).one().detail

    assert "status_updated_at" in plan()
    database.refresh_statistics()
    database.engine.dispose()
    assert "qualification_id=?" in plan()
