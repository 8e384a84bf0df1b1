"""Rows of units put together: what a file says comes out, and saying it again changes nothing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from rqf.models import CodeSystem, Country
from rqf.registry.imports.plan import Plan
from rqf.registry.imports.reading import Reader, ReadRow
from rqf.registry.imports.unit_check import Filler
from rqf.registry.imports.unit_rows import assemble
from rqf.rules.terms import OutcomeDomain

COLUMNS = (
    "type", "title", "unit_code", "unit_title", "unit_hours", "unit_mandatory", "outcome_domain", "outcome"
)  # fmt: skip
PLAN = Plan(columns={name: name for name in COLUMNS}, constants={"unit_code_system": "S"})
HOME = Country(code="CL", language="es")
SYSTEMS = {"S": CodeSystem(code="S", country_code="CL", pattern=r"^U\d+$", example="U1")}
TEXTS = st.text("abcñé ", min_size=1, max_size=12).map(lambda text: " ".join(f"T{text}".split()))
OUTCOMES = st.lists(
    st.tuples(st.sampled_from(OutcomeDomain), TEXTS), max_size=4, unique_by=lambda one: one[1].casefold()
)
UNITS = st.lists(
    st.tuples(TEXTS, st.one_of(st.none(), st.integers(1, 999)), st.booleans(), OUTCOMES), max_size=5
)


def table(units, blank: bool) -> list[tuple[str, ...]]:
    """Return the cells of a file; ``blank``: what stands above is not written again."""
    found = [("qualification", "Minería", "", "", "", "", "", "")] if not units else []
    for number, (title, hours, mandatory, outcomes) in enumerate(units, 1):
        unit = (f"U{number}", title, str(hours or ""), "yes" if mandatory else "no")
        for place, (domain, text) in enumerate(outcomes or [(None, "")]):
            record = ("", "") if blank and found else ("qualification", "Minería")
            written = ("", "", "", "") if blank and place else unit
            found.append((*record, *written, domain.value if domain else "", text))
    return found


def read(cells) -> tuple[Reader, list[ReadRow]]:
    reader, filler = Reader(PLAN, HOME, SYSTEMS), Filler(PLAN)
    rows = [reader.read(line, one) for line, one in enumerate(cells, 2)]
    for row in rows:
        filler.fill(row)
    return reader, rows


def _outcomes(unit):
    return [(one.domain, one.texts["es"]) for one in unit.outcomes]


def said(data):
    return [(unit.titles["es"], unit.hours, unit.mandatory, _outcomes(unit)) for unit in data.units]


@settings(deadline=None)
@given(UNITS, st.booleans())
def test_what_a_file_says_comes_out_however_its_parents_are_written(units, blank):
    reader, rows = read(table(units, blank))
    done = assemble(reader, None, {}, rows)
    assert [row.problems for row in rows if row.problems] == []
    assert said(done.data) == units
    assert done.effects[rows[0].line].new


@settings(deadline=None)
@given(UNITS, st.booleans())
def test_saying_it_again_changes_nothing(units, blank):
    reader, rows = read(table(units, blank))
    once = assemble(reader, None, {}, rows).data
    reader, rows = read(table(units, not blank))
    again = assemble(reader, once, {}, rows)
    assert again.data == once
    assert not any(effect.new or effect.changes for effect in again.effects.values())


@settings(deadline=None)
@given(UNITS, UNITS)
def test_what_a_file_does_not_name_stays(before, after):
    reader, rows = read(table(before, blank=False))
    base = assemble(reader, None, {}, rows).data
    units = tuple(replace(unit, code=f"U9{number}") for number, unit in enumerate(base.units))
    kept = replace(base, units=units)
    reader, rows = read(table(after, blank=False))
    done = assemble(reader, kept, {}, rows).data
    assert done.units[: len(kept.units)] == kept.units
    assert said(replace(done, units=done.units[len(kept.units) :])) == after
