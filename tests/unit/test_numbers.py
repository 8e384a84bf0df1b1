"""The numbers of statements: slips of the pen are noticed, ways of writing forgiven."""

from __future__ import annotations

import pytest

from rqf.rules.numbers import read_number, statement_number

NUMBER = statement_number(2026, 123)


def test_a_number_names_the_year_the_count_and_two_check_digits():
    assert NUMBER == "RQF-2026-000123-38"
    assert read_number(NUMBER) == NUMBER


@pytest.mark.parametrize("typed", ["rqf-2026-000123-38", "RQF 2026 000123 38", " RQF202600012338\n"])
def test_the_way_of_writing_is_forgiven(typed):
    assert read_number(typed) == NUMBER


def test_every_wrong_digit_and_every_swap_of_neighbours_is_noticed():
    digits = [place for place, sign in enumerate(NUMBER) if sign.isdecimal()]
    for place in digits:
        for digit in "0123456789":
            typed = NUMBER[:place] + digit + NUMBER[place + 1 :]
            assert (read_number(typed) is not None) == (typed == NUMBER), typed
    for one, other in zip(digits, digits[1:], strict=False):
        signs = list(NUMBER)
        signs[one], signs[other] = signs[other], signs[one]
        swapped = "".join(signs)
        assert (read_number(swapped) is not None) == (swapped == NUMBER), swapped


@pytest.mark.parametrize("typed", ["", "RQF", "RQF-M-2026-000012", "RQF-2026-000123", "x" * 500, "٣٤"])
def test_what_is_no_number_is_none(typed):
    assert read_number(typed) is None
