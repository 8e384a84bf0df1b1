"""Two qualifications on the five elements: level, workload, quality, profile, learning outcomes.

The elements and the idea that only a *substantial* difference counts follow the European Area of Recognition
manual (chapters 5 and 10). A comparison indicates; it decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from rqf.errors import N_, Message, message
from rqf.rules.terms import Conclusion, Difference, Element, QualificationType, Verification

#: Workloads that differ by less than a quarter are alike; one below half of the other is substantial.
_ALIKE, _HALF = 0.75, 0.5
#: Shares of the other side's outcomes (0-100) from which the indication is full, conditional, partial.
COVERS, COVERS_MOST, COVERS_SOME = 80.0, 60.0, 20.0


@dataclass(frozen=True)
class Standing:
    """Regional levels of a record, and whether people decided them or only a referencing says so."""

    low: int
    high: int
    decided: bool


@dataclass(frozen=True)
class Side:
    """What a comparison asks of a record. ``hours`` is the workload, None when the source gives none.

    Credits count only between records of one ``credit_scheme``: their hours differ from country to country.
    """

    type: QualificationType
    level: Standing | None = None
    hours: float | None = None
    credits: float | None = None
    credit_scheme: str | None = None
    isced_f: str | None = None
    sector: str | None = None
    awarding_body: bool = False
    verified: Verification = Verification.NO
    outcomes: int = 0


@dataclass(frozen=True)
class Overlap:
    """How much of the other side's outcomes each side has, 0-100."""

    a_of_b: float
    b_of_a: float


@dataclass(frozen=True)
class ElementResult:
    """One element: how large the difference is, and the reason as a sentence."""

    element: Element
    difference: Difference
    reason: Message


@dataclass(frozen=True)
class Comparison:
    """The five elements, what they indicate for using A in place of B, and why."""

    elements: tuple[ElementResult, ...]
    indication: Conclusion
    reason: Message

    def of(self, element: Element) -> ElementResult:
        """Return the result for one element."""
        return next(result for result in self.elements if result.element == element)


def compare(a: Side, b: Side, overlap: Overlap | None) -> Comparison:
    """Compare A with B. ``overlap`` is None when a side has no outcomes to compare."""
    elements = (_level(a, b), _workload(a, b), _quality(a, b), _profile(a, b), _outcomes(a, b, overlap))
    indication, reason = _indicate(a, b, elements, overlap)
    return Comparison(elements, indication, reason)


def is_certificate(type: QualificationType) -> bool:
    """Tell whether a record is a certificate of a standard and not a whole qualification."""
    return type == QualificationType.OCCUPATIONAL_STANDARD


def mixed(a: Side, b: Side) -> bool:
    """Tell whether one side is a certificate of a standard and the other a whole qualification."""
    return is_certificate(a.type) != is_certificate(b.type)


def _level(a: Side, b: Side) -> ElementResult:
    if a.level is None or b.level is None:
        return ElementResult(
            Element.LEVEL, Difference.UNKNOWN, message(N_("At least one side has no regional level yet."))
        )
    apart = max(0, a.level.low - b.level.high, b.level.low - a.level.high)
    if apart == 0:
        return ElementResult(
            Element.LEVEL,
            Difference.NONE,
            message(N_("The regional levels meet. The same level alone does not make them equivalent.")),
        )
    size = Difference.MINOR if apart == 1 else Difference.SUBSTANTIAL
    return ElementResult(
        Element.LEVEL, size, message(N_("The regional levels are %(apart)s apart."), apart=apart)
    )


def _workload(a: Side, b: Side) -> ElementResult:
    if a.hours and b.hours:
        size, percent = _apart(a.hours, b.hours)
        if size == Difference.NONE:
            reason = message(
                N_("The shorter one has %(percent)s %% of the hours of the longer."), percent=percent
            )
        else:
            reason = message(
                N_("The shorter one has only %(percent)s %% of the hours of the longer."), percent=percent
            )
        return ElementResult(Element.WORKLOAD, size, reason)
    if a.credits and b.credits and a.credit_scheme == b.credit_scheme:
        size, percent = _apart(a.credits, b.credits)
        return ElementResult(
            Element.WORKLOAD,
            size,
            message(
                N_("Both state credits of one scheme; the smaller has %(percent)s %% of the larger."),
                percent=percent,
            ),
        )
    return ElementResult(
        Element.WORKLOAD,
        Difference.UNKNOWN,
        message(N_("At least one source gives no hours. Credits are not converted without a stated basis.")),
    )


def _apart(a: float, b: float) -> tuple[Difference, int]:
    """Return how far two sizes are apart, and what percentage of the larger the smaller is."""
    share = min(a, b) / max(a, b)
    if share >= _ALIKE:
        return Difference.NONE, round(100 * share)
    return Difference.MINOR if share >= _HALF else Difference.SUBSTANTIAL, round(100 * share)


def _quality(a: Side, b: Side) -> ElementResult:
    if not (a.awarding_body and b.awarding_body):
        return ElementResult(
            Element.QUALITY, Difference.UNKNOWN, message(N_("At least one side names no awarding body."))
        )
    if Verification.NO in (a.verified, b.verified):
        return ElementResult(
            Element.QUALITY,
            Difference.UNKNOWN,
            message(N_("At least one record has not been confirmed in its source.")),
        )
    if a.verified == b.verified == Verification.PARTIAL:
        return ElementResult(
            Element.QUALITY,
            Difference.UNKNOWN,
            message(N_("Both records are only partly confirmed in their source.")),
        )
    if Verification.PARTIAL in (a.verified, b.verified):
        return ElementResult(
            Element.QUALITY,
            Difference.MINOR,
            message(N_("Both name an awarding body; a record is only partly confirmed in its source.")),
        )
    return ElementResult(
        Element.QUALITY,
        Difference.NONE,
        message(N_("Both name an awarding body and are confirmed in their source.")),
    )


def _profile(a: Side, b: Side) -> ElementResult:
    if mixed(a, b):
        return ElementResult(
            Element.PROFILE,
            Difference.SUBSTANTIAL,
            message(N_("One is a certificate of an occupational standard, the other a whole qualification.")),
        )
    field = _field(a, b)
    if a.type != b.type and field.difference != Difference.SUBSTANTIAL:
        return ElementResult(
            Element.PROFILE,
            Difference.MINOR,
            message(N_("They are of different types, so they may serve different purposes.")),
        )
    return field


def _field(a: Side, b: Side) -> ElementResult:
    if a.isced_f and b.isced_f:
        if a.isced_f == b.isced_f:
            return ElementResult(
                Element.PROFILE, Difference.NONE, message(N_("Both belong to the same field of study."))
            )
        near = a.isced_f[:3] == b.isced_f[:3] or (a.sector is not None and a.sector == b.sector)
        return ElementResult(
            Element.PROFILE,
            Difference.MINOR if near else Difference.SUBSTANTIAL,
            message(N_("They belong to neighbouring fields of study."))
            if near
            else message(N_("They belong to different fields of study.")),
        )
    if a.sector and b.sector and a.sector == b.sector:
        return ElementResult(
            Element.PROFILE,
            Difference.UNKNOWN,
            message(N_("The sector is the same; a field of study is missing.")),
        )
    return ElementResult(
        Element.PROFILE, Difference.UNKNOWN, message(N_("At least one side has no field of study."))
    )


def _outcomes(a: Side, b: Side, overlap: Overlap | None) -> ElementResult:
    if overlap is None or not a.outcomes or not b.outcomes:
        return ElementResult(
            Element.OUTCOMES,
            Difference.UNKNOWN,
            message(N_("At least one side has no learning outcomes yet.")),
        )
    values = {"a_of_b": round(overlap.a_of_b), "b_of_a": round(overlap.b_of_a)}
    least = min(overlap.a_of_b, overlap.b_of_a)
    if least >= COVERS:
        size = Difference.NONE if least >= 95 else Difference.MINOR
    else:
        size = Difference.MINOR if least >= COVERS_MOST else Difference.SUBSTANTIAL
    return ElementResult(
        Element.OUTCOMES,
        size,
        message(
            N_("A covers %(a_of_b)s %% of the outcomes of B, B covers %(b_of_a)s %% of those of A."), **values
        ),
    )


def _indicate(
    a: Side, b: Side, elements: tuple[ElementResult, ...], overlap: Overlap | None
) -> tuple[Conclusion, Message]:
    if overlap is None:
        return Conclusion.UNDETERMINED, message(
            N_("Without learning outcomes on both sides nothing can be said about their content.")
        )
    covered = round(overlap.a_of_b)
    if overlap.a_of_b < COVERS_SOME:
        return Conclusion.NONE, message(
            N_("Only %(covered)s %% of the outcomes are covered."), covered=covered
        )
    if mixed(a, b):
        # A law of the register: a certificate compared with a whole qualification is never full.
        return Conclusion.PARTIAL, message(
            N_("A certificate and a whole qualification can correspond only in part, unit by unit.")
        )
    large = [
        one.element
        for one in elements
        if one.difference == Difference.SUBSTANTIAL and one.element != Element.OUTCOMES
    ]
    if elements[0].difference == Difference.UNKNOWN:
        return Conclusion.UNDETERMINED, message(
            N_("The outcomes can be compared, but a regional level is missing.")
        )
    if large:
        return Conclusion.PARTIAL, message(
            N_("%(covered)s %% of the outcomes are covered, but another element differs substantially."),
            covered=covered,
        )
    if overlap.a_of_b >= COVERS:
        return Conclusion.FULL, message(
            N_("%(covered)s %% of the outcomes are covered and no element differs substantially."),
            covered=covered,
        )
    if overlap.a_of_b >= COVERS_MOST:
        return Conclusion.CONDITIONAL, message(
            N_("%(covered)s %% of the outcomes are covered; the missing ones could be a condition."),
            covered=covered,
        )
    return Conclusion.PARTIAL, message(N_("%(covered)s %% of the outcomes are covered."), covered=covered)
