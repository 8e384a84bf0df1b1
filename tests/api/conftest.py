"""What the tests of the API share: programs with and without a key, and a few public records."""

from __future__ import annotations

import pytest

from rqf import people
from rqf.rules.terms import Role
from tests import factories

PUMPS = (
    ("knowledge", "Explica el funcionamiento de bombas centrífugas."),
    ("skills", "Reemplaza sellos y rodamientos de bombas."),
    ("application", "Bloquea la energía antes de intervenir el equipo."),
)


@pytest.fixture
def key(session):
    """``key(role, country)`` gives the header of a program that acts for such a person."""

    def make(role: Role = Role.OFFICER, country: str | None = "CL") -> dict[str, str]:
        account = factories.make_account(session, role, country)
        made = people.add_key(session, "test", account.email, "test")
        session.commit()
        return {"Authorization": f"Bearer {made}"}

    return make


@pytest.fixture
def pumps(session):
    """The same trade in Chile and in Mexico, published, and a draft that nobody may see."""
    here = factories.make_qualification(
        session, "Mantenimiento de bombas", outcomes=PUMPS, code_system="CL-MINEDUC-ESPE", code="54018"
    )
    there = factories.make_qualification(
        session, "Mantenimiento de bombas de proceso", country="MX", outcomes=PUMPS[:2],
        code_system="MX-CONOCER-EC", code="EC0311",
    )  # fmt: skip
    draft = factories.make_qualification(
        session, "Mantenimiento de bombas, borrador", status="draft", published_at=None
    )
    session.commit()
    return here, there, draft
