"""What a statement says, as plain values that go into JSON: the records, the decisions, the comparison.

The shape is the schema ``rqf-statement-1`` (docs/statements.md). A change of shape is a new schema, and
statements of the old one are still shown. Nothing here is looked up again once a statement has been issued.
"""

from __future__ import annotations

from datetime import date

from rqf.errors import N_, message
from rqf.lookup import ComparisonPage
from rqf.matching.outcomes import Alignment, Pair
from rqf.models import (
    Equivalence,
    FrameworkEdition,
    QualificationVersion,
)
from rqf.models.tables import said
from rqf.rules.comparison import Comparison
from rqf.rules.terms import Conclusion, Purpose
from rqf.statements.records import Plain, day
from rqf.statements.speech import Speech

_DISCLAIMERS = (
    N_(
        "This statement informs about two records of the register as they stood on the day of issue. It is "
        "not a decision on recognition: that is taken by the competent authority or institution concerned."
    ),
    N_(
        "It is about qualifications, not about a person. It does not confirm that anybody holds one of them, "
        "nor that a certificate is genuine."
    ),
    N_(
        "Only what people of the participating countries decided is called an equivalence here. What is "
        "marked “suggested” was computed, and nobody has decided on it. The same level alone does not make "
        "two qualifications equivalent."
    ),
)
_DEMONSTRATION = N_(
    "Issued by a demonstration site: learning outcomes are working drafts, decisions are samples, and the "
    "regional framework is a proposal that nobody has adopted. It has no effect anywhere."
)


def freeze_edition(edition: FrameworkEdition, speech: Speech) -> Plain:
    """Return the regional edition that levels are about, with how official it is."""
    return {
        "code": edition.framework.code,
        "label": edition.label,
        "title": said(edition.framework.titles, speech.language),
        "levels": len(edition.levels),
        "status": edition.status.value,
        "status_text": speech.word(edition.status),
    }


def freeze_decided(page: ComparisonPage, one: Equivalence, speech: Speech) -> Plain:
    """Return an equivalence that people decided: what, between which versions, who, when and why."""
    forward = one.from_version.qualification_id == page.a.qualification_id
    return {
        "number": one.number,
        "conclusion": one.conclusion.value,
        "conclusion_text": speech.say(message(N_("Not equivalent")))
        if one.conclusion == Conclusion.NONE
        else speech.say(message(N_("Equivalence: %(conclusion)s"), conclusion=one.conclusion)),
        "from": "a" if forward else "b",
        "from_version": one.from_version.number,
        "to_version": one.to_version.number,
        "earlier": page.earlier(one),
        "purpose": one.purpose,
        "purpose_text": purpose_text(one.purpose, speech),
        "rationale": one.rationale,
        "valid_from": day(one.valid_from),
        "valid_to": day(one.valid_to),
        "decisions": [
            {
                "country": each.country_code,
                "country_name": speech.country(each.country_code),
                "by": each.account.name,
                "on": day(each.at.date()),
                "endorsed": each.endorsed,
                "reason": each.reason,
            }
            for each in one.decisions
        ],
    }


def freeze_comparison(result: Comparison, speech: Speech) -> Plain:
    """Return the five elements and what they indicate: a suggestion, whatever it says."""
    indicated = (
        speech.say(message(N_("little in common")))
        if result.indication == Conclusion.NONE
        else speech.word(result.indication)
    )
    return {
        "elements": [
            {
                "element": one.element.value,
                "element_text": speech.word(one.element),
                "difference": one.difference.value,
                "difference_text": speech.word(one.difference),
                "reason": speech.say(one.reason),
            }
            for one in result.elements
        ],
        "indication": result.indication.value,
        "indication_text": indicated,
        "reason": speech.say(result.reason),
    }


def freeze_alignment(page: ComparisonPage) -> Plain | None:
    """Return which outcomes were paired, by the keys that they have in the frozen records."""
    if page.alignment is None:
        return None
    keys = {**_outcome_keys("a", page.a), **_outcome_keys("b", page.b)}
    told: Alignment = page.alignment
    return {
        "a_covers_b": round(told.coverage_a_of_b, 1),
        "b_covers_a": round(told.coverage_b_of_a, 1),
        "matched": [_pair(one, keys) for one in told.pairs],
        "partial": [_pair(one, keys) for one in told.partial],
        "missing": [keys[one] for one in told.missing],
        "extra": [keys[one] for one in told.extra],
    }


def freeze_purpose(
    purpose: Purpose, awarded: date | None, version: QualificationVersion, speech: Speech
) -> Plain:
    """Return what the statement is for; an award outside the version's validity is said."""
    return {
        "purpose": purpose.value,
        "purpose_text": speech.word(purpose),
        "awarded_on": day(awarded),
        "award_note": _award_note(awarded, version, speech),
    }


def disclaimers(speech: Speech, *, demonstration: bool) -> list[str]:
    """Return what the statement is not."""
    shown = (_DEMONSTRATION, *_DISCLAIMERS) if demonstration else _DISCLAIMERS
    return [speech.say(message(one)) for one in shown]


def purpose_text(purpose: str, speech: Speech) -> str:
    """Return the word for a purpose; one that the register does not know is said as it stands."""
    return speech.word(Purpose(purpose)) if purpose in set(Purpose) else purpose


def _award_note(awarded: date | None, version: QualificationVersion, speech: Speech) -> str | None:
    if awarded is None:
        return None
    values = {"version": version.number, "day": day(awarded)}
    if version.valid_from and awarded < version.valid_from:
        return speech.say(
            message(
                N_("Version %(version)s of A is in force from %(start)s; the award of %(day)s was earlier."),
                start=day(version.valid_from),
                **values,
            )
        )
    end = version.last_award or version.valid_to
    if end and awarded > end:
        return speech.say(
            message(
                N_("Version %(version)s of A was awarded until %(end)s; the award of %(day)s was later."),
                end=day(end),
                **values,
            )
        )
    return None


def _outcome_keys(side: str, version: QualificationVersion) -> dict[int | str, str]:
    return {
        one.id: f"{side}{unit}.{place}"
        for unit, link in enumerate(version.units, 1)
        for place, one in enumerate(link.unit.outcomes, 1)
    }


def _pair(pair: Pair, keys: dict[int | str, str]) -> Plain:
    return {
        "a": keys[pair.a],
        "b": keys[pair.b],
        "score": round(pair.score, 1),
        "words_a": list(pair.matched_words),
        "words_b": list(pair.matched_words_b),
    }
