"""How far people agree, and how far suggestions can be relied on: one page for two desks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import render_template
from flask_babel import format_decimal, format_percent

from rqf import review
from rqf.models.tables import said
from rqf.review import Confusion
from rqf.rules.agreement import Estimate
from rqf.web import guard
from rqf.web.database import db
from rqf.web.languages import country_name, language

#: A coefficient of fewer cases says nothing, and its interval less.
FEWEST = 5


@dataclass(frozen=True)
class Heat:
    """A table of cases by two levels; ``cells[row][column]`` and the largest of them."""

    levels: list[float]
    cells: list[list[int]]
    largest: int

    @property
    def cases(self) -> int:
        """Return how many cases there are."""
        return sum(map(sum, self.cells))


def show(caption: str) -> str:
    """Return the page of the figures; pairs of people are in the report of the secretariat alone."""
    report = review.measure_agreement(db(), guard.actor())
    titles = report.sector_titles
    return render_template(
        "reviewer/agreement.html",
        caption=caption,
        report=report,
        groups=[
            ("countries", [(country_name(one.name), one) for one in report.countries]),
            (
                "sectors",
                [(said(titles.get(one.name, {}), language()) or one.name, one) for one in report.sectors],
            ),
            ("rounds", [(one.name, one) for one in report.rounds]),
        ],
        confusion=_heat(report.confusion),
        suggested=_heat(report.suggested),
        figure=_figure,
        percent=lambda share: format_percent(share, "0 %" if language() == "es" else "0%"),
        level_name=lambda level: format_decimal(level, "0.#"),
    )


def _heat(cases: Confusion) -> Heat:
    levels = _ladder(level for pair in cases for level in pair)
    cells = [[cases.get((row, column), 0) for column in levels] for row in levels]
    return Heat(levels, cells, max(map(max, cells), default=0) if cells else 0)


def _ladder(levels: Iterable[float]) -> list[float]:
    return sorted(set(levels))


def _figure(estimate: Estimate) -> tuple[str, str]:
    """Return a coefficient and its interval as texts; empty ones where there is none."""
    if estimate.value is None or estimate.low is None or estimate.high is None or estimate.cases < FEWEST:
        return "", ""
    ends = (format_decimal(one, "0.00") for one in (estimate.low, estimate.high))
    return format_decimal(estimate.value, "0.00"), " – ".join(ends)
