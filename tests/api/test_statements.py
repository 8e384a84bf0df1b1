"""Statements through the API: what was issued, its signature, and how it stands today."""

from __future__ import annotations

import hashlib

import rfc8785

from tests.integration.test_lookup import make_newer, make_pair
from tests.statements import issue

API = "/api/v1"


def test_a_statement_is_read_with_its_signature_and_its_state(client, session, tmp_path):
    pair = make_pair(session)
    made = issue(session, tmp_path, *pair)
    answer = client.get(f"{API}/statements/{made.number}").json
    assert (answer["number"], answer["state"], answer["changes"]) == (made.number, "valid", [])
    assert answer["jws"] == made.jws
    canonical = rfc8785.dumps(answer["statement"])
    assert canonical.decode() == made.document, "canonical JSON can be made again by anyone"
    assert hashlib.sha256(canonical).hexdigest() == answer["sha256"]
    make_newer(session, pair[0])
    answer = client.get(f"{API}/statements/{made.number}").json
    assert answer["state"] == "superseded"
    assert answer["changes"][0]["said"] == "Version 2 of record A took the place of version 1."
    assert answer["since"] == answer["changes"][0]["since"]


def test_a_number_that_was_never_given_is_a_problem(client):
    answer = client.get(f"{API}/statements/RQF-2026-000123-38")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
