"""What holds for every address: owners, errors, strictness, the description and its page."""

from __future__ import annotations

import jsonschema
import pytest
from openapi_spec_validator import validate

from rqf.api import OWNERS
from rqf.api.access import PUBLIC
from rqf.rules.terms import Role
from tests.statements import issue

API = "/api/v1"


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(API)]


def methods(rule):
    return rule.methods - {"HEAD", "OPTIONS"}


def test_every_address_has_an_owner_and_every_owner_an_address(app):
    endpoints = {rule.endpoint for rule in rules(app)} - {"api-docs.openapi_json"}
    assert endpoints == OWNERS.keys()


def test_whatever_writes_belongs_to_a_role(app):
    public = {rule.endpoint for rule in rules(app) if OWNERS.get(rule.endpoint, PUBLIC) == PUBLIC}
    writing = {rule.endpoint for rule in rules(app) if methods(rule) != {"GET"}}
    # Matching is sent by POST because of its length; it changes nothing.
    assert public & writing == {"api.match"}


def owned(app):
    """Return (method, address, owner) of all that needs a key."""
    return [
        (method, rule.rule.replace("<id>", "x"), OWNERS[rule.endpoint])
        for rule in rules(app)
        for method in methods(rule)
        if OWNERS.get(rule.endpoint, PUBLIC) != PUBLIC
    ]


def test_without_a_key_nothing_can_be_written(app, client):
    assert len(owned(app)) == 7
    for method, address, _ in owned(app):
        for headers in ({}, {"Authorization": "Bearer rqf_wrong"}, {"Authorization": "Basic eDp5"}):
            answer = client.open(address, method=method, json={}, headers=headers)
            assert answer.status_code == 401
            assert answer.content_type == "application/problem+json"
            assert answer.headers["WWW-Authenticate"] == 'Bearer realm="rqf"'
            assert answer.json["status"] == 401


@pytest.mark.parametrize("role", list(Role))
def test_a_key_opens_only_what_its_role_owns(app, client, key, role):
    headers = key(role, None if role == Role.SECRETARIAT else "CL")
    for method, address, owner in owned(app):
        answer = client.open(address, method=method, json={}, headers=headers)
        there = 404 if "/imports/" in address else 422
        assert answer.status_code == (there if owner == role else 403), address


def test_a_cookie_opens_nothing(client, session, sign_in):
    from tests import factories

    sign_in(factories.make_account(session, Role.OFFICER, "CL"))
    assert client.post(f"{API}/qualifications", json={}).status_code == 401


def test_a_key_of_an_account_that_is_switched_off_opens_nothing(client, session, key):
    from rqf.models import Account

    headers = key()
    for account in session.query(Account):
        account.active = False
    session.commit()
    assert client.post(f"{API}/qualifications", json={}, headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nothing", 404),
        ("/qualifications/nothing", 404),
        ("/qualifications/%00", 404),
        ("/qualifications/x%00y/level-suggestions", 404),
        ("/frameworks/nothing", 404),
        ("/qualifications?page=0", 422),
        ("/qualifications?per_page=1000", 422),
        ("/qualifications?page=99999999999999999999", 422),
        ("/qualifications?country=Chile", 422),
        ("/qualifications?level=x", 422),
        ("/qualifications?status=draft", 422),
        ("/qualifications?colour=red", 422),
        ("/compare?a=x", 422),
        ("/mappings?level=21", 422),
    ],
)
def test_an_error_is_a_problem_in_one_shape(client, address, status):
    answer = client.get(API + address)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json.keys() >= {"type", "title", "status", "detail"}
    assert answer.json["status"] == status
    assert ("errors" in answer.json) == (status == 422)


def test_a_method_that_is_not_offered_is_answered_with_those_that_are(client):
    answer = client.put(f"{API}/qualifications")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}
    assert answer.content_type == "application/problem+json"


def test_what_is_no_json_is_refused(client, key):
    headers = {**key(), "Content-Type": "application/json"}
    assert client.post(f"{API}/qualifications", data="{", headers=headers).status_code == 400
    assert client.post(f"{API}/match", data="x=1").status_code == 422
    assert client.post(f"{API}/match", json=[]).status_code == 422


def test_fields_that_nobody_asked_for_are_named(client, key):
    answer = client.post(f"{API}/match", json={"queries": [{"id": "1", "title": "x", "colour": "red"}]})
    assert answer.json["errors"] == {"queries.0.colour": ["Unknown field."]}


def test_the_description_is_valid_openapi(client):
    document = client.get(f"{API}/openapi.json").json
    validate(document)
    assert document["openapi"] == "3.1.0"


def test_the_description_says_what_needs_a_key(app, client):
    paths = client.get(f"{API}/openapi.json").json["paths"]
    secured = {
        (path, method)
        for path, operations in paths.items()
        for method, operation in operations.items()
        if isinstance(operation, dict) and operation.get("security")
    }
    assert secured == {
        ("/api/v1/qualifications", "post"),
        ("/api/v1/imports", "post"),
        ("/api/v1/imports/{id}", "get"),
        ("/api/v1/imports/{id}/apply", "post"),
        ("/api/v1/imports/{id}/undo", "post"),
        ("/api/v1/mappings", "post"),
        ("/api/v1/mappings/{id}/decisions", "post"),
    }


def test_answers_are_what_the_description_promises(client, pumps, session, tmp_path):
    document = client.get(f"{API}/openapi.json").json
    id = pumps[0].qualification.uuid
    asked = {
        "/qualifications": f"{API}/qualifications?q=bombas",
        "/qualifications/{id}": f"{API}/qualifications/{id}",
        "/qualifications/{id}/versions": f"{API}/qualifications/{id}/versions",
        "/qualifications/{id}/versions/{number}": f"{API}/qualifications/{id}/versions/1",
        "/qualifications/{id}/difference": f"{API}/qualifications/{id}/difference?from=1&to=1",
        "/qualifications/{id}/level-suggestions": f"{API}/qualifications/{id}/level-suggestions",
        "/qualifications/{id}/equivalents": f"{API}/qualifications/{id}/equivalents?country=MX",
        "/compare": f"{API}/compare?a=54018&b=EC0311",
        "/frameworks": f"{API}/frameworks",
        "/frameworks/{code}": f"{API}/frameworks/PA-RQF",
        "/mappings": f"{API}/mappings",
        "/statements/{number}": f"{API}/statements/{issue(session, tmp_path, *pumps[:2]).number}",
    }
    documented = {
        path
        for path, operations in document["paths"].items()
        if "get" in operations and not operations["get"].get("security")
    }
    assert {API + path for path in asked} == documented
    for path, address in asked.items():
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        promised = document["paths"][API + path]["get"]["responses"]["200"]["content"]["application/json"]
        jsonschema.validate(answer.json, {**promised["schema"], "components": document["components"]})


def test_the_page_for_people_brings_everything_itself(client):
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert "/static/vendor/swagger-ui-dist/swagger-ui-bundle.js" in page.text
    assert "/static/api.js" in page.text
    assert 'data-document="/api/v1/openapi.json"' in page.text
