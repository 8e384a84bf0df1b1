"""The documentation shows the life cycles as they are in the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from rqf.rules.terms import Judgement
from rqf.rules.workflow import table

PAGE = (Path(__file__).parents[2] / "docs" / "workflow.md").read_text("utf-8")


@pytest.mark.parametrize("kind", list(Judgement))
def test_the_page_shows_the_table_of_the_rules(kind):
    assert f"\n{table(kind)}\n" in PAGE
