"""Many look-ups at once, through the public door: sent, read, corrected, taken away, deleted."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from rqf import batches
from rqf.batches import keeping
from rqf.models import BatchLookup, BatchRow
from rqf.models.tables import now
from rqf.work import Worker
from tests.factories import make_qualification

TABLE = "Nombre,País,Nota\nMecanica de maquinaria pezada,Chile,=1+1\nCoser vestidos de novia,CL,a\n"


def token_of(answer) -> str:
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)[1]


@pytest.fixture
def records(session):
    """A record of Chile and two of Peru that look like it."""
    here = make_qualification(session, "Mecánica de maquinaria pesada", level=4)
    there = make_qualification(session, "Mantenimiento de maquinaria pesada", country="PE", level=5)
    make_qualification(session, "Operación de maquinaria pesada")
    session.commit()
    return here, there


@pytest.fixture
def send(client):
    """``send(text, **fields)`` sends a table as a file and returns the answer."""

    def go(text: str | None = TABLE, name: str = "titles.csv", **fields):
        data = {"csrf_token": token_of(client.get("/batch")), "target": "PE", **fields}
        if text is not None:
            data["file"] = (io.BytesIO(text.encode()), name)
        return client.post("/batch", data=data, content_type="multipart/form-data")

    return go


def downloaded(client, address: str) -> list[dict[str, str]]:
    text = client.get(address + "/download").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_each_row_gets_its_record_its_level_and_what_is_near_or_is_not_found(client, records, send):
    answer = send()
    assert answer.status_code == 303
    page = client.get(answer.location).get_data(as_text=True)
    assert "1 of 2 rows have a record" in page
    assert "Mecánica de maquinaria pesada" in page
    assert "Mantenimiento de maquinaria pesada" in page
    assert "Not found" in page
    first, second = downloaded(client, answer.location)
    assert first["rqf_found"] == "found"
    assert first["rqf_id"] == records[0].qualification.uuid
    assert "Mantenimiento de maquinaria pesada" in first["rqf_suggested_there"]
    assert first["rqf_decided_there"] == ""
    assert second["rqf_found"] == "not found"


def test_the_download_has_the_columns_as_they_came_and_no_cell_that_a_spreadsheet_runs(client, records, send):
    row = downloaded(client, send().location)[0]
    assert list(row)[:3] == ["Nombre", "País", "Nota"]
    assert row["Nombre"] == "Mecanica de maquinaria pezada"
    assert row["Nota"] == "'=1+1"


def test_a_row_is_corrected_to_another_record_that_was_offered_or_to_none(client, session, records, send):
    address = send().location
    offered = session.scalars(select(BatchRow).where(BatchRow.number == 1)).one().found["options"]
    other = next(id for id, _ in offered if id != records[0].qualification_id)
    session.commit()
    token = token_of(client.get(address))
    answer = client.post(f"{address}/rows/1", data={"csrf_token": token, "choice": other})
    assert answer.status_code == 303
    assert downloaded(client, address)[0]["rqf_title"] == "Operación de maquinaria pesada"
    client.post(f"{address}/rows/1", data={"csrf_token": token, "choice": ""})
    assert downloaded(client, address)[0]["rqf_found"] == "not found"
    refused = client.post(f"{address}/rows/1", data={"csrf_token": token, "choice": "999999"})
    assert refused.status_code == 422


def test_titles_can_be_pasted(client, records, send):
    answer = send(None, titles="Mecánica de maquinaria pesada\n\nNada parecido a esto", country="CL")
    assert [one["rqf_found"] for one in downloaded(client, answer.location)] == ["found", "not found"]


@pytest.mark.parametrize(
    ("text", "fields", "said"),
    [
        ("a,b\n1,2\n", {}, "No column holds titles or codes"),
        (None, {}, "Choose a file or paste titles"),
        (TABLE, {"target": ""}, "Choose a country."),
    ],
)
def test_what_cannot_be_looked_up_is_refused_in_clear_words_and_nothing_is_kept(
    client, session, send, text, fields, said
):
    answer = send(text, **fields)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert session.scalars(select(BatchLookup)).all() == []


def test_after_seven_days_a_batch_is_gone_at_use_and_from_the_database(client, session, records, send):
    address = send().location
    session.execute(update(BatchLookup).values(expires_at=now() - timedelta(seconds=1)))
    session.commit()
    assert client.get(address).status_code == 404
    batches.purge(session)
    assert session.scalars(select(BatchRow)).all() == []


def test_a_batch_is_deleted_when_its_owner_says_so(client, session, records, send):
    address = send().location
    client.post(address + "/delete", data={"csrf_token": token_of(client.get(address))})
    assert client.get(address).status_code == 404
    assert session.scalars(select(BatchRow)).all() == []


def test_nobody_sends_tables_without_end(client, app, records, send):
    app.config["BATCHES_PER_HOUR"] = 1
    assert send().status_code == 303
    assert send().status_code == 429


def test_a_long_table_is_looked_up_by_a_worker_and_its_page_says_how_far_it_is(
    client, app, database, records, send, monkeypatch
):
    monkeypatch.setattr(keeping, "ROWS_AT_ONCE", 1)
    address = send().location
    assert 'id="progress"' in client.get(address).get_data(as_text=True)
    assert Worker(database).do_one()
    assert "1 of 2 rows have a record" in client.get(address).get_data(as_text=True)


def test_a_page_asks_the_database_as_often_for_fifty_rows_as_for_two(client, app, records, send):
    short = send().location
    long = send("title\tcountry\n" + "Mecánica de maquinaria pesada\tCL\n" * 50, "titles.tsv").location
    engine = app.extensions["rqf_database"].engine
    assert _asked(engine, client, short) == _asked(engine, client, long)


def _asked(engine, client, address: str) -> int:
    said: list[str] = []

    def note(connection, cursor, statement, *_):
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    assert re.search("rows have a record", client.get(address).get_data(as_text=True))
    event.remove(engine, "before_cursor_execute", note)
    return len(said)
