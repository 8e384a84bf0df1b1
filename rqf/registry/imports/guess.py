"""What the columns of an unknown file may mean, guessed from headers and cells, with how sure that is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process

from rqf.registry import classifications
from rqf.registry.imports.headers import FIELD_OF, words_of
from rqf.registry.imports.plan import Plan
from rqf.rules.repairs import repair_code, repair_date, repair_text
from rqf.rules.terms import QualificationType

#: Below this likeness a misspelt header is no longer one (0-100).
_ALIKE = 86
#: Below this a guess is not made (0-100).
_WEAKEST = 50
#: What cells alone can say is never as sure as a header.
_BY_CELLS = 80


@dataclass(frozen=True)
class Guess:
    """What a column may mean: the field (None: nothing fits), how sure (0-100), and why."""

    header: str
    field: str | None
    confidence: int
    why: str


@dataclass(frozen=True)
class Guesses:
    """A plan for an unknown file, and how sure each of its columns is."""

    plan: Plan
    columns: tuple[Guess, ...]


@dataclass(frozen=True)
class Hints:
    """What is known of the country: code systems (code -> pattern), its frameworks, and the sectors."""

    systems: dict[str, str] = field(default_factory=dict)
    frameworks: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()


def guess(headers: Sequence[str], samples: Sequence[Sequence[str]], hints: Hints) -> Guesses:
    """Return what the columns may mean; each field is given to the column that fits it best."""
    columns = {
        header: [repair_text(cells[place])[0] for cells in samples if cells[place].strip()]
        for place, header in enumerate(headers)
    }
    offers = [
        offer
        for header, cells in columns.items()
        for offer in (*_by_header(header), *_by_cells(header, cells, hints))
    ]
    chosen: dict[str, Guess] = {}
    for offer in sorted(offers, key=lambda one: -one.confidence):
        if offer.header not in chosen and offer.field not in {one.field for one in chosen.values()}:
            chosen[offer.header] = offer
    nothing = [Guess(header, None, 0, "nothing") for header in headers if header not in chosen]
    found = tuple(sorted([*chosen.values(), *nothing], key=lambda one: list(headers).index(one.header)))
    plan = Plan(columns={one.header: one.field for one in found})
    return Guesses(replace(plan, constants=_constants(plan, columns, hints)), found)


def _by_header(header: str) -> list[Guess]:
    words = words_of(header)
    if words in FIELD_OF:
        return [Guess(header, FIELD_OF[words], 100, "header")]
    near = process.extractOne(words, FIELD_OF.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE)
    return [Guess(header, FIELD_OF[near[0]], int(near[1]) - 5, "header_alike")] if near else []


def _by_cells(header: str, cells: Sequence[str], hints: Hints) -> list[Guess]:
    if not cells:
        return []
    tests: list[tuple[str, Callable[[str], bool]]] = [
        ("type", lambda cell: cell in {one.value for one in QualificationType}),
        ("code_system", lambda cell: cell in hints.systems),
        ("framework", lambda cell: cell in hints.frameworks),
        ("sector", lambda cell: cell in hints.sectors),
        ("isced_f", lambda cell: len(cell) == 4 and classifications.find("isced_f", cell) is not None),
        ("isco_08", lambda cell: len(cell) == 4 and classifications.find("isco_08", cell) is not None),
        ("level", lambda cell: cell.isascii() and cell.isdigit() and 1 <= int(cell[:4]) <= 10),
        ("code", lambda cell: _system_of([cell], hints) is not None),
        ("valid_from", lambda cell: re.fullmatch(r"\d{4}-\d\d-\d\d", repair_date(cell)[0]) is not None),
    ]
    offers = []
    for name, holds in tests:
        share = sum(holds(cell) for cell in cells) / len(cells)
        if round(_BY_CELLS * share) >= _WEAKEST:
            offers.append(Guess(header, name, round(_BY_CELLS * share), "cells"))
    if len(set(cells)) > 0.9 * len(cells) and sum(map(len, cells)) > 20 * len(cells):
        offers.append(Guess(header, "title", _WEAKEST, "cells"))
    return offers


def _system_of(codes: Sequence[str], hints: Hints) -> str | None:
    """Return the code system whose pattern at least half of the codes follow."""
    shares = {
        system: sum(bool(re.fullmatch(pattern, repair_code(code, pattern)[0])) for code in codes)
        for system, pattern in hints.systems.items()
    }
    best = max(shares, key=lambda system: shares[system], default=None)
    return best if codes and best and shares[best] * 2 >= len(codes) else None


def _constants(plan: Plan, columns: dict[str, list[str]], hints: Hints) -> dict[str, str]:
    """Return what all rows have in common although no column says it."""
    constants: dict[str, str] = {}
    by_field = {name: header for header, name in plan.columns.items() if name}
    if "code" in by_field and "code_system" not in by_field:
        system = _system_of(columns[by_field["code"]], hints)
        constants |= {"code_system": system} if system else {}
    if "unit_code" in by_field and "unit_code_system" not in by_field:
        system = _system_of(columns[by_field["unit_code"]], hints)
        constants |= {"unit_code_system": system} if system else {}
    if "volume" in by_field and "volume_unit" not in by_field:
        # "horas", "duracion_horas": the header says what the numbers count.
        hours = re.search(r"hora|hour", words_of(by_field["volume"]))
        constants |= {"volume_unit": "hours"} if hours else {}
    if "level" in by_field and "framework" not in by_field and len(hints.frameworks) == 1:
        constants["framework"] = next(iter(hints.frameworks))
    return constants
