"""Retiring records on the officer's desk."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from rqf.models import QualificationVersion
from rqf.rules.terms import QualificationType, Role, VersionStatus
from tests import factories

ADDRESS = "/officer/retire?type=occupational_standard"


@pytest.fixture
def officer(session, sign_in):
    account = factories.make_account(session, Role.OFFICER, "CL")
    for n in range(2):
        factories.make_qualification(session, f"Oficio {n}", type=QualificationType.OCCUPATIONAL_STANDARD)
    sign_in(account)
    return account


def seen(client, address) -> str:
    return client.get(address).text.split('name="seen"')[1].split('value="')[1].split('"')[0]


def statuses(database) -> set[VersionStatus]:
    with database.read() as session:
        return set(session.scalars(select(QualificationVersion.status)))


def test_records_of_a_filter_are_retired_with_a_legal_act(client, officer, post, database):
    assert "Retire those of them in force" in client.get("/officer/?type=occupational_standard").text
    page = client.get(ADDRESS).text
    for words in ("Take 2 records out of force", "Oficio 0", "0 level mappings", "0 statements"):
        assert words in page
    refused = post(ADDRESS, seen=seen(client, ADDRESS), reason="")
    assert refused.status_code == 422
    assert "Name the legal act" in refused.text
    late = post(ADDRESS, seen="something else", reason="Decreto 12")
    assert late.status_code == 409
    assert "Decreto 12" in late.text
    assert statuses(database) == {VersionStatus.PUBLISHED}
    assert post(ADDRESS, seen=seen(client, ADDRESS), reason="Decreto 12").status_code == 303
    assert statuses(database) == {VersionStatus.RETIRED}
    assert "None of these records is in force" in client.get(ADDRESS).text


def test_one_record_goes_and_comes_back(client, session, officer, post, database):
    with database.read() as reader:
        uuid = reader.scalars(select(QualificationVersion)).first().qualification.uuid
    assert f"/officer/retire?record={uuid}" in client.get(f"/officer/qualifications/{uuid}").text
    address = f"/officer/retire?record={uuid}"
    assert post(address, seen=seen(client, address), reason="Decreto 12").status_code == 303
    assert "retired" in client.get(f"/qualifications/{uuid}").text
    assert "Propose a level" not in client.get(f"/officer/qualifications/{uuid}").text
    back = f"/officer/qualifications/{uuid}/reinstate"
    assert back in client.get(f"/officer/qualifications/{uuid}").text
    assert post(back, reason="").status_code == 422
    assert post(back, reason="The decree was annulled.").status_code == 303
    assert statuses(database) == {VersionStatus.PUBLISHED}


def test_the_end_of_records_is_announced_and_they_are_expiring(client, officer, post):
    def announce(**fields):
        return post(ADDRESS, seen=seen(client, ADDRESS), how="later", reason="Decreto 12", **fields)

    for wrong, said in (
        ({}, "Name the day of the last enrolment or of the last award."),
        ({"last_award": "31/12/2030"}, "“31/12/2030” is not a date"),
        ({"last_enrolment": "2031-01-01", "last_award": "2030-01-01"}, "lies before the last enrolment"),
    ):
        refused = announce(**wrong)
        assert refused.status_code == 422
        assert said in refused.text
    assert "2 records" not in client.get("/officer/?status=expiring").text
    assert announce(last_enrolment="2029-03-01", last_award="2031-12-31").status_code == 303
    page = client.get("/officer/?status=expiring").text
    assert "2 records" in page
    assert '<span class="tag tag--attention">expiring</span>' in page


def test_what_a_filter_retired_is_put_back_as_a_whole(client, officer, post, database):
    assert post(ADDRESS, seen=seen(client, ADDRESS), reason="Decreto 12").status_code == 303
    address = "/officer/reinstate?status=retired"
    assert address in client.get("/officer/?status=retired").text
    assert "Put 2 records back into force" in client.get(address).text
    assert post(address, seen=seen(client, address), reason="").status_code == 422
    assert post(address, seen="another", reason="By mistake").status_code == 409
    assert statuses(database) == {VersionStatus.RETIRED}
    assert post(address, seen=seen(client, address), reason="By mistake").status_code == 303
    assert statuses(database) == {VersionStatus.PUBLISHED}
    assert "None of these records is retired" in client.get(address).text
