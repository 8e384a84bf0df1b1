"""One record takes the place of another: noted, shown both ways, never in a circle."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from rqf import lookup, registry
from rqf.errors import Invalid, NotFound
from rqf.models import AuditEntry, Replacement
from rqf.rules.terms import Role
from tests import factories


@pytest.fixture
def officer(session):
    return factories.make_actor(session, Role.OFFICER, "CL")


@pytest.fixture
def chain(session, officer):
    """Three editions, each replacing the one before; their identifiers, the oldest first."""
    made = [
        factories.make_qualification(
            session, f"Mantenimiento de bombas {n}", code_system="CL-MINEDUC-ESPE", code=f"5401{n}"
        )
        for n in range(3)
    ]
    uuids = [one.qualification.uuid for one in made]
    for old, new in zip(uuids, uuids[1:], strict=False):
        registry.replace_record(session, officer, new, old)
    return uuids


def test_a_replacement_is_shown_both_ways_and_is_in_the_trail(session, officer, chain):
    middle = lookup.record(session, chain[1])
    assert [one.title for one in middle.replaces] == ["Mantenimiento de bombas 0"]
    assert [one.title for one in middle.replaced_by] == ["Mantenimiento de bombas 2"]
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.record_id) == ("qualification.replace", chain[2])
    assert entry.details["after"]["replaces"]["code"] == "54011"
    registry.end_replacement(session, officer, chain[1], chain[0])
    assert lookup.record(session, chain[1]).replaces == []
    with pytest.raises(NotFound, match="does not replace"):
        registry.end_replacement(session, officer, chain[1], chain[0])


@pytest.mark.parametrize(
    ("new", "old", "said"),
    [(0, 2, "in a circle"), (0, 1, "in a circle"), (1, 1, "itself"), (2, 1, "already")],
)
def test_circles_and_doubles_are_refused(session, officer, chain, new, old, said):
    with pytest.raises(Invalid, match=said):
        registry.replace_record(session, officer, chain[new], chain[old])
    assert len(session.scalars(select(Replacement.successor_id)).all()) == 2


def test_only_records_of_ones_own_country_are_linked(session, officer, chain):
    foreign = factories.make_qualification(
        session, "Mantenimiento de bombas 9", country="PE"
    ).qualification.uuid
    for pair in ((chain[0], foreign), (foreign, chain[0])):
        with pytest.raises(NotFound):
            registry.replace_record(session, officer, *pair)
    session.commit()
    version = registry.find_own(session, officer, chain[0])
    found = registry.could_be_linked(session, officer, version, "bombas mantenimiento")
    assert {one.title for one in found} == {"Mantenimiento de bombas 2"}
    assert [one.code for one in registry.could_be_linked(session, officer, version, " 54012 ")] == ["54012"]
