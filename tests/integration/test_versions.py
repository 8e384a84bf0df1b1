"""The versions of a record: what changed between two, and what held on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rqf import lookup, registry
from rqf.errors import Invalid, NotFound
from rqf.models.tables import now
from rqf.registry import OutcomeData, OwnFilter, UnitData
from rqf.rules.differences import Kind
from rqf.rules.terms import OutcomeDomain, Role, VersionStatus
from tests import factories

OUTCOMES = (("skills", "Opera la bomba manual."), ("knowledge", "Explica el ciclo del agua."))


@pytest.fixture
def officer(session):
    return factories.make_actor(session, Role.OFFICER, "CL")


@pytest.fixture
def first(session):
    """A published version of the year 2024, with one unit."""
    return factories.make_qualification(
        session, "Mantenimiento de bombas", outcomes=OUTCOMES,
        published_at=datetime(2024, 3, 5, 23, 30, tzinfo=UTC),
    )  # fmt: skip


def revised(session, officer, version, **overrides):
    """Revise and publish; return the new version."""
    uuid = version.qualification.uuid
    data = replace(registry.describe(version), change_note="Decreto 7 de 2026", **overrides)
    registry.revise(session, officer, uuid, data)
    return registry.publish(session, officer, uuid)


def test_fields_units_and_outcomes_are_compared(session, officer, first):
    (unit,) = registry.describe(first).units
    changed = replace(
        unit,
        outcomes=(
            OutcomeData(OutcomeDomain.SKILLS, {"es": "Opera y limpia la bomba manual."}, "es"),
            OutcomeData(OutcomeDomain.SKILLS, {"es": "Redacta informes."}, "es"),
        ),
    )
    added = UnitData(titles={"es": "Seguridad"}, original_language="es")
    second = revised(session, officer, first, units=(added, changed), legal_act="Decreto 7", level=3)
    third = revised(session, officer, second, units=(registry.describe(second).units[1],))
    uuid = first.qualification.uuid
    found = lookup.difference(session, uuid, 1, 2).changes
    assert {one.field: (one.before, one.after) for one in found.fields} == {
        "level": (4, 3), "legal_act": (None, "Decreto 7"),
    }  # fmt: skip
    assert [one.kind for one in found.units] == [Kind.ADDED, Kind.CHANGED]
    outcomes = found.units[1].outcomes
    assert [one.kind for one in outcomes] == [Kind.CHANGED, Kind.REMOVED, Kind.ADDED]
    assert [one.text for one in outcomes[0].fields[0].pieces if one.kind == Kind.ADDED] == ["y limpia "]
    # The unit was copied before it was changed, and is known as the same one also two versions later.
    across = lookup.difference(session, uuid, 1, third.number).changes
    assert [one.kind for one in across.units] == [Kind.CHANGED]
    assert [one.kind for one in lookup.difference(session, uuid, 3, 2).changes.units] == [Kind.ADDED]
    assert not lookup.difference(session, uuid, 2, 2).changes


def test_the_history_says_who_when_and_why_and_shows_no_draft(session, officer, first):
    second = revised(session, officer, first, source="Diario Oficial")
    registry.revise(
        session, officer, first.qualification.uuid, replace(registry.describe(second), change_note="Luego")
    )
    found = lookup.history(session, first.qualification.uuid)
    assert [(one.number, one.status) for one in found.versions] == [
        (2, VersionStatus.PUBLISHED), (1, VersionStatus.SUPERSEDED),
    ]  # fmt: skip
    assert found.versions[0].author is officer.account
    assert found.versions[0].change_note == "Decreto 7 de 2026"
    for number in (3, 99, 10**30):
        with pytest.raises(NotFound, match="no public version"):
            lookup.public_version(session, first.qualification.uuid, number)


def test_the_record_as_of_a_day(session, officer, first):
    uuid = first.qualification.uuid
    second = revised(session, officer, first, source="Diario Oficial")
    today = second.published_at.date()
    before = lookup.as_of(session, uuid, date(2024, 3, 4))
    assert (before.version, before.first) == (None, date(2024, 3, 5))
    assert lookup.as_of(session, uuid, date(2024, 3, 5)).version.number == 1
    assert lookup.as_of(session, uuid, today - timedelta(days=1)).version.number == 1
    assert lookup.as_of(session, uuid, today).version.number == 2
    with pytest.raises(Invalid, match="in the future"):
        lookup.as_of(session, uuid, now().date() + timedelta(days=1))
    plan = registry.plan_retirement(session, officer, OwnFilter(), uuid)
    registry.retire(session, officer, OwnFilter(), "Decreto 12", plan.seen, uuid)
    assert lookup.as_of(session, uuid, today).left == now().date()
    assert lookup.as_of(session, uuid, today - timedelta(days=1)).left is None
    registry.reinstate(session, officer, uuid, "El decreto fue anulado.")
    assert lookup.as_of(session, uuid, now().date()).left is None


def test_a_record_that_came_in_retired_has_no_day_of_leaving(session):
    there = factories.make_qualification(session, status=VersionStatus.RETIRED)
    held = lookup.as_of(session, there.qualification.uuid, now().date())
    assert (held.left, held.since_unknown) == (None, True)
