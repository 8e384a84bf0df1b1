"""Two officers of one ministry save the same record: the second merges both texts, also on a phone."""

from __future__ import annotations

import re

from sqlalchemy import select

from rqf import people, registry
from rqf.models import Account
from rqf.models.database import Database
from rqf.people import actor_of
from rqf.registry import OutcomeData, QualificationData, UnitData
from rqf.rules.terms import OutcomeDomain, QualificationType, Role
from tests.browser.conftest import PASSWORD

RECORD = re.compile(r"/officer/qualifications/[0-9a-f-]{36}$")
COLLEAGUE = "colega.cl@demo.example"


def prepare(url: str) -> str:
    """Register a draft of Chile and a second officer; return the record's identifier."""
    database = Database(url)
    with database.transaction() as session:
        people.add_account(
            session, "test", email=COLLEAGUE, name="Colega de prueba", password=PASSWORD,
            roles=[(Role.OFFICER, "CL")],
        )  # fmt: skip
        first = session.scalars(select(Account).where(Account.email == "oficial.cl@demo.example")).one()
        said = QualificationData(
            country="CL", type=QualificationType.QUALIFICATION, original_language="es",
            titles={"es": "Mantenimiento de espesadores"}, legal_act="Decreto 452", source="Plan publicado",
            units=(UnitData(titles={"es": "Operación del espesador"}, outcomes=(
                OutcomeData(OutcomeDomain.SKILLS, {"es": "Regula el caudal de entrada del espesador."}),
            )),),
        )  # fmt: skip
        uuid = registry.register(session, actor_of(first), said).qualification.uuid
    database.close()
    return uuid


def test_two_officers_collide_and_nothing_is_lost(desk, site_database_url):
    uuid = prepare(site_database_url)
    first, second = desk(), desk(390)
    for person, email in ((first, "oficial.cl@demo.example"), (second, COLLEAGUE)):
        person.sign_in(email)
        person.page.goto(f"{person.site}/officer/qualifications/{uuid}/edit")
    first.page.locator("#legal_act").fill("Decreto 452 de 2013")
    first.page.locator("#entitlements").fill("Permite continuar estudios técnicos.")
    first.page.locator('button[value="save"]').last.click()
    first.page.wait_for_url(RECORD)

    page = second.page
    page.locator("#legal_act").fill("Decreto 452, modificado en 2020")
    page.locator("#units-0-outcomes-0-text").fill("Regula el caudal y la densidad del espesador.")
    page.locator('button[value="save"]').last.click()
    page.wait_for_selector("fieldset.collision")
    second.check()
    assert "Permite continuar estudios técnicos." in page.locator("main").inner_text()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_selector(".govuk-error-summary")
    second.check()
    page.locator("#own-0").check()
    page.locator("#text-0").fill("Decreto 452 de 2013, modificado en 2020")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(RECORD)
    text = page.locator("main").inner_text()
    for said in ("Decreto 452 de 2013, modificado en 2020", "Permite continuar estudios técnicos."):
        assert said in text
    assert "Regula el caudal y la densidad del espesador." in page.content()
