"""Repairs of cells change how a text is written, never what it says; editions are read from codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rqf.rules.lineage import earlier_editions, edition_of, is_later_edition
from rqf.rules.repairs import (
    repair_amount,
    repair_code,
    repair_date,
    repair_digits,
    repair_text,
    same_but_blanks,
)

EC = r"^EC\d{4}(\.\d{2})?$"


@pytest.mark.parametrize(
    ("text", "became", "kinds"),
    [
        ("plain text", "plain text", ()),
        ("Operación", "Operación", ()),
        (" a ", "a", ("blanks_around",)),
        ("a\n", "a", ("blanks_around",)),
        ("Integración y\xa0 Funcionamiento", "Integración y Funcionamiento", ("hard_blank", "double_blank")),
        ("EC0001\xa0", "EC0001", ("hard_blank", "blanks_around")),
        ("a\r\nb", "a b", ("line_break",)),
        ("a  b", "a b", ("double_blank",)),
        ("OperaciÃ³n", "Operación", ("encoding",)),
        ("Operacio\u0301n", "Operación", ("composed",)),
        ("'=1", "=1", ("apostrophe",)),
        ("'quoted'", "'quoted'", ()),
    ],
)
def test_texts_are_repaired_and_the_repair_is_named(text, became, kinds):
    assert repair_text(text) == (became, kinds)


def test_a_long_text_keeps_its_lines():
    assert repair_text("uno\r\ndos", long=True) == ("uno\ndos", ("line_break",))


@given(some.text(max_size=60))
def test_a_repaired_text_needs_no_second_repair(text):
    once, _ = repair_text(text)
    assert repair_text(once) == (once, ()) or once.startswith("'") or "Ã" in once or "Â" in once


@pytest.mark.parametrize(
    ("code", "became"),
    [
        ("ec0001", "EC0001"),
        ("EC 0001", "EC0001"),
        ("ec 0001.01", "EC0001.01"),
        ("EC1", "EC1"),
        ("x y", "x y"),
    ],
)
def test_codes_take_the_case_of_their_pattern(code, became):
    assert repair_code(code, EC)[0] == became


def test_a_code_without_a_pattern_stays():
    assert repair_code("ec 1", None) == ("ec 1", ())


@pytest.mark.parametrize(
    ("text", "became"),
    [("31/12/2026", "2026-12-31"), ("1-2-2026", "2026-02-01"), ("01.02.2026 00:00", "2026-02-01"),
     ("2026-01-31T00:00:00", "2026-01-31"), ("2026-01-31", "2026-01-31"), ("1/2/26", "1/2/26")],
)  # fmt: skip
def test_dates_are_read_day_first(text, became):
    assert repair_date(text)[0] == became


@pytest.mark.parametrize(
    ("text", "became"),
    [("1,5", "1.5"), ("1.672,00", "1672.00"), ("1,672", "1,672"), ("1.5", "1.5"), ("x", "x")],
)
def test_only_a_comma_that_must_be_a_decimal_one_is_read_so(text, became):
    assert repair_amount(text)[0] == became


def test_a_lost_zero_is_put_back():
    assert (repair_digits("724", 4)[0], repair_digits("72", 4)[0], repair_digits("x24", 4)[0]) == (
        "0724",
        "72",
        "x24",
    )


def test_texts_that_differ_in_blanks_are_the_same():
    assert same_but_blanks("y\xa0 Funcionamiento ", "y Funcionamiento")
    assert not same_but_blanks("yFuncionamiento", "y Funcionamiento")


def test_editions_are_read_from_codes():
    assert edition_of("EC0553.01") == ("EC0553", 1)
    assert edition_of("P-0400-8111-001-V03") == ("P-0400-8111-001", 3)
    assert edition_of("PFMEI-4-04/V.1") == ("PFMEI-4-04", 1)
    assert edition_of("EC0553") == ("EC0553", 0)
    assert earlier_editions("EC0553.03") == ("EC0553.02", "EC0553.01", "EC0553")
    assert earlier_editions("EC0553") == ()
    assert is_later_edition("EC0553.02", "EC0553.01")
    assert not is_later_edition("EC0553", "EC0553.01")
    assert not is_later_edition("EC0554.01", "EC0553")
