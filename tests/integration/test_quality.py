"""The quality of records is kept when they are written, counted by country, and told to whom it concerns."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from rqf import exchange, registry
from rqf.errors import NotAllowed
from rqf.models import QualificationVersion, QualityTally, VersionQuality
from rqf.registry import imports, quality
from rqf.registry.description import QualificationData
from rqf.rules.quality import Criterion
from rqf.rules.terms import QualificationType, Role, VersionStatus
from tests import factories

HEADER = "type,title,code_system,code\n"


@pytest.fixture
def officer(session):
    return factories.make_actor(session)


@pytest.fixture
def secretariat(session):
    return factories.make_actor(session, Role.SECRETARIAT)


def said(title: str = "Operación de bombas", **fields) -> QualificationData:
    return QualificationData(
        "CL", QualificationType.QUALIFICATION, {"es": title}, "es", change_note="Why", **fields
    )


def kept(session, version: QualificationVersion) -> VersionQuality:
    session.flush()
    session.expire_all()
    return session.get_one(VersionQuality, version.id)


def counts(session) -> dict[tuple[int, int], int]:
    """Return (score, gaps) -> records, as the tally has it; what comes to none is left out."""
    rows = session.execute(
        select(QualityTally.score, QualityTally.gaps, func.sum(QualityTally.records)).group_by(
            QualityTally.score, QualityTally.gaps
        )
    )
    return {(score, gaps): int(many) for score, gaps, many in rows if many}


def stored(session) -> dict[tuple[int, int], int]:
    """Return the same, counted in the table of versions."""
    rows = session.execute(
        select(VersionQuality.score, VersionQuality.gaps, func.count())
        .where(VersionQuality.counted)
        .group_by(VersionQuality.score, VersionQuality.gaps)
    )
    return {(score, gaps): many for score, gaps, many in rows}


def work(overview) -> dict[Criterion, int]:
    return {one.criterion: one.records for one in overview.summary.to_fix}


def test_a_record_has_its_score_from_the_first_save(session, officer):
    version = registry.register(session, officer, said(level=3))
    found = kept(session, version)
    assert found.score == registry.quality_of(version).score
    assert found.counted
    assert counts(session) == stored(session) == {(found.score, found.gaps): 1}


def test_a_revision_changes_score_and_counts(session, officer):
    version = registry.register(session, officer, said())
    before = kept(session, version).score
    registry.revise(session, officer, version.qualification.uuid, said(level=3, sector="mining"))
    assert kept(session, version).score == before + 13
    assert counts(session) == stored(session)
    assert Criterion.LEVEL not in work(registry.overview(session, officer, "CL"))


def test_only_the_newest_version_counts(session, officer):
    version = registry.register(session, officer, said())
    uuid = version.qualification.uuid
    registry.publish(session, officer, uuid)
    draft = registry.revise(session, officer, uuid, said(level=3))
    assert not kept(session, version).counted
    assert kept(session, draft).counted
    assert registry.overview(session, officer, "CL").summary.records == 1
    registry.publish(session, officer, uuid)
    assert counts(session) == stored(session)


def test_records_of_one_title_are_twins_until_one_of_them_changes(session, officer):
    first = registry.register(session, officer, said())
    alone = kept(session, first).score
    second = registry.register(session, officer, said("OPERACIÓN DE BOMBAS "))
    assert kept(session, first).score == alone - 4
    assert work(registry.overview(session, officer, "CL"))[Criterion.TITLE_UNIQUE] == 2
    registry.revise(session, officer, second.qualification.uuid, said("Operación de molinos"))
    assert kept(session, first).score == alone
    assert Criterion.TITLE_UNIQUE not in work(registry.overview(session, officer, "CL"))
    assert counts(session) == stored(session)


def test_a_withdrawn_record_no_longer_counts(session, officer):
    version = registry.register(session, officer, said())
    registry.publish(session, officer, version.qualification.uuid)
    version.status = VersionStatus.RETIRED
    quality.keep(session, [version.qualification_id])
    assert counts(session) == stored(session) == {}
    assert registry.overview(session, officer, "CL").summary.records == 0


def test_an_import_keeps_the_quality_of_each_row_and_an_undo_takes_it_back(session, officer, tmp_path):
    registry.register(session, officer, said("Ya estaba", code_system="CL-MINEDUC-ESPE", code="54001"))
    before = counts(session)
    path = tmp_path / "records.csv"
    path.write_text(
        HEADER
        + "qualification,Ya estaba así,CL-MINEDUC-ESPE,54001\n"
        + "".join(f"qualification,Oficio {n % 3},CL-MINEDUC-ESPE,{54100 + n}\n" for n in range(6))
    )
    batch, _ = imports.take_in(session, officer, "CL", path, "records.csv")
    imports.check(session, officer, batch.uuid)
    imports.apply(session, officer, batch.uuid)
    assert counts(session) == stored(session)
    whole = registry.overview(session, officer, "CL")
    assert whole.summary.records == 7
    assert work(whole)[Criterion.TITLE_UNIQUE] == 6
    of_batch = registry.overview(session, officer, batch=batch.uuid)
    assert (of_batch.summary.records, of_batch.country) == (7, "CL")
    imports.undo(session, officer, batch.uuid)
    assert counts(session) == stored(session) == before


def test_loading_fixtures_scores_what_it_brings(database):
    with database.transaction() as session:
        exchange.load(session, "test")
        assert sum(counts(session).values()) > 250
        assert counts(session) == stored(session)
        newest = session.scalar(select(func.count(func.distinct(QualificationVersion.qualification_id))))
        assert 250 < sum(counts(session).values()) <= (newest or 0)


def test_what_has_no_score_is_filled_in_with_the_history_of_its_versions(session, officer):
    version = registry.register(session, officer, said())
    registry.publish(session, officer, version.qualification.uuid)
    draft = registry.revise(session, officer, version.qualification.uuid, said(level=3))
    for one, month in ((version, 1), (draft, 3)):
        one.created_at = datetime(2026, month, 15, tzinfo=UTC)
    session.flush()
    quality.start_again(session)
    assert quality.fill(session) == [version.qualification_id]
    assert quality.fill(session, version.qualification_id) == []
    trend = registry.overview(session, officer, "CL").trend
    assert [one.first_day.month for one in trend[:3]] == [1, 2, 3]
    assert {one.records for one in trend} == {1}
    assert trend[0].mean == trend[1].mean == trend[2].mean - 10 == trend[-1].mean - 10
    assert counts(session) == stored(session)


def test_scores_of_another_method_are_taken_anew(session, officer):
    version = registry.register(session, officer, said())
    assert quality.forget_other_methods(session) is False
    kept(session, version).method = 0
    session.flush()
    assert quality.forget_other_methods(session) is True
    assert counts(session) == {}
    quality.fill(session)
    assert counts(session) == stored(session) != {}


def test_the_secretariat_sees_all_countries_and_officers_their_own(session, officer, secretariat):
    registry.register(session, officer, said())
    mexican = factories.make_actor(session, Role.OFFICER, "MX")
    other = QualificationData("MX", QualificationType.QUALIFICATION, {"es": "Bombas"}, "es")
    registry.register(session, mexican, other)
    whole = registry.overview(session, secretariat)
    assert whole.summary.records == 2
    assert {code: one.records for code, one in whole.countries.items()} == {"CL": 1, "MX": 1}
    assert registry.overview(session, secretariat, "MX").summary.records == 1
    for country in (None, "MX"):
        with pytest.raises(NotAllowed):
            registry.overview(session, officer, country)
        with pytest.raises(NotAllowed):
            registry.overview(session, factories.make_actor(session, Role.REVIEWER), country)
    with pytest.raises(NotAllowed):
        registry.records_lacking(session, officer, "MX", None)


def test_the_records_that_lack_something_are_listed_the_weakest_first_page_by_page(
    session, officer, secretariat, monkeypatch
):
    monkeypatch.setattr("rqf.registry.quality_overview.PER_PAGE", 2)
    for number, level in enumerate((None, 3, None, None)):
        registry.register(session, officer, said(f"Oficio {number}", level=level, sector="mining"))
    registry.register(session, officer, said("El más débil"))
    page = registry.records_lacking(session, secretariat, "CL", Criterion.LEVEL)
    assert [version.title for version, _ in page.records] == ["El más débil", "Oficio 0"]
    page = registry.records_lacking(session, secretariat, "CL", Criterion.LEVEL, page.after)
    assert [version.title for version, _ in page.records] == ["Oficio 2", "Oficio 3"]
    assert page.after is None


def test_the_officers_list_is_filtered_by_what_is_missing(session, officer):
    registry.register(session, officer, said("Con nivel", level=3))
    registry.register(session, officer, said("Sin nivel"))
    wanted = registry.OwnFilter(missing=Criterion.LEVEL)
    found = registry.own_records(session, officer, wanted)
    assert [one.version.title for one in found.items] == ["Sin nivel"]
