"""Qualifications through the API: search, read, register, suggestions."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from rqf.models import AuditEntry, Qualification
from tests import factories

API = "/api/v1/qualifications"
DRAFT = {
    "country": "CL", "type": "qualification", "titles": {"es": "Operación de chancado"},
    "original_language": "es", "code_system": "CL-MINEDUC-ESPE", "code": "54019", "level": 3, "volume": 120.5,
    "volume_unit": "hours", "sector": "mining", "source": "a public list",
    "units": [
        {
            "titles": {"es": "Chancado primario"}, "hours": 60,
            "outcomes": [{"domain": "skills", "texts": {"es": "Opera el chancador."}}],
        }
    ],
}  # fmt: skip


def test_a_search_finds_and_explains(client, pumps):
    answer = client.get(f"{API}?q=bombas&country=MX").json
    assert answer["total"] == 1
    (item,) = answer["items"]
    assert (item["code"], item["country"], item["status"]) == ("EC0311", "MX", "published")
    assert item["matched"] == ["bombas"]
    assert 0 < item["score"] <= 100
    assert item["regional_level"] == {"low": 4, "high": 4, "standing": "referenced"}


def test_filters_may_be_repeated_and_combined(client, pumps):
    assert client.get(f"{API}?country=MX&country=CL").json["total"] == 2
    assert client.get(f"{API}?country=MX&country=CL&sector=electricity").json["total"] == 0
    assert client.get(f"{API}?type=occupational_standard").json["total"] == 0


def test_pages_are_linked(client, pumps):
    first = client.get(f"{API}?q=bombas&per_page=1")
    assert (first.json["total"], first.json["page"], len(first.json["items"])) == (2, 1, 1)
    assert 'page=2>; rel="next"' in first.headers["Link"]
    assert "prev" not in first.headers["Link"]
    second = client.get(f"{API}?q=bombas&per_page=1&page=2")
    assert 'page=1>; rel="prev"' in second.headers["Link"]
    assert "next" not in second.headers["Link"]
    assert first.json["items"][0]["id"] != second.json["items"][0]["id"]
    assert "q=bombas" in second.headers["Link"]


def test_a_draft_is_nowhere(client, pumps):
    draft = pumps[2].qualification.uuid
    assert all(one["id"] != draft for one in client.get(f"{API}?per_page=100").json["items"])
    for address in (draft, f"{draft}/level-suggestions", f"{draft}/equivalents?country=MX"):
        assert client.get(f"{API}/{address}").status_code == 404


@pytest.mark.parametrize("by", ["id", "code"])
def test_a_record_is_read_with_units_and_outcomes(client, pumps, by):
    version = pumps[0]
    ref = version.qualification.uuid if by == "id" else version.code
    record = client.get(f"{API}/{ref}").json
    assert record["id"] == version.qualification.uuid
    assert record["title"] == "Mantenimiento de bombas"
    assert (record["framework"], record["national_level"]) == ("CL-MCTP", 4)
    (unit,) = record["units"]
    assert [one["domain"] for one in unit["outcomes"]] == ["knowledge", "skills", "application"]
    assert record["source"] == "test"


def test_levels_are_suggested_with_evidence(client, pumps):
    advice = client.get(f"{API}/54018/level-suggestions").json
    assert advice["id"] == pumps[0].qualification.uuid
    scores = [one["score"] for one in advice["suggestions"]]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)
    assert advice["suggestions"][0]["evidence"]


def test_an_officer_registers_a_draft(client, session, key):
    answer = client.post(API, json=DRAFT, headers=key())
    assert answer.status_code == 201, answer.text
    made = answer.json
    assert answer.headers["Location"] == f"{API}/{made['id']}"
    assert (made["status"], made["volume"], made["national_level"]) == ("draft", 120.5, 3)
    assert made["units"][0]["outcomes"][0]["texts"] == {"es": "Opera el chancador."}
    stored = session.scalars(select(Qualification).where(Qualification.uuid == made["id"])).one()
    assert stored.versions[0].author is not None
    assert (
        session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()
        == "qualification.register"
    )


def test_what_is_answered_can_be_sent(client, session, key, pumps):
    record = client.get(f"{API}/54018").json
    again = {name: record[name] for name in DRAFT if name in record} | {"code": "54020", "level": 4}
    again["units"] = [{**unit, "id": None} for unit in record["units"]]
    assert client.post(API, json=again, headers=key()).status_code == 201


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"code": "wrong"}, "code", "54018"),
        ({"level": 9}, "level", "9"),
        ({"level": "3"}, "level", "integer"),
        ({"type": "thing"}, "type", "Must be one of"),
        ({"titles": {"es": "x" * 10_000}}, "titles.es", "500"),
        ({"titles": {"es": "a\u0000b"}}, "titles.es", "control character"),
        ({"titles": {"es": "a\ud800b"}}, "titles.es", "control character"),
        ({"titles": {"es": 5}}, "titles.es", "string"),
        ({"titles": {}}, "titles.es", ""),
        ({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "valid_to", ""),
        ({"valid_from": "yesterday"}, "valid_from", "date"),
        ({"volume": -1}, "volume", ""),
        ({"volume": "NaN"}, "volume", ""),
        ({"sector": "magic"}, "sector", "magic"),
        ({"status": "published"}, "status", "Unknown field"),
        ({"id": "x"}, "id", "Unknown field"),
        ({"units": [{"titles": {"es": "U"}, "colour": 1}]}, "units.0.colour", "Unknown field"),
        ({"units": [{"titles": {"es": "U"}, "outcomes": [{"domain": "magic", "texts": {"es": "x"}}]}]},
         "units.0.outcomes.0.domain", "Must be one of"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_and_nothing_is_kept(client, session, key, change, field, said):
    answer = client.post(API, json={**DRAFT, **change}, headers=key())
    assert answer.status_code == 422, answer.text
    assert said in " ".join(answer.json["errors"][field])
    assert session.scalars(select(Qualification)).all() == []


def test_hostile_text_is_kept_as_text(client, key):
    title = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    made = client.post(API, json={**DRAFT, "titles": {"es": title}}, headers=key())
    assert made.json["title"] == title
    assert made.content_type == "application/json"


def test_another_country_cannot_be_written_for(client, session, key):
    assert client.post(API, json=DRAFT, headers=key(country="MX")).status_code == 403
    assert session.scalars(select(Qualification)).all() == []


def test_level_suggestions_carry_a_second_opinion_once_there_are_decisions_enough(client, session):
    asked = factories.make_qualification(session, "Ayudante en limpieza de estanques")
    session.commit()
    address = f"/api/v1/qualifications/{asked.qualification.uuid}/level-suggestions"
    assert client.get(address).json["by_example"] is None
    factories.teach_levels(session)
    session.commit()
    told = client.get(address).json["by_example"]
    assert (told["level"], told["abstained"], told["records"]) == (2, False, 48)
    assert 0.5 <= told["share"] <= 1.0
