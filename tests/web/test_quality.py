"""The quality of records on the desks, for whom it is meant, and what one sees as a file."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest
from sqlalchemy import update

from rqf import registry
from rqf.models import QualityTally
from rqf.people import actor_of
from rqf.registry.description import QualificationData
from rqf.rules.terms import MappingStatus, QualificationType, Role
from tests import factories


@pytest.fixture
def author(session):
    """An officer with two records, of which one has no level."""
    account = factories.make_account(session)
    for title, level in (("Operación de bombas", 3), ("Operación de molinos", None)):
        data = QualificationData(
            "CL", QualificationType.QUALIFICATION, {"es": title}, "es", framework="CL-MCTP", level=level
        )
        registry.register(session, actor_of(account), data)
    session.commit()
    return account


@pytest.fixture
def officer(author, sign_in):
    """The same, signed in."""
    sign_in(author)
    return author


def rows(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def public_record(session, title: str = "Minería del cobre", country: str = "CL"):
    return factories.make_qualification(session, title, country=country, code=None)


def test_an_officer_sees_the_spread_and_what_to_fix_with_links_to_those_records(client, officer):
    page = client.get("/officer/quality").text
    assert "What to fix first" in page
    assert page.count('role="img"') == page.count("The same as a table") == 1
    assert "The trend begins this month." in page
    link = re.search(r'href="(/officer/\?missing=level)">\s*1 record', page)
    assert link
    listed = client.get(link[1]).text
    assert "Operación de molinos" in listed
    assert "Operación de bombas" not in listed
    assert "Only records to fix: national level." in listed


def test_the_trend_is_drawn_and_told_once_there_are_two_months(client, session, officer):
    session.execute(update(QualityTally).values(month="2024-01"))
    session.commit()
    page = client.get("/officer/quality").text
    assert page.count('role="img"') == page.count("The same as a table") == 2
    assert re.search(r"From \d+\.\d on average in \d{4}-\d\d to \d+\.\d now\.", page)


def test_an_empty_register_offers_the_first_step(client, session, sign_in):
    sign_in(factories.make_account(session))
    assert "No record has a score yet" in client.get("/officer/quality").text


def test_a_record_says_what_would_bring_most_and_how_its_points_add_up(client, session, officer):
    (found,) = registry.own_records(
        session, actor_of(officer), registry.OwnFilter(text="molinos")
    ).items  # fmt: skip
    uuid = found.version.qualification.uuid
    session.commit()
    page = client.get(f"/officer/qualifications/{uuid}").text
    assert "What to fix first:" in page
    assert "<b>learning outcomes</b>" in page
    assert "of 100" in page


def test_the_secretariat_sees_every_country_and_its_records(client, session, sign_in, author):
    sign_in(factories.make_account(session, Role.SECRETARIAT))
    page = client.get("/secretariat/quality").text
    assert "Quality by country" in page
    assert "/secretariat/quality?country=CL" in page
    page = client.get("/secretariat/quality?country=CL").text
    assert "/secretariat/quality/CL?missing=level" in page
    page = client.get("/secretariat/quality/CL?missing=level").text
    assert "Operación de molinos" in page
    assert "Operación de bombas" not in page
    assert [row["title"] for row in rows(client.get("/secretariat/quality/CL.csv?missing=level"))] == [
        "Operación de molinos"
    ]
    assert client.get("/secretariat/quality/ZZ").status_code == 404
    assert client.get("/secretariat/quality?country=ZZ").status_code == 404


def test_reviewers_and_visitors_see_no_scores(client, session, sign_in, author):
    assert client.get("/officer/quality").status_code == 302
    sign_in(factories.make_account(session, Role.REVIEWER, "PE"))
    for path in ("/officer/quality", "/secretariat/quality", "/officer/qualifications.csv"):
        assert client.get(path).status_code == 403


def test_the_officers_list_goes_out_under_its_filter(client, officer):
    page = client.get("/officer/?missing=level").text
    assert "/officer/qualifications.csv?missing=level" in page
    assert "At most 50,000 records" in page
    found = rows(client.get("/officer/qualifications.csv?missing=level"))
    assert [row["title"] for row in found] == ["Operación de molinos"]
    assert found[0]["author"] == officer.name
    assert int(found[0]["quality"]) > 0
    assert len(rows(client.get("/officer/qualifications.csv"))) == 2


def test_a_workbook_and_an_archive_hold_records_units_and_outcomes(client, officer):
    answer = client.get("/officer/qualifications.xlsx")
    assert answer.status_code == 200
    assert 'filename="rqf-CL.xlsx"' in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        assert "xl/worksheets/sheet3.xml" in book.namelist()
    with zipfile.ZipFile(io.BytesIO(client.get("/officer/qualifications.zip").data)) as archive:
        assert archive.namelist() == ["records.csv", "units.csv", "outcomes.csv"]


def test_more_records_than_a_page_gives_out_are_refused_in_words(client, officer, monkeypatch):
    monkeypatch.setattr("rqf.web.exports.MOST_AT_A_DESK", 1)
    answer = client.get("/officer/qualifications.csv")
    assert answer.status_code in (400, 422)
    assert "a file has at most 1" in answer.text


def test_another_format_is_not_found(client, session, officer):
    assert client.get("/officer/qualifications.exe").status_code == 404
    assert client.get("/search.exe").status_code == 404


def test_anyone_takes_what_a_search_finds_without_what_is_not_theirs(client, session, sign_in):
    officer = factories.make_account(session)
    version = public_record(session)
    factories.make_mapping(session, version, officer, low=4, status=MappingStatus.ENDORSED)
    public_record(session, "Gastronomía", "MX")
    session.commit()
    page = client.get("/?q=cobre").text
    assert "/search.csv?q=cobre" in page
    assert "At most 2,000 records" in page
    (row,) = rows(client.get("/search.csv?q=cobre"))
    assert (row["title"], row["country"], row["regional_level"]) == ("Minería del cobre", "CL", "4")
    assert not {"author", "quality", "completeness", "change_note"} & set(row)
    assert [one["title"] for one in rows(client.get("/search.csv?country=MX"))] == ["Gastronomía"]
    assert client.get("/search.csv?country=ZZ").status_code in (400, 422)


def test_a_reviewer_takes_their_decisions(client, session, sign_in):
    sign_in(factories.make_account(session, Role.REVIEWER, "PE"))
    assert rows(client.get("/reviewer/decisions.csv")) == []
    assert client.get("/reviewer/decisions.xlsx").data[:2] == b"PK"
    assert client.get("/reviewer/decisions.zip").status_code == 404


def test_every_public_record_says_since_when_and_where_from(client, session):
    version = public_record(session)
    session.commit()
    page = client.get(f"/qualifications/{version.qualification.uuid}").text
    assert "updated on" in page
    assert "Source" in page
    answer = client.get(f"/api/v1/qualifications/{version.qualification.uuid}").json
    assert answer["source"] == "test"
    assert answer["updated_at"]
    assert answer["published_at"]
