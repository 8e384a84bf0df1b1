"""Equivalences: both sides decide, the region counts, dissent stands, and nobody decides their own."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from rqf import equivalences as eq
from rqf import lookup
from rqf.errors import Changed, Invalid, NotAllowed, NotFound, WrongState
from rqf.models import AuditEntry, Equivalence, EquivalenceProposal, Finding, RoleGrant, audit
from rqf.people import actor_of
from rqf.rules import quorum
from rqf.rules.terms import (
    Conclusion,
    Difference,
    Element,
    EquivalenceStatus,
    EvidenceKind,
    MappingStatus,
    MappingStep,
    Purpose,
    QualificationType,
    Reach,
    Relation,
    Role,
)
from tests import factories

WHY = "The outcomes are the same in both."
YES, NO, ASK = MappingStep.ENDORSE, MappingStep.REJECT, MappingStep.RETURN


@pytest.fixture
def officer(session):
    return factories.make_actor(session, Role.OFFICER, "CL")


@pytest.fixture
def people(session):
    """A reviewer of each country."""
    return {
        country: factories.make_actor(session, Role.REVIEWER, country) for country in ("CL", "CO", "MX", "PE")
    }


@pytest.fixture
def pair(session):
    """A Chilean and a Peruvian record."""
    one = factories.make_qualification(session, "Mantenimiento de equipos")
    other = factories.make_qualification(session, "Mantenimiento de maquinaria", country="PE")
    return one.qualification.uuid, other.qualification.uuid


def terms(**overrides):
    fields = {"conclusion": Conclusion.PARTIAL, "purpose": Purpose.EMPLOYMENT, "rationale": WHY}
    return eq.Terms(**{**fields, **overrides})


@pytest.fixture
def proposal(session, officer, pair):
    made = eq.propose(session, officer, *pair, terms())
    return eq.submit(session, officer, made.uuid)


def say(session, who, proposal, step=YES, reason=WHY):
    return eq.judge(session, who, proposal.uuid, step, reason, proposal.revision)


def test_both_sides_make_it_bilateral_and_a_third_country_regional(session, proposal, people):
    say(session, people["CL"], proposal)
    assert (proposal.status, proposal.equivalence) == (MappingStatus.IN_REVIEW, None)
    say(session, people["PE"], proposal)
    assert proposal.status == MappingStatus.ENDORSED
    number = proposal.equivalence.number
    assert eq.decision(session, number).reach == Reach.BILATERAL
    factories.regional_edition(session).quorum = 3
    say(session, people["MX"], proposal)
    found = eq.decision(session, number)
    assert found.reach == Reach.REGIONAL
    assert [(one.country, one.endorsed) for one in found.stands] == [
        ("CL", True), ("PE", True), ("CO", None), ("MX", True)
    ]  # fmt: skip
    (standing,) = lookup.decided_between(session, proposal.from_version.qualification_id)
    assert standing.number == number
    assert audit.verify(session) is None


def test_dissent_of_a_third_country_stands_and_stops_nothing(session, proposal, people):
    say(session, people["CO"], proposal, NO, "Colombia reads the outcomes otherwise.")
    for country in ("CL", "PE"):
        say(session, people[country], proposal)
    found = eq.decision(session, proposal.equivalence.number)
    assert {one.country: one.endorsed for one in found.stands}["CO"] is False
    assert "otherwise" in {one.country: one.reason for one in found.stands}["CO"]


def test_a_side_that_refuses_ends_the_proposal_and_an_appeal_needs_somebody_else(
    session, proposal, people, officer
):
    say(session, people["PE"], proposal, NO, "The hours are half of ours.")
    assert proposal.status == MappingStatus.REJECTED
    with pytest.raises(WrongState):
        say(session, people["CL"], proposal, reason="Too late for this one.")
    new = eq.appeal(session, officer, proposal.uuid, "The hours in the workplace were left out.")
    assert new.rationale.startswith("The hours in the workplace")
    with pytest.raises(WrongState, match="appeal against this decision already"):
        eq.appeal(session, officer, proposal.uuid, "Once more")
    eq.submit(session, officer, new.uuid)
    with pytest.raises(NotAllowed, match="your own refusal"):
        say(session, people["PE"], new)
    say(session, factories.make_actor(session, Role.REVIEWER, "PE"), new)


def test_a_question_voids_what_was_said_to_the_earlier_text(session, proposal, people, officer):
    say(session, people["CL"], proposal)
    say(session, people["MX"], proposal, ASK, "Which edition of the programme?")
    assert proposal.status == MappingStatus.RETURNED
    changed = eq.revise(session, officer, proposal.uuid, terms(rationale="Edition 2024."), proposal.revision)
    eq.submit(session, officer, changed.uuid)
    say(session, people["PE"], changed)
    assert changed.status == MappingStatus.IN_REVIEW
    say(session, people["CL"], changed)
    assert changed.status == MappingStatus.ENDORSED


def test_nobody_decides_their_own_speaks_twice_or_for_a_country_that_has_spoken(session, pair, people):
    both = factories.make_account(session, Role.OFFICER, "CL")
    both.roles.append(RoleGrant(role=Role.REVIEWER, country_code="CL"))
    author = actor_of(both)
    own = eq.submit(session, author, eq.propose(session, author, *pair, terms()).uuid)
    with pytest.raises(NotAllowed, match="yourself"):
        say(session, author, own)
    say(session, people["CL"], own)
    with pytest.raises(NotAllowed, match="said your word"):
        say(session, people["CL"], own)
    with pytest.raises(NotAllowed, match="Your country"):
        say(session, factories.make_actor(session, Role.REVIEWER, "CL"), own)


def test_a_person_who_reviews_for_both_sides_speaks_for_one(session, proposal, people):
    both = factories.make_account(session, Role.REVIEWER, "CL")
    both.roles.append(RoleGrant(role=Role.REVIEWER, country_code="PE"))
    actor = actor_of(both)
    say(session, actor, proposal)
    with pytest.raises(NotAllowed, match="said your word"):
        say(session, actor, proposal)
    assert proposal.status == MappingStatus.IN_REVIEW


def test_who_read_another_text_is_told(session, proposal, people):
    with pytest.raises(Changed):
        eq.judge(session, people["CL"], proposal.uuid, YES, WHY, proposal.revision + 1)
    with pytest.raises(Invalid):
        eq.judge(session, people["CL"], proposal.uuid, YES, "ok", proposal.revision)


def test_a_later_decision_takes_the_place_of_the_one_before(session, officer, pair, people, proposal):
    for country in ("CL", "PE"):
        say(session, people[country], proposal)
    first = proposal.equivalence
    again = eq.submit(
        session, officer, eq.propose(session, officer, *pair, terms(conclusion=Conclusion.FULL)).uuid
    )
    for country in ("CL", "PE"):
        say(session, people[country], again)
    assert (first.status, first.valid_to) == (EquivalenceStatus.SUPERSEDED, again.equivalence.valid_from)
    assert eq.decision(session, first.number).ending.successor.number == again.equivalence.number
    standing = session.scalars(
        select(Equivalence).where(Equivalence.status == EquivalenceStatus.ENDORSED)
    ).all()
    assert [one.number for one in standing] == [again.equivalence.number]


def test_a_side_withdraws_it_with_a_reason_and_others_cannot(session, proposal, people):
    for country in ("CL", "PE"):
        say(session, people[country], proposal)
    number = proposal.equivalence.number
    with pytest.raises(NotAllowed):
        eq.withdraw_equivalence(session, people["MX"], number, WHY)
    eq.withdraw_equivalence(session, people["PE"], number, "The law changed in November.")
    assert eq.decision(session, number).ending.reason == "The law changed in November."
    assert lookup.decided_between(session, proposal.from_version.qualification_id) == []
    with pytest.raises(WrongState):
        eq.withdraw_equivalence(session, people["PE"], number, "The law changed in November.")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"conclusion": None}, "conclusion"),
        ({"conclusion": Conclusion.UNDETERMINED}, "conclusion"),
        ({"purpose": None}, "purpose"),
        ({"rationale": "  "}, "rationale"),
        ({"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 1)}, "valid_to"),
        ({"conclusion": Conclusion.FULL, "differences": {Element.LEVEL: (Difference.SUBSTANTIAL, "two")}},
         "conclusion"),
    ],
)  # fmt: skip
def test_a_wrong_proposal_is_refused_with_what_is_wrong(session, officer, pair, wrong, field):
    with pytest.raises(Invalid) as refused:
        eq.propose(session, officer, *pair, terms(**wrong))
    assert set(refused.value.fields) == {field}


def test_a_certificate_is_never_fully_equivalent_to_a_whole_qualification(session, officer, pair):
    standard = factories.make_qualification(
        session, "Mantener", country="MX", type=QualificationType.OCCUPATIONAL_STANDARD
    )
    with pytest.raises(Invalid, match="never fully"):
        eq.propose(session, officer, pair[0], standard.qualification.uuid, terms(conclusion=Conclusion.FULL))


def test_only_an_officer_of_a_side_proposes_and_once_at_a_time(session, officer, pair):
    stranger = factories.make_actor(session, Role.OFFICER, "CO")
    with pytest.raises(NotAllowed):
        eq.propose(session, stranger, *pair, terms())
    made = eq.propose(session, officer, *pair, terms())
    with pytest.raises(WrongState, match="working on a proposal"):
        eq.propose(session, officer, *pair, terms())
    with pytest.raises(NotFound):
        eq.own_proposal(session, stranger, made.uuid)
    eq.propose(session, officer, *pair, terms(purpose=Purpose.FURTHER_STUDY))


def test_evidence_is_checked_and_readable_by_all_once_decided(session, officer, pair, people):
    made = eq.propose(session, officer, *pair, terms())
    for url in ("ftp://x.cl/a", "javascript:alert(1)", "https://", "no"):
        with pytest.raises(Invalid) as refused:
            eq.add_link(session, officer, made.uuid, EvidenceKind.STUDY, "A study", url)
        assert set(refused.value.fields) == {"link"}
    with pytest.raises(Invalid) as refused:
        eq.add_file(session, officer, made.uuid, None, "", b"MZ\x90")
    assert set(refused.value.fields) == {"kind", "title", "file"}
    eq.add_link(session, officer, made.uuid, EvidenceKind.STUDY, "A study", "https://example.cl/study")
    file = eq.add_file(session, officer, made.uuid, EvidenceKind.PROGRAMME, "Programme", b"%PDF-1.7 x")
    with pytest.raises(NotFound):
        eq.evidence_file(session, None, file.uuid)
    eq.submit(session, officer, made.uuid)
    with pytest.raises(WrongState):
        eq.remove_evidence(session, officer, made.uuid, file.uuid)
    assert eq.evidence_file(session, people["MX"], file.uuid).content == b"%PDF-1.7 x"
    for country in ("CL", "PE"):
        say(session, people[country], made)
    assert eq.evidence_file(session, None, file.uuid).media_type == "application/pdf"


def test_the_queue_shows_first_what_waits_for_ones_own_country(session, officer, pair, people, proposal):
    other = factories.make_actor(session, Role.OFFICER, "CO")
    a = factories.make_qualification(session, "Uno", country="CO").qualification.uuid
    b = factories.make_qualification(session, "Dos", country="MX").qualification.uuid
    later = eq.submit(session, other, eq.propose(session, other, a, b, terms()).uuid)
    found = eq.queue(session, people["MX"])
    assert ([one.uuid for one in found.items], found.total, found.own) == ([later.uuid, proposal.uuid], 2, 1)
    say(session, people["MX"], later)
    assert [one.uuid for one in eq.queue(session, people["MX"]).items] == [proposal.uuid]


def test_a_decision_is_watched_for_contradictions(session, officer, pair, people):
    author = officer.account
    for uuid, level in zip(pair, (3, 6), strict=True):
        version = lookup.find(session, uuid)
        factories.make_mapping(session, version, author, low=level, status=MappingStatus.ENDORSED)
    made = eq.submit(
        session, officer, eq.propose(session, officer, *pair, terms(conclusion=Conclusion.FULL)).uuid
    )
    for country in ("CL", "PE"):
        say(session, people[country], made)
    assert [one.kind.value for one in session.scalars(select(Finding))].count("levels_apart") == 1


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    words=st.dictionaries(st.sampled_from(["CL", "CO", "MX", "PE"]), st.booleans()),
    number=st.none() | st.integers(2, 4),
)
def test_no_others_ever_stand_in_for_a_side(words, number):
    found = quorum.reach(("CL", "PE"), words, number)
    if found != Reach.OPEN:
        assert words["CL"]
        assert words["PE"]
    if found == Reach.REGIONAL:
        assert sum(words.values()) >= number


def test_the_trail_keeps_who_said_what(session, proposal, people):
    say(session, people["CL"], proposal)
    actions = session.scalars(
        select(AuditEntry.action).where(AuditEntry.record_id == proposal.uuid).order_by(AuditEntry.id)
    ).all()
    assert actions == ["equivalence.propose", "equivalence.submit", "equivalence.endorse"]
    assert session.scalars(select(EquivalenceProposal)).one().said == {"CL": True}


OURS = (
    ("skills", "Diagnostica fallas hidráulicas."),
    ("skills", "Suelda placas de acero."),
    ("knowledge", "Lee planos."),
)
THEIRS = (
    ("skills", "Diagnostica fallas hidráulicas de equipos."),
    ("skills", "Pinta muros."),
    ("knowledge", "Interpreta esquemas."),
)


@pytest.fixture
def two(session, officer):
    """A draft between two records with outcomes; the second version is older, so that the pair is turned."""
    other = factories.make_qualification(
        session, "Mantenimiento de maquinaria", country="PE", outcomes=THEIRS
    )
    one = factories.make_qualification(session, "Mantenimiento de equipos", outcomes=OURS)
    made = eq.propose(session, officer, one.qualification.uuid, other.qualification.uuid, terms())
    ours, theirs = ([outcome.id for outcome in version.outcomes()] for version in (one, other))
    return made, ours, theirs


def aligned(session, officer, made):
    return eq.outcomes_side_by_side(session, officer, made.uuid)[1]


def test_coverage_follows_the_pairs_as_they_are_judged(session, officer, two):
    made, ours, theirs = two
    start = made.coverage
    eq.judge_pair(session, officer, made.uuid, ours[1], theirs[1], Relation.EXACT)
    assert made.coverage > start
    page = aligned(session, officer, made)
    pair = next(one for one in page.alignment.pairs if one.a == ours[1])
    assert (pair.b, pair.judged, page.judged[ours[1], theirs[1]].relation) == (
        theirs[1],
        True,
        Relation.EXACT,
    )
    eq.judge_pair(session, officer, made.uuid, ours[1], theirs[1], None)
    assert made.coverage == start


def test_a_refused_pair_is_remembered_with_its_reason_and_never_suggested_again(session, officer, two):
    made, ours, theirs = two
    assert any(
        (one.a, one.b) == (ours[0], theirs[0]) for one in aligned(session, officer, made).alignment.pairs
    )
    with pytest.raises(Invalid):
        eq.judge_pair(session, officer, made.uuid, ours[0], theirs[0], Relation.REFUSED, "no")
    eq.judge_pair(session, officer, made.uuid, ours[0], theirs[0], Relation.REFUSED, "One is for pumps only.")
    page = aligned(session, officer, made)
    told = {(one.a, one.b) for one in (*page.alignment.pairs, *page.alignment.partial)}
    assert (ours[0], theirs[0]) not in told
    assert page.judged[ours[0], theirs[0]].reason == "One is for pumps only."
    a, b = made.from_version.qualification.uuid, made.to_version.qualification.uuid
    back = lookup.compare(session, b, a, with_judged=True)
    assert back.judged[theirs[0], ours[0]].relation == Relation.REFUSED


def test_a_relation_reads_the_other_way_from_the_other_side(session, officer, two):
    made, ours, theirs = two
    eq.judge_pair(session, officer, made.uuid, ours[0], theirs[0], Relation.NARROW)
    a, b = made.from_version.qualification.uuid, made.to_version.qualification.uuid
    assert (
        lookup.compare(session, a, b, with_judged=True).judged[ours[0], theirs[0]].relation == Relation.NARROW
    )
    assert (
        lookup.compare(session, b, a, with_judged=True).judged[theirs[0], ours[0]].relation == Relation.BROAD
    )


def test_an_outcome_without_a_counterpart_is_left_alone(session, officer, two):
    made, ours, theirs = two
    eq.judge_pair(session, officer, made.uuid, None, theirs[0], Relation.NONE)
    page = aligned(session, officer, made)
    assert theirs[0] in page.alignment.missing
    with pytest.raises(Invalid):
        eq.judge_pair(session, officer, made.uuid, ours[0], theirs[0], Relation.NONE)
    with pytest.raises(Invalid):
        eq.judge_pair(session, officer, made.uuid, theirs[0], ours[0], Relation.EXACT)


def test_judged_pairs_are_public_only_once_both_sides_decided(session, officer, two, people):
    made, ours, theirs = two
    eq.judge_pair(session, officer, made.uuid, ours[2], theirs[2], Relation.CLOSE)
    a, b = made.from_version.qualification.uuid, made.to_version.qualification.uuid
    assert lookup.compare(session, a, b).judged == {}
    eq.submit(session, officer, made.uuid)
    with pytest.raises(WrongState):
        eq.judge_pair(session, officer, made.uuid, ours[2], theirs[2], Relation.EXACT)
    for country in ("CL", "PE"):
        say(session, people[country], made)
    page = lookup.compare(session, a, b)
    assert page.judged[ours[2], theirs[2]].relation == Relation.CLOSE
    assert round(page.alignment.coverage_a_of_b, 1) == made.equivalence.coverage
