"""What an institution asks, on a real database: search, record, worth elsewhere, comparison."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from rqf import lookup
from rqf.errors import Invalid, NotFound
from rqf.lookup import MatchQuery, SearchQuery
from rqf.models import (
    AwardingBody,
    Equivalence,
    EquivalenceDecision,
    QualificationVersion,
    Replacement,
    Synonym,
    VersionUnit,
)
from rqf.models.tables import now
from rqf.rules.terms import (
    Conclusion,
    EquivalenceStatus,
    MappingStatus,
    QualificationType,
    Relation,
    Role,
    VersionStatus,
)
from tests.factories import make_account, make_mapping, make_qualification

MECHANIC = (
    ("skills", "Diagnostica fallas en motores diésel de equipos mineros"),
    ("skills", "Repara sistemas hidráulicos de maquinaria pesada"),
    ("knowledge", "Explica el funcionamiento del motor diésel"),
    ("application", "Trabaja con autonomía según el plan de mantenimiento"),
)
FITTER = (
    ("skills", "Diagnostica fallas del motor diésel en equipos de minería"),
    ("skills", "Realiza la reparación de sistemas hidráulicos de la maquinaria pesada"),
    ("application", "Organiza los turnos de un equipo de personas"),
)


def make_pair(session):
    here = make_qualification(session, "Mecánica de maquinaria pesada", outcomes=MECHANIC)
    there = make_qualification(
        session, "Mantenimiento de maquinaria pesada", country="PE", level=5, outcomes=FITTER
    )
    session.commit()
    return here, there


def decide(session, a, b, conclusion=Conclusion.PARTIAL, **overrides):
    reviewers = [make_account(session, Role.REVIEWER, one.country_code) for one in (a, b)]
    fields = {
        "number": f"RQF-E-{a.id}-{b.id}", "from_version": a, "to_version": b, "conclusion": conclusion,
        "status": EquivalenceStatus.ENDORSED, "purpose": "employment", "rationale": "Compared by both sides.",
    }  # fmt: skip
    one = Equivalence(**{**fields, **overrides})
    one.decisions = [
        EquivalenceDecision(
            account=who, country_code=side.country_code, endorsed=True, reason="Agreed.", at=now()
        )
        for who, side in zip(reviewers, (a, b), strict=True)
    ]
    session.add(one)
    session.commit()
    return one


def make_newer(session, version):
    """Publish a second version with the same units, as a revision does."""
    version.status = VersionStatus.SUPERSEDED
    session.flush()
    newer = QualificationVersion(
        qualification=version.qualification, number=2, status=VersionStatus.PUBLISHED, titles=version.titles,
        original_language="es", level=version.level, sector_code=version.sector_code, published_at=now(),
        units=[VersionUnit(unit=link.unit, position=link.position, mandatory=True) for link in version.units],
    )  # fmt: skip
    session.add(newer)
    session.commit()
    return newer


def titles(result) -> list[str]:
    return [hit.version.title for hit in result.hits]


def test_a_search_forgives_accents_case_endings_and_typos(session):
    make_qualification(session, "Mecánica de maquinaria pesada")
    make_qualification(session, "Cocina regional")
    session.commit()
    for typed in (
        "MECANICA DE MAQUINARIA PESADA",
        "mecánico maquinarias pesadas",
        "mecanica maqinaria pesada",
    ):
        assert titles(lookup.search(session, SearchQuery(typed)))[0] == "Mecánica de maquinaria pesada", typed


def test_a_synonym_of_another_country_finds_the_record_and_says_so(session):
    for term, countries in (("tronadura", "CL|PE"), ("voladura", "MX|CO")):
        session.add(Synonym(concept="blasting", term=term, countries=countries, language="es", source="test"))
    make_qualification(session, "Voladura de barrenos", country="MX")
    session.commit()
    result = lookup.search(session, SearchQuery("tronadura"))
    assert titles(result) == ["Voladura de barrenos"]
    assert [(one.query_word, one.how) for one in result.hits[0].matched] == [("tronadura", "synonym")]


@pytest.mark.parametrize("screen", ["es", "en", "fr"])
def test_words_are_found_whatever_the_language_of_the_screen(session, screen):
    make_qualification(session, "Mecánica de maquinaria pesada")
    session.commit()
    assert lookup.search(session, SearchQuery("mecánicas de maquinarias", language=screen)).total == 1


def test_a_code_comes_first(session):
    make_qualification(session, "EC0364 en otra parte del título", country="MX")
    make_qualification(
        session, "Barrenación con equipo jumbo", country="MX", code_system="MX-CONOCER-EC", code="EC0364"
    )
    session.commit()
    assert titles(lookup.search(session, SearchQuery("ec0364")))[0] == "Barrenación con equipo jumbo"


def test_what_was_committed_a_moment_ago_is_found_and_what_was_retired_is_not(session):
    assert lookup.search(session, SearchQuery("soldadura")).total == 0
    version = make_qualification(session, "Soldadura de estructuras")
    session.commit()
    assert titles(lookup.search(session, SearchQuery("soldadura"))) == ["Soldadura de estructuras"]
    # Retired behind the index's back: the database has the last word.
    version.status = VersionStatus.RETIRED
    session.commit()
    assert lookup.search(session, SearchQuery("soldadura")).hits == []


def test_drafts_are_never_found(session):
    make_qualification(session, "Borrador secreto", status=VersionStatus.DRAFT)
    session.commit()
    for statuses in (frozenset(), frozenset({"draft"})):
        result = lookup.search(session, SearchQuery("borrador secreto", statuses=statuses))
        assert result.hits == []
        assert result.total == 0


def test_facets_are_counted_with_the_other_facets_applied(session):
    make_qualification(session, "Mecánica minera", country="CL")
    make_qualification(session, "Mecánica minera avanzada", country="PE")
    make_qualification(
        session, "Mecánica eléctrica", country="PE", sector_code="electricity",
        type=QualificationType.TRAINING_PROGRAMME,
    )  # fmt: skip
    session.commit()
    result = lookup.search(session, SearchQuery("mecánica", countries=frozenset({"PE"})))
    assert result.total == 2
    assert result.facets["country"] == {"CL": 1, "PE": 2}
    assert result.facets["sector"] == {"mining": 1, "electricity": 1}
    assert result.facets["kind"] == {"qualification": 1, "training_programme": 1}


def test_pages_hold_every_record_once(session):
    for number in range(7):
        make_qualification(session, f"Operación de planta {number}")
    session.commit()
    for text in ("", "operación de planta"):
        pages = [lookup.search(session, SearchQuery(text, page=page, per_page=3)) for page in (1, 2, 3)]
        assert [page.total for page in pages] == [7, 7, 7]
        found = [hit.version.id for page in pages for hit in page.hits]
        assert len(found) == len(set(found)) == 7


def test_a_search_asks_a_bounded_number_of_questions(session, database):
    for number in range(30):
        make_qualification(session, f"Operación de planta {number}", outcomes=MECHANIC[:1])
    session.commit()
    lookup.search(session, SearchQuery("planta"))
    session.expire_all()
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    result = lookup.search(session, SearchQuery("planta", per_page=25))
    for hit in result.hits:
        assert hit.version.qualification.country_code
        assert hit.version.sector.titles
    assert len(result.hits) == 25
    assert len(asked) <= 12, asked


def test_a_record_without_neighbours_asks_for_no_others(session, database):
    found = make_qualification(session)
    session.commit()
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert lookup.record(session, found.qualification.uuid).replaces == []
    # An empty list of ids makes SQLite walk through all records that are public.
    assert not [one for one in asked if "FROM qualification_version" in one and "1!=1" in one]


def test_a_record_is_found_by_identifier_and_by_code(session):
    version = make_qualification(session, code_system="CL-MINEDUC-ESPE", code="54018")
    session.commit()
    for ref in (version.qualification.uuid, "54018"):
        assert lookup.find(session, ref).id == version.id
    for ref in ("nothing", "", "x" * 36):
        with pytest.raises(NotFound):
            lookup.find(session, ref)


def test_a_draft_has_no_public_record(session):
    version = make_qualification(session, status=VersionStatus.DRAFT)
    session.commit()
    with pytest.raises(NotFound):
        lookup.record(session, version.qualification.uuid)


def test_a_code_that_two_countries_use_is_not_guessed(session):
    make_qualification(session, code_system="CL-MINEDUC-ESPE", code="54018")
    make_qualification(session, country="MX", code_system="MX-CONOCER-EC", code="54018")
    session.commit()
    with pytest.raises(NotFound, match="Several records"):
        lookup.find(session, "54018")


def test_a_record_says_whether_its_level_was_decided(session):
    version = make_qualification(session, level=3)
    session.commit()
    record = lookup.record(session, version.qualification.uuid)
    assert record.mapping is None
    assert (record.referenced.low, record.referenced.high) == (3, 4)
    mapping = make_mapping(session, version, make_account(session), low=4, status=MappingStatus.ENDORSED)
    session.commit()
    assert lookup.record(session, version.qualification.uuid).mapping.id == mapping.id


def test_work_in_progress_is_not_part_of_the_public_history(session):
    version, author = make_qualification(session), make_account(session)
    make_mapping(session, version, author, status=MappingStatus.SUBMITTED)
    make_mapping(session, version, author, status=MappingStatus.REJECTED)
    session.commit()
    history = lookup.record(session, version.qualification.uuid).history
    assert [one.status for one in history] == [MappingStatus.REJECTED]


def test_a_superseded_record_names_its_successor(session):
    old = make_qualification(session, "Edición vieja", status=VersionStatus.SUPERSEDED)
    new = make_qualification(session, "Edición nueva")
    session.add(Replacement(successor=new.qualification, predecessor=old.qualification))
    session.commit()
    assert [one.title for one in lookup.record(session, old.qualification.uuid).replaced_by] == [
        "Edición nueva"
    ]
    assert [one.title for one in lookup.record(session, new.qualification.uuid).replaces] == ["Edición vieja"]


def test_suggestions_come_from_the_other_country_with_their_parts(session):
    here, there = make_pair(session)
    make_qualification(session, "Cocina regional", country="PE", sector_code="electricity")
    make_qualification(session, "Mantenimiento de maquinaria pesada", country="MX")
    session.commit()
    answer = lookup.equivalents(session, here, "PE")
    assert answer.decided == []
    assert [one.version.id for one in answer.suggested] == [there.id]
    best = answer.suggested[0]
    assert 0 < best.score <= 100
    assert best.parts["outcomes"] > 0
    assert best.alignment.coverage_a_of_b > 50


def test_a_record_of_the_sector_is_compared_whatever_it_is_called(session):
    here = make_qualification(session, "Mecánica de maquinaria pesada", outcomes=MECHANIC)
    there = make_qualification(session, "Taller industrial", country="PE", outcomes=FITTER)
    far = make_qualification(session, "Cocina regional", country="MX", sector_code="mining")
    session.commit()
    assert [one.version.id for one in lookup.equivalents(session, here, "PE").suggested] == [there.id]
    nearest = lookup.equivalents(session, here, "MX").suggested
    assert [(one.version.id, one.close, one.score <= 35) for one in nearest] == [(far.id, False, True)]
    assert lookup.equivalents(session, here, "CO").suggested == []


def test_what_people_decided_stands_apart_and_only_once(session):
    here, there = make_pair(session)
    decide(session, here, there)
    answer = lookup.equivalents(session, here, "PE")
    assert [(one.version.id, one.forward) for one in answer.decided] == [(there.id, True)]
    assert answer.suggested == []
    back = lookup.equivalents(session, there, "CL")
    assert [(one.version.id, one.forward) for one in back.decided] == [(here.id, False)]


def test_a_decision_is_not_forgotten_when_a_newer_version_is_published(session):
    here, there = make_pair(session)
    made = decide(session, here, there)
    newer = make_newer(session, here)
    (decided,) = lookup.equivalents(session, newer, "PE").decided
    assert (decided.equivalence.id, decided.forward, decided.earlier) == (made.id, True, True)
    assert lookup.equivalents(session, newer, "PE").suggested == []
    (back,) = lookup.equivalents(session, there, "CL").decided
    assert (back.version.id, back.forward, back.earlier) == (newer.id, False, True)
    page = lookup.compare(session, here.qualification.uuid, there.qualification.uuid)
    assert (page.a.id, [one.id for one in page.decided]) == (newer.id, [made.id])
    assert page.earlier(made)


def test_a_comparison_shows_only_what_was_decided_between_the_two(session):
    here, there = make_pair(session)
    other = make_qualification(session, "Otra", country="PE")
    decide(session, here, other)
    page = lookup.compare(session, here.qualification.uuid, there.qualification.uuid)
    assert page.decided == []
    made = decide(session, there, here)
    page = lookup.compare(session, here.qualification.uuid, there.qualification.uuid)
    assert [one.id for one in page.decided] == [made.id]
    assert not page.earlier(made)


@pytest.mark.parametrize(
    "over",
    [
        {"status": EquivalenceStatus.WITHDRAWN},
        {"valid_to": date.today() - timedelta(days=1)},
        {"valid_from": date.today() + timedelta(days=1)},
    ],
)
def test_a_decision_that_no_longer_stands_is_not_shown(session, over):
    here, there = make_pair(session)
    decide(session, here, there, **over)
    answer = lookup.equivalents(session, here, "PE")
    assert answer.decided == []
    assert [one.version.id for one in answer.suggested] == [there.id]


@pytest.mark.parametrize("country", ["CL", "XX", "", "<script>"])
def test_an_impossible_country_is_refused_with_the_possible_ones(session, country):
    here, _ = make_pair(session)
    with pytest.raises(Invalid) as refused:
        lookup.equivalents(session, here, country)
    assert "CO, MX, PE" in str(refused.value)


def test_a_comparison_pairs_outcomes_and_lists_what_is_missing(session):
    here, there = make_pair(session)
    page = lookup.compare(session, here.qualification.uuid, there.qualification.uuid)
    texts = {one.id: one.text for one in (*here.outcomes(), *there.outcomes())}
    paired = {texts[pair.b] for pair in (*page.alignment.pairs, *page.alignment.partial)}
    assert FITTER[0][1] in paired
    assert [texts[one] for one in page.alignment.missing] == [FITTER[2][1]]
    assert page.decided == []


def test_a_record_is_not_compared_with_itself(session):
    here, _ = make_pair(session)
    with pytest.raises(Invalid):
        lookup.compare(session, here.qualification.uuid, here.qualification.uuid)


def test_matching_for_programs_takes_outcomes_into_account(session):
    here, there = make_pair(session)
    make_qualification(session, "Mantenimiento de maquinaria pesada agrícola", country="PE", outcomes=())
    session.commit()
    answers = lookup.match(
        session,
        [MatchQuery("1", "mantenimiento de maquinaria pesada", outcomes=tuple(text for _, text in MECHANIC))],
        country="PE",
    )
    assert answers["1"][0].version.id == there.id
    assert answers["1"][0].features["outcomes"] > 0
    assert here.id not in [one.version.id for one in answers["1"]]


def test_frameworks_show_what_each_national_level_is_referenced_to(session):
    overview = lookup.frameworks(session)
    by_code = {one.edition.framework.code: one for one in overview.columns}
    assert set(by_code) == {"CL-MCTP", "CO-MNC", "MX-MMC", "PE-MNCP"}
    assert [(one.level.number, one.low, one.high) for one in by_code["CL-MCTP"].referencing][:2] == [
        (1, 1, 2),
        (2, 2, 3),
    ]
    edition, rows = lookup.framework(session, "CL-MCTP")
    assert len(edition.levels) == len(rows) == 5
    with pytest.raises(NotFound):
        lookup.framework(session, "XX")


def test_coverage_counts_decided_and_referenced_records_once(session):
    decided = make_qualification(session, level=3)
    make_qualification(session, "Otra", level=3)
    make_qualification(session, "Sin nivel", level=None)
    make_qualification(session, "Borrador", status=VersionStatus.DRAFT)
    make_mapping(session, decided, make_account(session), low=5, status=MappingStatus.ENDORSED)
    session.commit()
    _, rows = lookup.coverage(session)
    chile = next(one for one in rows if one.country == "CL")
    assert (chile.published, chile.decided, chile.referenced, chile.without_level) == (3, {5: 1}, {4: 1}, 1)


def test_the_awarding_body_finds_a_record_but_weighs_less_than_a_title(session):
    body = AwardingBody(country_code="PE", name="TECSUP")
    make_qualification(session, "Operaciones mineras", country="PE", awarding_body=body)
    make_qualification(session, "Tecsup en el título", country="PE")
    session.commit()
    assert titles(lookup.search(session, SearchQuery("tecsup"))) == [
        "Tecsup en el título",
        "Operaciones mineras",
    ]


def chain_of_three(session, first=Conclusion.FULL, second=Conclusion.FULL, **overrides):
    here, there = make_pair(session)
    middle = make_qualification(session, "Mecánica de equipo pesado", country="CO")
    decide(session, here, middle, first)
    decide(session, middle, there, second, **overrides)
    return here, middle, there


def test_a_way_over_a_third_country_is_shown_with_its_hops_and_is_no_decision(session):
    here, middle, there = chain_of_three(session)
    answer = lookup.equivalents(session, here, "PE")
    assert answer.decided == []
    (way,) = answer.derived
    assert (way.middle.id, way.end.id, way.relation) == (middle.id, there.id, Relation.CLOSE)
    assert [one.number for one in way.hops] == [
        f"RQF-E-{here.id}-{middle.id}",
        f"RQF-E-{middle.id}-{there.id}",
    ]
    assert there.id in {one.version.id for one in answer.suggested}
    # Read backwards, both decisions only say that the two have to do with each other.
    (back,) = lookup.equivalents(session, there, "CL").derived
    assert (back.end.id, back.relation) == (here.id, Relation.RELATED)
    decide(session, here, there)
    assert lookup.equivalents(session, here, "PE").derived == []


@pytest.mark.parametrize(
    ("first", "second", "overrides"),
    [
        (Conclusion.FULL, Conclusion.NONE, {}),
        (Conclusion.NONE, Conclusion.FULL, {}),
        (Conclusion.FULL, Conclusion.FULL, {"purpose": "further_study"}),
        (Conclusion.FULL, Conclusion.FULL, {"valid_to": date(2020, 1, 1)}),
        (Conclusion.FULL, Conclusion.FULL, {"status": EquivalenceStatus.WITHDRAWN}),
    ],
)
def test_no_way_leads_over_a_refusal_another_purpose_or_what_no_longer_holds(
    session, first, second, overrides
):
    here, _, _ = chain_of_three(session, first, second, **overrides)
    assert lookup.equivalents(session, here, "PE").derived == []
