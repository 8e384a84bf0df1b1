"""Versions through the API."""

from __future__ import annotations

from dataclasses import replace

from rqf import registry
from tests import factories


def test_versions_and_their_difference(client, session, pumps):
    officer, first = factories.make_actor(session), pumps[0]
    uuid = first.qualification.uuid
    registry.revise(
        session,
        officer,
        uuid,
        replace(registry.describe(first), source="a decree", change_note="Why", units=()),
    )
    registry.publish(session, officer, uuid)
    session.commit()
    at = f"/api/v1/qualifications/{uuid}"
    listed = client.get(f"{at}/versions").json["items"]
    assert [(one["number"], one["status"], one["change_note"]) for one in listed] == [
        (2, "published", "Why"), (1, "superseded", None),
    ]  # fmt: skip
    assert client.get(f"{at}/versions/1").json["source"] == "test"
    assert client.get(f"{at}/versions/7").status_code == 404
    found = client.get(f"{at}/difference?from=1&to=2").json
    (change,) = found["fields"]
    assert (change["field"], change["before"], change["after"]) == ("source", "test", "a decree")
    assert [one["kind"] for one in change["pieces"]] == ["removed", "added"]
    (unit,) = found["units"]
    assert (unit["kind"], unit["after"], len(unit["before"]["outcomes"])) == ("removed", None, 3)
    assert client.get(f"{at}/difference?from=1").status_code == 422
    assert client.get(f"{at}?as_of=1999-01-01").status_code == 404
    assert client.get(f"{at}?as_of={first.published_at.date()}").json["version"] == 2
