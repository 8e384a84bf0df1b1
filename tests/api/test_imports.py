"""Importing by the API: a file is sent, checked, applied and taken back by a program."""

from __future__ import annotations

import io

import jsonschema
import pytest
from sqlalchemy import func, select

from rqf.models import Qualification
from rqf.registry.imports import background
from rqf.work import Worker

API = "/api/v1"
ROWS = "Denominación;Clave\nMinería;54018\nMetalurgia;54019\n"
MAPPING = (
    '{"columns": {"Denominación": "title", "Clave": "code"}, '
    '"constants": {"type": "qualification", "code_system": "CL-MINEDUC-ESPE"}}'
)
OURS = "type,title,code_system,code\nqualification,Minería,CL-MINEDUC-ESPE,54018\n"


@pytest.fixture
def send(client, key):
    """``send(text, field=value)`` sends a file; gives the answer and the header of the program."""
    headers = key()

    def go(text: str, **fields):
        form = {"file": (io.BytesIO(text.encode()), "records.csv"), "country": "CL", **fields}
        return client.post(f"{API}/imports", data=form, headers=headers), headers

    return go


def records(database) -> int:
    with database.read() as reader:
        return reader.scalar(select(func.count(Qualification.id)))


def test_a_file_is_checked_applied_and_taken_back(client, send, database):
    answer, headers = send(ROWS, mapping=MAPPING)
    assert answer.status_code == 201, answer.text
    assert answer.json["counts"]["new"] == 2
    assert (answer.json["status"], answer.json["rows"], answer.json["work"]) == ("checked", 2, None)
    assert records(database) == 0
    where = answer.headers["Location"]
    assert client.get(where, headers=headers).json == answer.json
    applied = client.post(f"{where}/apply", json={}, headers=headers)
    assert (applied.status_code, applied.json["status"], records(database)) == (200, "applied", 2)
    assert client.post(f"{where}/apply", json={}, headers=headers).status_code == 200
    undone = client.post(f"{where}/undo", headers=headers)
    assert (undone.status_code, undone.json["status"], records(database)) == (200, "undone", 0)
    again = client.post(f"{where}/undo", headers=headers)
    assert (again.status_code, again.content_type) == (409, "application/problem+json")


def test_what_is_wrong_is_told_page_by_page_and_keeps_all_out(client, send, database):
    wrong = "".join(f"qualification,Mala,CL-MINEDUC-ESPE,X{number}\n" for number in range(3))
    answer, headers = send(OURS + wrong, profile="rqf")
    assert (answer.status_code, answer.json["total"], len(answer.json["problems"])) == (201, 3, 3)
    where = answer.headers["Location"]
    page = client.get(f"{where}?per_page=2&page=2", headers=headers)
    (problem,) = page.json["problems"]
    assert (problem["line"], problem["column"], problem["value"]) == (5, "code", "X2")
    assert problem["allowed"]
    assert 'rel="prev"' in page.headers["Link"]
    refused = client.post(f"{where}/apply", json={}, headers=headers)
    assert (refused.status_code, records(database)) == (422, 0)
    assert "3 rows have errors" in refused.json["errors"]["file"][0]
    assert client.post(f"{where}/apply", json={"partial": True}, headers=headers).status_code == 200
    assert records(database) == 1


def test_a_long_file_is_worked_on_in_the_background(client, send, database, monkeypatch):
    monkeypatch.setattr(background, "ROWS_AT_ONCE", 1)
    answer, headers = send(ROWS, mapping=MAPPING)
    where = answer.headers["Location"]
    assert (answer.status_code, answer.json["status"]) == (202, "read")
    assert (answer.json["work"]["kind"], answer.json["work"]["state"]) == ("import.check", "queued")
    refused = client.post(f"{where}/apply", json={}, headers=headers)
    assert refused.status_code == 409
    worker = Worker(database)
    assert worker.do_one()
    checked = client.get(where, headers=headers).json
    assert (checked["status"], checked["work"]["state"], checked["work"]["done"]) == ("checked", "done", 2)
    assert client.post(f"{where}/apply", json={}, headers=headers).status_code == 202
    assert worker.do_one()
    assert (client.get(where, headers=headers).json["status"], records(database)) == ("applied", 2)
    assert client.post(f"{where}/undo", headers=headers).status_code == 202
    assert worker.do_one()
    assert (client.get(where, headers=headers).json["status"], records(database)) == ("undone", 0)


@pytest.mark.parametrize(
    ("fields", "status", "place"),
    [
        ({"country": "PE"}, 403, None),
        ({"country": "Chile"}, 422, "country"),
        ({"profile": "nobody's"}, 404, None),
        ({"colour": "red"}, 422, "colour"),
        ({"mapping": "{"}, 422, "mapping"),
        ({"mapping": '{"columns": {"Nombre": "title", "type": "type"}}'}, 422, "mapping"),
        ({"file": b"%PDF-1.7"}, 422, "file"),
    ],
)
def test_what_cannot_be_imported_is_a_problem(send, database, fields, status, place):
    if "file" in fields:
        # A new one for each engine: what has been sent is closed.
        fields = {"file": (io.BytesIO(fields["file"]), "x.csv")}
    answer, _ = send(OURS, **fields)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), answer.text
    assert place is None or place in answer.json["errors"]
    assert records(database) == 0


def test_an_import_without_a_file_or_of_another_country_is_refused(client, send, key):
    answer, headers = send(OURS)
    assert client.post(f"{API}/imports", data={"country": "CL"}, headers=headers).status_code == 422
    other = key(country="PE")
    where = answer.headers["Location"]
    assert [
        client.get(where, headers=other).status_code,
        client.post(f"{where}/apply", json={}, headers=other).status_code,
        client.post(f"{where}/undo", headers=other).status_code,
    ] == [404] * 3


def test_the_answer_is_what_the_description_promises(client, send):
    document = client.get(f"{API}/openapi.json").json
    operations = document["paths"][f"{API}/imports"]
    assert "multipart/form-data" in operations["post"]["requestBody"]["content"]
    promised = operations["post"]["responses"]["201"]["content"]["application/json"]
    answer, _ = send(OURS)
    jsonschema.validate(answer.json, {**promised["schema"], "components": document["components"]})
