"""The consistency watch: found around a change, proved, made once, closed with its cause, settled."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from sqlalchemy import select

from rqf import consistency, registry, review
from rqf.consistency.watch import title_family
from rqf.errors import Changed, Invalid, NotAllowed, NotFound, WrongState
from rqf.models import AuditEntry, Equivalence, Finding, LevelMapping, Referencing
from rqf.rules.terms import (
    Conclusion,
    EquivalenceStatus,
    FindingKind,
    FindingStatus,
    MappingStatus,
    MappingStep,
    ReferencingStatus,
    Role,
    VersionStatus,
)
from tests import factories

WHY = "Both countries have looked at it and stand by it."
_numbers = itertools.count(1)


@pytest.fixture
def author(session):
    return factories.make_account(session)


@pytest.fixture
def secretariat(session):
    return factories.make_actor(session, Role.SECRETARIAT)


@pytest.fixture
def place(session, author):
    """``place("Soldador", "CL", 4)`` makes a version without a national level, endorsed at a regional one."""

    def make(title, country, level, **overrides):
        version = factories.make_qualification(session, title, country=country, level=None, **overrides)
        mapping = factories.make_mapping(session, version, author, low=level, status=MappingStatus.ENDORSED)
        return version, mapping

    return make


def equate(session, one, other, conclusion=Conclusion.FULL, purpose="work") -> Equivalence:
    found = Equivalence(
        number=f"RQF-E-2026-{next(_numbers):06}", from_version=one, to_version=other, conclusion=conclusion,
        status=EquivalenceStatus.ENDORSED, purpose=purpose, rationale="Compared.",
    )  # fmt: skip
    session.add(found)
    session.flush()
    return found


def all_of(session) -> list[Finding]:
    return list(session.scalars(select(Finding).order_by(Finding.id)))


def sweep(session):
    """Look through the register in small steps."""
    last, opened, closed = 0, 0, 0
    while last is not None:
        step = consistency.sweep(session, last, stretch=2)
        last, opened, closed = step.last, opened + step.opened, closed + step.closed
    return opened, closed


def test_a_register_without_decisions_has_no_findings(session):
    factories.make_qualification(session)
    assert sweep(session) == (0, 0)


def test_equivalences_that_contradict_each_other_are_found_with_their_path(session):
    a, b, c = (factories.make_qualification(session, f"T{n}", country=n) for n in ("CL", "CO", "MX"))
    sides = equate(session, a, b), equate(session, c, b), equate(session, a, c, Conclusion.NONE)
    assert consistency.watch(session, [b.qualification_id]).opened == 1
    (found,) = all_of(session)
    assert found.kind == FindingKind.TRIANGLE
    assert {step["number"] for step in found.path} == {one.number for one in sides}
    assert found.path[-1]["conclusion"] == "none"
    assert {one.version_id for one in found.versions} == {a.id, b.id, c.id}
    assert sweep(session) == (0, 0)


def test_equivalent_qualifications_far_apart_are_found(session, place):
    (a, low), (b, high) = place("Soldadura", "CL", 3), place("Montaje", "PE", 5)
    (c, _), (d, _) = place("Gasfitería", "CL", 4), place("Tuberías", "PE", 5)
    equate(session, a, b)
    equate(session, c, d)
    assert sweep(session) == (1, 0)
    (found,) = all_of(session)
    assert found.kind == FindingKind.LEVELS_APART
    assert [step["number"] for step in found.path if step["kind"] == "mapping"] == [low.number, high.number]


def test_a_title_at_levels_far_apart_is_found_whatever_its_order_or_gender(session, place):
    place("Operador de grúas", "CL", 3)
    place("Operadora de grúa", "PE", 5)
    place("Operador de grúas horquilla", "CO", 7)
    assert sweep(session) == (1, 0)
    (found,) = all_of(session)
    assert (found.kind, [step["low"] for step in found.path]) == (FindingKind.TITLE_DRIFT, [3, 5])


def test_a_title_far_apart_in_one_country_alone_is_no_drift(session, place):
    place("Operador de grúas", "CL", 3)
    place("Operador de grúas", "CL", 5)
    assert sweep(session) == (0, 0)


def test_titles_are_of_one_family_by_their_words():
    assert title_family("Soldador/a de tuberías", "es") == title_family("Soldadora de tubería", "es")
    assert title_family("Soldador nivel 1", "es") != title_family("Soldador nivel 2", "es")
    assert title_family("", "es") is None


def test_a_level_outside_the_referenced_range_is_found(session, author):
    version = factories.make_qualification(session, level=4)
    mapping = factories.make_mapping(session, version, author, low=7, status=MappingStatus.ENDORSED)
    assert sweep(session) == (1, 0)
    (found,) = all_of(session)
    assert found.kind == FindingKind.OUTSIDE_REFERENCING
    assert found.path[0]["rationale"] == mapping.rationale
    assert (found.path[1]["level"], found.path[1]["low"], found.path[1]["high"]) == (4, 4, 5)
    for row in session.scalars(select(Referencing).where(Referencing.level_id == version.level_id)):
        row.status = ReferencingStatus.WITHDRAWN
    assert sweep(session) == (0, 1)
    assert found.status == FindingStatus.CLOSED


def test_a_decision_on_a_replaced_version_is_found_by_the_publication_and_closed_by_the_next_decision(
    session,
):
    officer = factories.make_actor(session)
    version = factories.make_qualification(session, level=None)
    mapping = factories.make_mapping(session, version, officer.account, status=MappingStatus.ENDORSED)
    ahead = consistency.before_publication(session, version.qualification_id)
    assert ([one.id for one in ahead.mappings], ahead.equivalences) == ([mapping.id], 0)
    data = replace(registry.describe(version), change_note="Why")
    registry.revise(session, officer, version.qualification.uuid, data, version.revision)
    newest = registry.publish(session, officer, version.qualification.uuid)
    assert version.status == VersionStatus.SUPERSEDED
    (found,) = all_of(session)
    assert (found.kind, found.status) == (FindingKind.OLD_VERSION, FindingStatus.OPEN)
    assert found.path[0]["number"] == mapping.number
    fresh = factories.make_mapping(session, newest, officer.account)
    reviewer = factories.make_actor(session, Role.REVIEWER, "PE")
    review.decide(session, reviewer, fresh.uuid, MappingStep.ENDORSE, WHY, fresh.revision)
    assert found.status == FindingStatus.CLOSED


def test_an_endorsement_finds_what_it_contradicts_and_the_other_one_may_repair_it(session, place):
    a, _ = place("Soldadura", "CL", 3)
    officer = factories.make_actor(session, Role.OFFICER, "PE")
    b = factories.make_qualification(session, "Montaje", country="PE", level=None)
    equate(session, a, b)
    reviewer = factories.make_actor(session, Role.REVIEWER, "MX")
    for low, open_ones in ((6, 1), (4, 0)):
        mapping = factories.make_mapping(session, b, officer.account, low=low)
        review.decide(session, reviewer, mapping.uuid, MappingStep.ENDORSE, WHY, mapping.revision)
        assert sum(consistency.count_open(session).values()) == open_ones
    (found,) = all_of(session)
    assert found.status == FindingStatus.CLOSED


def test_what_was_settled_stays_so_until_other_decisions_prove_it(session, place, author, secretariat):
    (a, _), (b, mapping) = place("Soldadura", "CL", 3), place("Montaje", "PE", 5)
    equate(session, a, b)
    sweep(session)
    (found,) = all_of(session)
    consistency.settle(session, secretariat, found.uuid, WHY, found.proof)
    assert (found.status, found.reason, found.settled_by) == (FindingStatus.SETTLED, WHY, secretariat.account)
    assert sweep(session) == (0, 0)
    assert found.status == FindingStatus.SETTLED
    mapping.status = MappingStatus.SUPERSEDED
    session.flush()
    factories.make_mapping(session, b, author, low=6, status=MappingStatus.ENDORSED)
    assert sweep(session) == (1, 0)
    assert (found.status, found.reason) == (FindingStatus.OPEN, None)
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.record_type == "finding")).all()
    assert actions == ["finding.settle"]


def test_settling_is_refused_where_it_must_be(session, place, secretariat):
    (a, mapping), (b, _) = place("Soldadura", "CL", 3), place("Montaje", "PE", 5)
    equate(session, a, b)
    sweep(session)
    (found,) = all_of(session)
    officer = factories.make_actor(session)
    for attempt, error in (
        (lambda: consistency.settle(session, officer, found.uuid, WHY, found.proof), NotAllowed),
        (lambda: consistency.list_findings(session, officer), NotAllowed),
        (lambda: consistency.find_finding(session, officer, found.uuid), NotAllowed),
        (lambda: consistency.settle(session, secretariat, "nothing", WHY, found.proof), NotFound),
        (lambda: consistency.settle(session, secretariat, found.uuid, "ok", found.proof), Invalid),
        (lambda: consistency.settle(session, secretariat, found.uuid, WHY + "\x07", found.proof), Invalid),
        (lambda: consistency.settle(session, secretariat, found.uuid, "x" * 10_001, found.proof), Invalid),
        (lambda: consistency.settle(session, secretariat, found.uuid, WHY, "m1 m2"), Changed),
        (lambda: consistency.reopen(session, secretariat, found.uuid), WrongState),
    ):
        with pytest.raises(error):
            attempt()
    consistency.settle(session, secretariat, found.uuid, WHY, found.proof)
    with pytest.raises(Changed):
        consistency.settle(session, secretariat, found.uuid, WHY, found.proof)
    consistency.reopen(session, secretariat, found.uuid)
    assert (found.status, found.settled_by) == (FindingStatus.OPEN, None)
    mapping.status = MappingStatus.SUPERSEDED
    sweep(session)
    with pytest.raises(WrongState):
        consistency.settle(session, secretariat, found.uuid, WHY, found.proof)


def test_findings_are_listed_by_state_kind_and_country_and_page_by_page(session, place, secretariat):
    for number in range(5):
        (a, _), (b, _) = place(f"Uno {number}", "CL", 3), place(f"Otro {number}", "PE", 5)
        equate(session, a, b)
    sweep(session)
    page = consistency.list_findings(session, secretariat, limit=3)
    rest = consistency.list_findings(session, secretariat, limit=3, before=page.older)
    assert (len(page.items), len(rest.items), rest.older) == (3, 2, None)
    assert not {one.id for one in page.items} & {one.id for one in rest.items}
    for asked, count in (
        ({"country": "PE"}, 5), ({"country": "MX"}, 0), ({"kind": FindingKind.TRIANGLE}, 0),
        ({"kind": FindingKind.LEVELS_APART}, 5), ({"status": FindingStatus.CLOSED}, 0),
        ({"before": 10**30}, 5),
    ):  # fmt: skip
        assert len(consistency.list_findings(session, secretariat, **asked).items) == count


def test_knowing_the_family_is_no_new_revision_of_the_mapping(session, place):
    _, mapping = place("Soldadura", "CL", 3)
    before = mapping.revision
    sweep(session)
    session.expire_all()
    found = session.get(LevelMapping, mapping.id)
    assert (found.revision, found.title_family) == (before, title_family("Soldadura", "es"))
