"""Tables as JSON (a list of records) and JSON Lines (a record a line), read record by record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from rqf.errors import N_
from rqf.exchange.sheets.shape import MOST_COLUMNS, MOST_ROWS, SAMPLES, Row, Sheet, fitted, refuse

_CHUNK = 1 << 16
#: Longest record; nothing is read past it.
_LONGEST = 2_000_000
_DEEPEST = 5


def read_json(path: Path) -> Sheet:
    """Return the table in a file that holds a list of records, or one record with such a list in it.

    :raises Invalid: it is no JSON, or holds something else.
    """
    return _table("json", partial(_listed, path))


def read_json_lines(path: Path) -> Sheet:
    """Return the table in a file with a JSON record on every line.

    :raises Invalid: a line is no record.
    """
    return _table("jsonl", partial(_by_line, path))


def _table(format: str, records: Any) -> Sheet:
    columns: dict[str, None] = {}
    samples: list[tuple[int, dict[str, str]]] = []
    total = 0
    for line, record in records():
        total += 1
        columns.update(dict.fromkeys(record))
        if len(columns) > MOST_COLUMNS:
            refuse(N_("The file has %(n)s columns; at most %(most)s are accepted."),
                   n=len(columns), most=MOST_COLUMNS)  # fmt: skip
        if total > MOST_ROWS:
            refuse(N_("The file has more than %(most)s rows. Divide it."), most=MOST_ROWS)
        if len(samples) < SAMPLES:
            samples.append((line, record))
    if not total or not columns:
        refuse(N_("The file holds no records."))
    names = tuple(columns)
    return Sheet(
        format=format, columns=names, total=total, encoding="utf-8",
        samples=tuple(_row(line, record, names) for line, record in samples),
        _again=lambda: (_row(line, record, names) for line, record in records()),
    )  # fmt: skip


def _row(line: int, record: dict[str, str], names: tuple[str, ...]) -> Row:
    return line, fitted(tuple(record.get(name, "") for name in names), len(names))


def _by_line(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig") as file:
        try:
            for number, line in enumerate(iter(lambda: file.readline(_LONGEST), ""), 1):
                if len(line) == _LONGEST:
                    refuse(N_("Line %(line)s is too long for a row of a table."), line=number)
                if line.strip():
                    yield number, _flat(_decoded(line, number), number)
        except UnicodeDecodeError:
            refuse(N_("The file is not UTF-8 text."))


def _decoded(text: str, number: int) -> Any:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        refuse(N_("Line %(line)s is not JSON: %(reason)s."), line=number, reason=_reason(error))


def _reason(error: Exception) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else "too deep"


def _listed(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the records of the first list in the file; ``line`` is the number of the record."""
    decode = json.JSONDecoder().raw_decode
    with path.open(encoding="utf-8-sig") as file:
        try:
            buffer = _after_bracket(file)
            for number in range(1, MOST_ROWS + 2):
                buffer = _skip(buffer, file)
                if buffer.startswith("]"):
                    return
                value, buffer = _next(buffer, file, decode, number)
                yield number, _flat(value, number)
        except UnicodeDecodeError:
            refuse(N_("The file is not UTF-8 text."))


def _after_bracket(file: Any) -> str:
    """Return what follows the opening bracket of the list; before it stand at most a few plain fields."""
    start = file.read(_CHUNK)
    if start.lstrip()[:1] not in ("[", "{") or "[" not in start:
        refuse(N_("A list of records is needed here."))
    return str(start[start.index("[") + 1 :])


def _skip(buffer: str, file: Any) -> str:
    while True:
        buffer = buffer.lstrip(" \t\r\n,")
        if buffer:
            return buffer
        buffer = file.read(_CHUNK)
        if not buffer:
            refuse(N_("The list of records has no end: the file is cut off."))


def _next(buffer: str, file: Any, decode: Any, number: int) -> tuple[Any, str]:
    while True:
        try:
            value, end = decode(buffer)
        except RecursionError:
            refuse(N_("Record %(n)s is not JSON: %(reason)s."), n=number, reason="too deep")
        except json.JSONDecodeError as error:
            more = file.read(max(_CHUNK, len(buffer)))
            if not more or len(buffer) > _LONGEST:
                refuse(N_("Record %(n)s is not JSON: %(reason)s."), n=number, reason=error.msg)
            buffer += more
        else:
            return value, buffer[end:]


def _flat(record: Any, number: int) -> dict[str, str]:
    """Return a record as column -> text; what is inside a field becomes columns such as ``titles.es``."""
    if not isinstance(record, Mapping):
        refuse(N_("Record %(n)s is not a record with named fields."), n=number)
    return dict(_cells("", record, number, 1))


def _cells(name: str, value: Any, number: int, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        refuse(N_("Record %(n)s is not JSON: %(reason)s."), n=number, reason="too deep")
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _cells(f"{name}.{key}" if name else str(key), one, number, depth + 1)
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        yield name, "; ".join(value)
    elif isinstance(value, list):
        yield name, json.dumps(value, ensure_ascii=False)
    else:
        yield name, _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
