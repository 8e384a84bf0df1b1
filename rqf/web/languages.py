"""The language of the screens: asked for in the address, remembered, else the browser's."""

from __future__ import annotations

from urllib.parse import urlencode

from babel import Locale
from flask import Flask, current_app, request
from flask_babel import Babel, get_locale, gettext

from rqf import paths
from rqf.errors import N_, Message
from rqf.matching.points import tally, would_change
from rqf.rules import terms

COOKIE = "rqf_language"
_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Choose the language of each answer."""
    Babel(
        app,
        locale_selector=_choose,
        default_locale=app.config["LANGUAGES"][0],
        default_translation_directories=str(paths.TRANSLATIONS),
    )
    app.after_request(_remember)
    app.context_processor(
        lambda: {
            "locale": language(),
            "languages": _offered(),
            "say": say,
            "country_name": country_name,
            "word": word,
            "unit_word": unit_word,
            "element_word": lambda code: word(terms.Element(code)),
            "difference_word": lambda code: word(terms.Difference(code)),
            "tally": tally,
            "would_change": would_change,
        }
    )


def language() -> str:
    """Return the language of this answer, as a two-letter code."""
    locale = get_locale()
    return locale.language if locale else current_app.config["LANGUAGES"][0]


def say(message: Message) -> str:
    """Return a message from below the doors in the reader's language; enumerated values are worded too."""
    values = {name: word(value) for name, value in message.values.items()}
    return gettext(message.template) % values if values else gettext(message.template)


def country_name(code: str | None) -> str:
    """Return the name of a country in the reader's language."""
    if not code:
        return ""
    return Locale(language()).territories.get(code, code)


def word(value):
    """Return the reader's word for a member of an enumeration; anything else unchanged."""
    if isinstance(value, terms.StrEnum):
        return gettext(WORDS.get((type(value).__name__, value.value), value.value.replace("_", " ")))
    return value


def unit_word(unit: str | None) -> str:
    """Return the reader's word for a unit of volume; a unit of the source's own is said as it stands."""
    return gettext(_UNITS[unit]) if unit in _UNITS else unit or ""


def _choose() -> str | None:
    offered = current_app.config["LANGUAGES"]
    for wanted in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wanted in offered:
            return wanted
    return request.accept_languages.best_match(offered) or offered[0]


def _remember(response):
    wanted = request.args.get("lang")
    if wanted in current_app.config["LANGUAGES"] and wanted != request.cookies.get(COOKIE):
        response.set_cookie(
            COOKIE, wanted, max_age=_YEAR, samesite="Lax", httponly=True,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )  # fmt: skip
    response.vary.update(["Accept-Language", "Cookie"])
    response.headers.setdefault("Content-Language", language())
    return response


def _offered() -> list[tuple[str, str, str]]:
    """Return code, own name and address of this page for each language."""
    arguments = {name: values for name, values in request.args.lists() if name != "lang"}
    offered = []
    for code in current_app.config["LANGUAGES"]:
        query = "&".join(_encoded(arguments) + [f"lang={code}"])
        offered.append((code, Locale(code).get_display_name(code).capitalize(), f"{request.path}?{query}"))
    return offered


def _encoded(arguments: dict[str, list[str]]) -> list[str]:
    text = urlencode(arguments, doseq=True)
    return [text] if text else []


_UNITS = {
    "hours": N_("hours"),
    "credits": N_("credits"),
    "months": N_("months"),
    "semesters": N_("semesters"),
    "years": N_("years"),
}
#: (enumeration, member) -> the word on the screen.
WORDS = {
    ("Role", "officer"): N_("ministry officer"),
    ("Role", "reviewer"): N_("reviewer"),
    ("Role", "secretariat"): N_("regional secretariat"),
    ("EditionStatus", "proposed"): N_("proposed"),
    ("EditionStatus", "in_force"): N_("in force"),
    ("EditionStatus", "retired"): N_("retired"),
    ("ReferencingStatus", "proposed"): N_("proposed"),
    ("ReferencingStatus", "under_review"): N_("under review"),
    ("ReferencingStatus", "endorsed"): N_("endorsed"),
    ("ReferencingStatus", "withdrawn"): N_("withdrawn"),
    ("QualificationType", "qualification"): N_("qualification"),
    ("QualificationType", "sector_qualification"): N_("sector qualification"),
    ("QualificationType", "training_programme"): N_("training programme"),
    ("QualificationType", "occupational_standard"): N_("occupational standard"),
    ("VersionStatus", "draft"): N_("draft"),
    ("VersionStatus", "published"): N_("current"),
    ("VersionStatus", "superseded"): N_("superseded"),
    ("VersionStatus", "retired"): N_("retired"),
    ("FindingKind", "triangle"): N_("equivalences that contradict each other"),
    ("FindingKind", "levels_apart"): N_("equivalent, but at levels far apart"),
    ("FindingKind", "title_drift"): N_("the same title at levels far apart"),
    ("FindingKind", "outside_referencing"): N_("outside the referenced range"),
    ("FindingKind", "old_version"): N_("decided on a version that is no longer in force"),
    ("FindingStatus", "open"): N_("open"),
    ("FindingStatus", "settled"): N_("settled"),
    ("FindingStatus", "closed"): N_("cause gone"),
    ("BatchStatus", "read"): N_("read"),
    ("BatchStatus", "checked"): N_("checked"),
    ("BatchStatus", "applied"): N_("applied"),
    ("BatchStatus", "undone"): N_("undone"),
    ("RowVerdict", "new"): N_("new"),
    ("RowVerdict", "changed"): N_("changed"),
    ("RowVerdict", "unchanged"): N_("unchanged"),
    ("RowVerdict", "wrong"): N_("with errors"),
    ("RowVerdict", "disappeared"): N_("not in the file any more"),
    ("GoneFate", "ask"): N_("to be asked"),
    ("GoneFate", "keep"): N_("stays in force"),
    ("GoneFate", "retire"): N_("will be retired"),
    ("GoneFate", "supersede"): N_("will be superseded"),
    ("JobState", "queued"): N_("waiting for its turn"),
    ("JobState", "running"): N_("under way"),
    ("JobState", "done"): N_("done"),
    ("JobState", "failed"): N_("failed"),
    ("JobState", "cancelled"): N_("cancelled"),
    ("MappingStatus", "draft"): N_("draft"),
    ("MappingStatus", "submitted"): N_("submitted"),
    ("MappingStatus", "in_review"): N_("in review"),
    ("MappingStatus", "returned"): N_("returned"),
    ("MappingStatus", "endorsed"): N_("endorsed"),
    ("MappingStatus", "rejected"): N_("rejected"),
    ("MappingStatus", "superseded"): N_("superseded"),
    ("MappingStatus", "withdrawn"): N_("withdrawn"),
    ("MappingStep", "submit"): N_("submit"),
    ("MappingStep", "open"): N_("open the review"),
    ("MappingStep", "endorse"): N_("endorse"),
    ("MappingStep", "return"): N_("return with a question"),
    ("MappingStep", "reject"): N_("reject"),
    ("MappingStep", "withdraw"): N_("withdraw"),
    ("MappingStep", "supersede"): N_("supersede"),
    ("RoundMode", "single"): N_("one reviewer decides"),
    ("RoundMode", "double"): N_("two place apart, a third reconciles"),
    ("ItemStatus", "placing"): N_("being placed"),
    ("ItemStatus", "reconciling"): N_("to be reconciled"),
    ("ItemStatus", "done"): N_("done"),
    ("Part", "decision"): N_("decide"),
    ("Part", "placement"): N_("place"),
    ("Part", "reconciliation"): N_("reconcile"),
    ("AssignmentStatus", "open"): N_("open"),
    ("AssignmentStatus", "done"): N_("done"),
    ("AssignmentStatus", "released"): N_("handed on"),
    ("Conclusion", "full"): N_("full"),
    ("Conclusion", "partial"): N_("partial"),
    ("Conclusion", "conditional"): N_("conditional"),
    ("Conclusion", "none"): N_("not equivalent"),
    ("Conclusion", "undetermined"): N_("undetermined"),
    ("EquivalenceStatus", "endorsed"): N_("endorsed"),
    ("EquivalenceStatus", "superseded"): N_("superseded"),
    ("EquivalenceStatus", "withdrawn"): N_("withdrawn"),
    ("Element", "level"): N_("level"),
    ("Element", "workload"): N_("workload"),
    ("Element", "quality"): N_("quality"),
    ("Element", "profile"): N_("profile"),
    ("Element", "outcomes"): N_("learning outcomes"),
    ("Difference", "none"): N_("no difference"),
    ("Difference", "minor"): N_("minor"),
    ("Difference", "substantial"): N_("substantial"),
    ("Difference", "unknown"): N_("not known"),
    ("OutcomeDomain", "knowledge"): N_("knowledge"),
    ("OutcomeDomain", "skills"): N_("skills"),
    ("OutcomeDomain", "application"): N_("application in context"),
    ("Relation", "exact"): N_("the same"),
    ("Relation", "close"): N_("nearly the same"),
    ("Relation", "broad"): N_("A says more"),
    ("Relation", "narrow"): N_("A says less"),
    ("Relation", "related"): N_("share a part"),
    ("Relation", "refused"): N_("nothing in common"),
    ("Relation", "none"): N_("no counterpart"),
    ("Reach", "open"): N_("not decided by both sides"),
    ("Reach", "bilateral"): N_("bilateral"),
    ("Reach", "regional"): N_("regional"),
    ("EvidenceKind", "programme"): N_("study programme"),
    ("EvidenceKind", "standard"): N_("standard"),
    ("EvidenceKind", "legal_act"): N_("legal act"),
    ("EvidenceKind", "study"): N_("study"),
    ("EvidenceKind", "other"): N_("other"),
    ("Purpose", "employment"): N_("employment"),
    ("Purpose", "further_study"): N_("further study"),
    ("Purpose", "regulated_occupation"): N_("a regulated occupation"),
    ("StatementState", "valid"): N_("valid"),
    ("StatementState", "superseded"): N_("superseded"),
    ("StatementState", "withdrawn"): N_("withdrawn"),
    ("Verification", "yes"): N_("confirmed in the source"),
    ("Verification", "partial"): N_("partly confirmed"),
    ("Verification", "no"): N_("not confirmed"),
}
