"""What a proposed equivalence says: checked as a whole, written into the proposal, kept in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rqf.errors import N_
from rqf.lookup import ComparisonPage
from rqf.models import EquivalenceProposal, QualificationVersion
from rqf.registry import Complaints
from rqf.rules.comparison import is_certificate
from rqf.rules.terms import Conclusion, Difference, Element, Purpose

LONGEST_TEXT = 10_000
LONGEST_NOTE = 1_000
#: What can be proposed: that nothing could be found out is no proposal.
CONCLUSIONS = (Conclusion.FULL, Conclusion.PARTIAL, Conclusion.CONDITIONAL, Conclusion.NONE)


@dataclass(frozen=True)
class Terms:
    """What a proposal says. ``differences``: element -> how large, and what it is in words."""

    conclusion: Conclusion | None
    purpose: Purpose | None
    rationale: str
    legal_basis: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    differences: Mapping[Element, tuple[Difference, str]] = field(default_factory=dict)


def checked_terms(terms: Terms, a: QualificationVersion, b: QualificationVersion) -> Terms:
    """Return what a proposal says, its texts cleaned.

    :raises Invalid: with everything that is wrong.
    """
    wrong = Complaints()
    if terms.conclusion not in CONCLUSIONS:
        wrong.add("conclusion", N_("Choose what A is worth in place of B."))
    if terms.purpose is None:
        wrong.add("purpose", N_("Choose what it is worth it for."))
    mixed = is_certificate(a.qualification.type) != is_certificate(b.qualification.type)
    if mixed and terms.conclusion == Conclusion.FULL:
        wrong.add(
            "conclusion",
            N_("A certificate of a standard and a whole qualification are never fully equivalent."),
        )
    rationale = wrong.clean("rationale", terms.rationale, LONGEST_TEXT) or ""
    if not rationale and "rationale" not in wrong:
        wrong.add("rationale", N_("Say why: the reviewers of both countries decide on it."))
    if terms.valid_from and terms.valid_to and terms.valid_from > terms.valid_to:
        wrong.add("valid_to", N_("The last day, %(to)s, is before the first, %(start)s."),
                  to=terms.valid_to.isoformat(), start=terms.valid_from.isoformat())  # fmt: skip
    differences = {
        element: (size, wrong.clean(f"differences.{element}", note, LONGEST_NOTE) or "")
        for element, (size, note) in terms.differences.items()
    }
    large = [element for element, (size, _) in differences.items() if size == Difference.SUBSTANTIAL]
    if terms.conclusion == Conclusion.FULL and large:
        said = N_("With a substantial difference (%(elements)s) it is not fully equivalent.")
        wrong.add("conclusion", said, elements=", ".join(large))
    basis = wrong.clean("legal_basis", terms.legal_basis, LONGEST_NOTE) or ""
    wrong.refuse()
    return Terms(
        terms.conclusion, terms.purpose, rationale, basis, terms.valid_from, terms.valid_to, differences
    )


def fill(proposal: EquivalenceProposal, terms: Terms, page: ComparisonPage) -> None:
    """Write into a proposal what it says, and the coverage of this moment."""
    assert terms.conclusion
    assert terms.purpose
    proposal.conclusion, proposal.purpose = terms.conclusion, terms.purpose
    proposal.rationale, proposal.legal_basis = terms.rationale, terms.legal_basis or None
    proposal.valid_from, proposal.valid_to = terms.valid_from, terms.valid_to
    proposal.differences = {str(one): [size, note] for one, (size, note) in terms.differences.items()}
    alignment = page.alignment
    proposal.coverage = round(alignment.coverage_a_of_b, 1) if alignment else None
    proposal.coverage_back = round(alignment.coverage_b_of_a, 1) if alignment else None


def said_of(proposal: EquivalenceProposal) -> dict[str, Any]:
    """Return what a proposal says, as the audit trail keeps it."""
    return {
        "conclusion": proposal.conclusion, "purpose": proposal.purpose, "rationale": proposal.rationale,
        "legal_basis": proposal.legal_basis, "differences": proposal.differences,
        "valid_from": proposal.valid_from and proposal.valid_from.isoformat(),
        "valid_to": proposal.valid_to and proposal.valid_to.isoformat(),
    }  # fmt: skip
