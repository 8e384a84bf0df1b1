"""Units of a version: shared, reused, copied before they change, found by a fuzzy search."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from rqf import registry
from rqf.errors import Invalid, NotAllowed
from rqf.models import Unit
from rqf.registry import OutcomeData, UnitData
from rqf.rules.terms import OutcomeDomain
from tests import factories
from tests.integration.test_register import described

SKILL = OutcomeData(OutcomeDomain.SKILLS, {"es": "Opera la bomba."})


@pytest.fixture
def officer(session):
    return factories.make_actor(session)


def saved(session, officer, *units: UnitData, **overrides):
    return registry.register(session, officer, described(units=units, **overrides))


def test_an_existing_unit_is_reused_as_it_is(session, officer):
    unit = factories.make_unit(session, "Bombas", outcomes=[("skills", "Opera la bomba.")])
    shown = UnitData(titles={"es": "Bombas"}, uuid=unit.uuid, outcomes=(SKILL,), source="test")
    version = saved(session, officer, shown)
    assert [link.unit_id for link in version.units] == [unit.id]


def test_a_unit_of_the_draft_alone_is_changed_in_place(session, officer):
    version = saved(session, officer, UnitData(titles={"es": "Bombas"}, outcomes=(SKILL,)))
    unit = version.units[0].unit
    data = registry.describe(version)
    changed = replace(data, units=(replace(data.units[0], titles={"es": "Bombas y válvulas"}),))
    revised = registry.revise(session, officer, version.qualification.uuid, changed)
    assert revised.units[0].unit_id == unit.id
    assert unit.title == "Bombas y válvulas"


def test_a_unit_of_a_published_version_is_copied_before_it_changes(session, officer):
    version = saved(session, officer, UnitData(titles={"es": "Bombas"}, outcomes=(SKILL,)))
    uuid, unit = version.qualification.uuid, version.units[0].unit
    registry.publish(session, officer, uuid)
    data = registry.describe(version)
    other = OutcomeData(OutcomeDomain.KNOWLEDGE, {"es": "Explica la cavitación."})
    changed = replace(data, change_note="Why", units=(replace(data.units[0], outcomes=(SKILL, other)),))
    draft = registry.revise(session, officer, uuid, changed)
    session.expire_all()
    copy = draft.units[0].unit
    assert copy.id != unit.id
    assert copy.revised_from_id == unit.id
    assert [one.text for one in copy.outcomes] == ["Opera la bomba.", "Explica la cavitación."]
    assert [one.text for one in version.units[0].unit.outcomes] == ["Opera la bomba."]


def test_a_unit_that_another_draft_shares_is_copied_too(session, officer):
    first = saved(session, officer, UnitData(titles={"es": "Bombas"}, outcomes=(SKILL,)))
    data = registry.describe(first)
    second = saved(session, officer, replace(data.units[0], titles={"es": "Bombas B"}), code="54019")
    assert first.units[0].unit.title == "Bombas"
    assert second.units[0].unit.revised_from_id == first.units[0].unit.id


def test_units_and_outcomes_are_reordered_and_removed(session, officer):
    names = ["A", "B", "C"]
    version = saved(session, officer, *(UnitData(titles={"es": name}) for name in names))
    data = registry.describe(version)
    changed = replace(data, units=(data.units[2], data.units[0]))
    registry.revise(session, officer, version.qualification.uuid, changed)
    session.expire_all()
    again = registry.find_own(session, officer, version.qualification.uuid)
    assert [link.unit.title for link in again.units] == ["C", "A"]
    assert [link.position for link in again.units] == [1, 2]


def test_outcomes_of_a_unit_are_reordered_and_removed(session, officer):
    outcomes = tuple(OutcomeData(OutcomeDomain.SKILLS, {"es": text}) for text in ("uno", "dos", "tres"))
    version = saved(session, officer, UnitData(titles={"es": "U"}, outcomes=outcomes))
    data = registry.describe(version)
    fewer = replace(data.units[0], outcomes=(outcomes[2], outcomes[0]))
    registry.revise(session, officer, version.qualification.uuid, replace(data, units=(fewer,)))
    session.expire_all()
    again = registry.find_own(session, officer, version.qualification.uuid)
    assert [one.text for one in again.outcomes()] == ["tres", "uno"]


def test_the_unit_of_another_country_cannot_be_taken(session, officer):
    unit = factories.make_unit(session, "Ajena", country="MX")
    with pytest.raises(Invalid) as refused:
        saved(session, officer, UnitData(titles={"es": "Ajena"}, uuid=unit.uuid))
    assert list(refused.value.fields) == ["units.0.titles"]


def test_a_unit_cannot_be_in_the_list_twice(session, officer):
    unit = factories.make_unit(session, "Bombas")
    twice = UnitData(titles={"es": "Bombas"}, uuid=unit.uuid, source="test")
    with pytest.raises(Invalid) as refused:
        saved(session, officer, twice, twice)
    assert "twice" in str(refused.value)


def test_units_are_found_in_spite_of_accents_order_and_typing_errors(session, officer):
    wanted = factories.make_unit(session, "Perforación y tronadura")
    factories.make_unit(session, "Mantenimiento eléctrico")
    factories.make_unit(session, "Perforación y tronadura", country="MX")
    for query in ("perforacion", "tronadura y perforación", "perforasion y tronadura"):
        found = registry.find_units(session, officer, "CL", query)
        assert [unit.id for unit in found] == [wanted.id], query


def test_units_of_another_country_are_not_searched(session, officer):
    with pytest.raises(NotAllowed):
        registry.find_units(session, officer, "MX", "perforación")


def test_nothing_typed_finds_no_unit(session, officer):
    factories.make_unit(session, "Bombas")
    assert registry.find_units(session, officer, "CL", "  ") == []
    assert session.scalar(select(func.count(Unit.id))) == 1
