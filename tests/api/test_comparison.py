"""What a qualification is worth elsewhere, through the API: match, equivalents, compare."""

from __future__ import annotations

from tests import factories

API = "/api/v1"


def test_many_titles_are_matched_at_once(client, pumps):
    asked = {
        "queries": [
            {"id": "1", "title": "mantención de bombas", "country": "CL"},
            {"id": "2", "title": "zzzz", "outcomes": ["Reemplaza sellos de bombas."]},
        ],
        "country": "MX",
        "limit": 3,
    }
    first, second = client.post(f"{API}/match", json=asked).json["results"]
    (candidate,) = first["candidates"]
    assert (first["id"], candidate["code"], candidate["country"]) == ("1", "EC0311", "MX")
    assert candidate.keys() >= {"id", "code", "country", "title", "score", "features"}
    assert 0 < candidate["score"] <= 100
    assert second == {"id": "2", "candidates": []}


def test_a_match_writes_nothing(client, session, pumps):
    from sqlalchemy import func, select

    from rqf.models import AuditEntry

    before = session.scalar(select(func.count(AuditEntry.id)))
    session.commit()
    client.post(f"{API}/match", json={"queries": [{"id": "1", "title": "bombas"}]})
    assert session.scalar(select(func.count(AuditEntry.id))) == before


def test_two_queries_cannot_share_an_id_and_there_is_a_limit(client):
    twice = {"queries": [{"id": "1", "title": "x"}, {"id": "1", "title": "y"}]}
    assert "queries" in client.post(f"{API}/match", json=twice).json["errors"]
    many = {"queries": [{"id": str(number), "title": "x"} for number in range(501)]}
    assert "queries" in client.post(f"{API}/match", json=many).json["errors"]


def test_strange_texts_are_matched_without_harm(client, pumps):
    for title in ("\u0000", "\ud800", "🛠️" * 100, "%s%(x)s{}", "'; DROP TABLE x; --", " "):
        answer = client.post(f"{API}/match", json={"queries": [{"id": "1", "title": title}]})
        assert answer.status_code == 200, (title, answer.text)


def test_equivalents_keep_decided_apart_from_suggested(client, pumps):
    answer = client.get(f"{API}/qualifications/54018/equivalents?country=MX").json
    assert answer["decided"] == []
    (suggested,) = answer["suggested"]
    assert suggested["qualification"]["code"] == "EC0311"
    assert 0 < suggested["score"] <= 100
    assert suggested["indication"]["reason"]


def test_equivalents_need_another_country_of_the_register(client, pumps):
    for country in ("CL", "XX"):
        answer = client.get(f"{API}/qualifications/54018/equivalents?country={country}")
        assert answer.status_code == 422
        assert "country" in answer.json["errors"]


def test_a_comparison_goes_outcome_by_outcome(client, pumps):
    answer = client.get(f"{API}/compare?a=54018&b=EC0311").json
    assert [one["element"] for one in answer["elements"]] == [
        "level", "workload", "quality", "profile", "outcomes"
    ]  # fmt: skip
    outcomes = answer["outcomes"]
    assert len(outcomes["matched"]) == 2
    assert [one["texts"]["es"] for one in outcomes["extra"]] == [
        "Bloquea la energía antes de intervenir el equipo."
    ]
    assert outcomes["missing"] == []
    assert outcomes["coverage_a_of_b"] > outcomes["coverage_b_of_a"]
    assert answer["decided"] == []


def test_a_comparison_with_a_record_without_outcomes_says_so(client, session, pumps):
    bare = factories.make_qualification(session, "Bombas", country="PE")
    session.commit()
    answer = client.get(f"{API}/compare?a=54018&b={bare.qualification.uuid}").json
    assert answer["outcomes"] is None
    assert answer["indication"]["conclusion"] == "undetermined"


def test_a_record_is_not_compared_with_itself(client, pumps):
    assert client.get(f"{API}/compare?a=54018&b=54018").status_code == 422


def test_frameworks_come_with_what_their_levels_are_referenced_to(client):
    answer = client.get(f"{API}/frameworks").json
    assert answer["regional"]["code"] == "PA-RQF"
    assert answer["regional"]["status"] == "proposed"
    chile = next(one for one in answer["national"] if one["country"] == "CL")
    assert len(chile["levels"]) == len(chile["referencing"]) == 5
    assert {"level": 4, "low": 4, "high": 5, "best_fit": 5}.items() <= chile["referencing"][3].items()


def test_a_framework_has_its_descriptors(client):
    answer = client.get(f"{API}/frameworks/PA-RQF").json
    assert len(answer["levels"]) == 8
    assert answer["levels"][0]["descriptors"].keys() == {"knowledge", "skills", "application"}
