"""The pages about versions: list, one version, difference, the record as of a day."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest

from rqf import registry
from tests import factories

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def twice(session):
    """A record in its second version; its address."""
    officer = factories.make_actor(session)
    first = factories.make_qualification(
        session,
        "Bombas",
        outcomes=[("skills", "Opera la bomba.")],
        code_system="CL-MINEDUC-ESPE",
        code="54018",
    )
    uuid = first.qualification.uuid
    said = registry.describe(first)
    registry.revise(
        session, officer, uuid,
        replace(said, entry_requirements=HOSTILE, change_note="Decreto 7", sector="electricity"),
    )  # fmt: skip
    registry.publish(session, officer, uuid)
    session.commit()
    return f"/qualifications/{uuid}"


def test_the_record_leads_to_its_versions_and_their_difference(client, twice):
    assert f'href="{twice}/versions"' in client.get(twice).text
    page = client.get(f"{twice}/versions").text
    assert "Decreto 7" in page
    assert "2 versions" in page
    assert f"{twice}/difference?from=1&amp;to=2" in page
    said = html.unescape(client.get(f"{twice}/difference?from=1&to=2").text)
    assert "[added:" in said
    assert "Electricity" in said
    assert HOSTILE not in client.get(f"{twice}/difference?from=1&to=2").text
    assert "say the same" in client.get(f"{twice}/difference?from=2&to=2").text


def test_one_version_keeps_its_address(client, twice):
    assert "no longer in force" in client.get(f"{twice}/versions/1").text
    assert "no longer in force" not in client.get(f"{twice}/versions/2").text
    assert client.get(f"{twice}/versions/3").status_code == 404
    assert client.get("/qualifications/54018/versions/1").location == f"{twice}/versions/1"
    assert client.get("/qualifications/54018/versions").location == f"{twice}/versions"


def test_the_record_as_of_a_day_says_honestly_what_is_not_known(client, twice):
    early = client.get(f"{twice}?as_of=1999-01-01")
    assert early.status_code == 404
    assert "On 1999-01-01 this record was not yet published here." in early.text
    for wrong, said in (("soon", "is not a date"), ("2999-01-01", "in the future")):
        answer = client.get(f"{twice}?as_of={wrong}")
        assert answer.status_code == 422
        assert said in answer.text


@pytest.mark.parametrize("query", ["", "from=1", "from=x&to=2", "from=0&to=2", "from=9999999999&to=1"])
def test_a_difference_needs_two_numbers(client, twice, query):
    assert client.get(f"{twice}/difference?{query}").status_code == 422
