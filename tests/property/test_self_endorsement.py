"""Whatever one person or one country tries, in whatever order: they never endorse their own proposal."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from rqf import registry, review
from rqf.errors import RqfError
from rqf.models import Account, LevelMapping, RoleGrant
from rqf.people import actor_of
from rqf.rules.terms import MappingStatus, MappingStep, Role
from tests import factories

WHY = "A reason that is long enough."
ACTS = st.sampled_from(["propose", "submit", "withdraw", "open", "endorse", "return", "reject", "appeal"])


@pytest.fixture
def people(session) -> list[Account]:
    """An officer of Chile who also reviews for Peru, and a reviewer of Chile; all of Chile's interest."""
    both = factories.make_account(session)
    session.add(RoleGrant(account=both, role=Role.REVIEWER, country_code="PE"))
    colleague = factories.make_account(session, Role.REVIEWER, "CL")
    session.commit()
    session.refresh(both)
    return [both, colleague]


def act(session, who, name, uuid):
    mapping = session.scalars(
        select(LevelMapping)
        .join(LevelMapping.version)
        .where(LevelMapping.version.property.mapper.class_.qualification.has(uuid=uuid))
        .order_by(LevelMapping.id.desc())
    ).first()
    if name == "propose":
        registry.propose(session, who, uuid, 4, 4, WHY, {})
    elif mapping is None:
        return
    elif name in ("submit", "withdraw"):
        getattr(registry, name)(session, who, mapping.uuid)
    elif name == "appeal":
        registry.appeal(session, who, mapping.uuid, WHY)
    elif name == "open":
        review.open_review(session, who, mapping.uuid)
    else:
        review.decide(session, who, mapping.uuid, MappingStep(name), WHY, mapping.revision)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 1), ACTS), max_size=12))
def test_no_sequence_of_one_country_endorses_its_own_proposal(session, people, attempts):
    version = factories.make_qualification(session, "Registro propio")
    uuid = version.qualification.uuid
    for place, name in [(0, "propose"), (0, "submit"), *attempts]:
        with session.begin_nested() as step:
            try:
                act(session, actor_of(people[place]), name, uuid)
            except RqfError:
                step.rollback()
    statuses = session.scalars(select(LevelMapping.status).where(LevelMapping.version_id == version.id)).all()
    assert set(statuses) & {MappingStatus.ENDORSED, MappingStatus.REJECTED, MappingStatus.SUPERSEDED} == set()
    session.rollback()
