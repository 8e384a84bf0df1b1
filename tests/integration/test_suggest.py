"""Suggested levels, close records and the list: found through the index, checked in the database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rqf import registry
from rqf.errors import NotAllowed
from rqf.models import MappingDecision, catalogue
from rqf.rules.terms import (
    MappingStatus,
    MappingStep,
    QualificationType,
    Role,
    VersionStatus,
)
from tests import factories

TITLE = "Mantenimiento de equipos mineros"


@pytest.fixture
def officer(session):
    return factories.make_actor(session)


def endorsed(session, country="PE", title="Mantenimiento de equipos mineros", low=5, name="Rosa Díaz"):
    version = factories.make_qualification(session, title, country=country)
    author = factories.make_account(session, country=country)
    mapping = factories.make_mapping(session, version, author, low=low, status=MappingStatus.ENDORSED)
    reviewer = factories.make_account(session, Role.REVIEWER, "CO", name=name)
    session.add(
        MappingDecision(
            mapping=mapping, step=MappingStep.ENDORSE, reason="It fits.", account=reviewer, country_code="CO"
        )
    )
    session.flush()
    return version


def test_the_referencing_of_the_national_level_leads_the_advice(session):
    version = factories.make_qualification(session, TITLE, level=4)
    session.commit()
    advice = registry.advise(session, version)
    assert (advice.profile.national_range, advice.profile.national_best) == ((4, 5), 5)
    assert advice.levels.suggestions[0].level in (4, 5)
    assert 0 <= advice.levels.suggestions[0].score <= 100


def test_evidence_names_a_descriptor_and_the_words_that_it_shares_with_the_outcomes(session):
    outcomes = (
        ("skills", "Diagnoses faults, plans maintenance of pumps and supervises teams"),
        ("application", "Works with responsibility for others"),
        ("knowledge", "Explains how faults are diagnosed and maintenance is planned"),
    )
    version = factories.make_qualification(
        session, "Pump maintenance", level=4, outcomes=outcomes, language="en"
    )
    session.commit()
    advice = registry.suggest_levels(session, version)
    assert advice.suggestions[0].level == 5
    skills = next(one for one in advice.suggestions[0].evidence if one.domain == "skills")
    assert "Diagnoses faults" in skills.descriptor_text
    assert skills.words


def test_precedents_are_endorsed_records_of_other_countries_with_who_endorsed_them(session):
    peru = endorsed(session)
    endorsed(session, country="CL", title=TITLE)
    factories.make_qualification(session, TITLE, country="MX")
    version = factories.make_qualification(session, TITLE)
    session.commit()
    precedents = registry.advise(session, version).precedents
    assert [one.version.id for one in precedents] == [peru.id]
    found = precedents[0].precedent
    assert (found.country, found.low, found.high) == ("PE", 5, 5)
    assert found.endorsed_by == ("Rosa Díaz (CO)",)


def test_the_advice_kept_with_a_proposal_names_precedents_by_their_identifier(session):
    peru = endorsed(session)
    version = factories.make_qualification(session, TITLE)
    session.commit()
    stored = registry.advise(session, version).stored()
    assert stored["precedents"][0]["uuid"] == peru.qualification.uuid
    assert stored["edition"] == "PA-RQF 2026"
    assert {"suggestions", "range", "abstained", "method_version"} <= set(stored)


def test_a_record_of_the_same_title_at_home_is_a_likely_duplicate(session):
    twin = factories.make_qualification(session, TITLE, status=VersionStatus.DRAFT)
    factories.make_qualification(session, "Gastronomía internacional")
    session.commit()
    found = registry.close_records(session, "CL", TITLE, "es")
    assert [one.version.id for one in found.duplicates] == [twin.id]
    assert found.duplicates[0].score > 90


def test_a_record_with_the_same_code_is_a_likely_duplicate_whatever_its_title(session):
    twin = factories.make_qualification(session, "Otra cosa", code_system="CL-MINEDUC-ESPE", code="54018")
    session.commit()
    found = registry.close_records(session, "CL", "Panadería", "es", code="54018")
    assert [(one.version.id, one.same_code) for one in found.duplicates] == [(twin.id, True)]


def test_a_record_is_no_duplicate_of_itself(session):
    version = factories.make_qualification(session, TITLE)
    session.commit()
    found = registry.close_records(session, "CL", TITLE, "es", exclude=version.qualification_id)
    assert found.duplicates == ()


def test_close_records_of_other_countries_are_published_ones_only(session):
    published = factories.make_qualification(session, TITLE, country="PE")
    factories.make_qualification(session, TITLE, country="MX", status=VersionStatus.DRAFT)
    session.commit()
    found = registry.close_records(session, "CL", TITLE, "es")
    assert [one.version.id for one in found.elsewhere] == [published.id]


def test_a_record_retired_after_the_index_was_read_is_not_shown(session):
    version = factories.make_qualification(session, TITLE, country="PE")
    session.commit()
    catalogue.index(session)
    version.status = VersionStatus.RETIRED
    session.commit()
    assert registry.close_records(session, "CL", TITLE, "es").elsewhere == ()


def test_nothing_typed_has_no_close_records(session):
    found = registry.close_records(session, "CL", "  ", "es")
    assert (found.duplicates, found.elsewhere) == ((), ())


def listed(session, officer, **wanted) -> list[str]:
    found = registry.own_records(session, officer, registry.OwnFilter(**wanted))
    return [one.version.title for one in found.items]


def test_the_list_shows_the_own_countrys_newest_versions(session, officer):
    version = factories.make_qualification(session, "Uno")
    registry.revise(
        session, officer, version.qualification.uuid, replace(registry.describe(version), change_note="Why")
    )
    factories.make_qualification(session, "Ajena", country="MX")
    session.commit()
    page = registry.own_records(session, officer)
    assert [(one.version.title, one.version.number) for one in page.items] == [("Uno", 2)]


def test_the_list_is_filtered_by_state_type_and_mapping(session, officer):
    factories.make_qualification(session, "Draft", status=VersionStatus.DRAFT)
    standard = factories.make_qualification(session, "Std", type=QualificationType.OCCUPATIONAL_STANDARD)
    factories.make_mapping(session, standard, officer.account)
    session.commit()
    assert listed(session, officer, status=VersionStatus.DRAFT) == ["Draft"]
    assert listed(session, officer, type=QualificationType.OCCUPATIONAL_STANDARD) == ["Std"]
    assert listed(session, officer, mapping=MappingStatus.SUBMITTED) == ["Std"]
    assert listed(session, officer, mapping="none") == ["Draft"]


def test_the_list_is_filtered_by_words_without_accents(session, officer):
    factories.make_qualification(session, "Explotación minera")
    factories.make_qualification(session, "Gastronomía")
    session.commit()
    assert listed(session, officer, text="explotacion") == ["Explotación minera"]


def test_the_list_is_paged(session, officer):
    for number in range(5):
        factories.make_qualification(session, f"Record {number}")
    session.commit()
    page = registry.own_records(session, officer, page=9, per_page=2)
    assert (page.total, page.pages, page.page, len(page.items)) == (5, 3, 3, 1)


def test_an_empty_list_has_one_page(session, officer):
    page = registry.own_records(session, officer)
    assert (page.items, page.total, page.pages) == ((), 0, 1)


def test_only_officers_have_a_list(session):
    with pytest.raises(NotAllowed):
        registry.own_records(session, factories.make_actor(session, Role.REVIEWER))


def test_a_second_opinion_is_read_off_other_countries_decisions(session):
    asked = factories.make_qualification(session, "Ayudante en limpieza de estanques")
    assert registry.advise(session, asked).example is None
    before = registry.advise(session, asked).levels
    factories.teach_levels(session)
    given = registry.advise(session, asked)
    assert given.example.opinion.level == 2
    assert given.example.count == 48
    assert given.stored()["example"]["opinion"]["level"] == 2
    assert given.levels.conflict == before.conflict


def test_a_countrys_own_decisions_are_no_example_for_it(session):
    factories.teach_levels(session)
    asked = factories.make_qualification(session, "Dirección y diseño de plantas", country="PE")
    assert registry.advise(session, asked).example is None, "36 decisions of other countries are too few"
