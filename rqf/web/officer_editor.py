"""Entering and changing a qualification: the form, its repeatable parts, and what is close to it."""

from __future__ import annotations

from typing import Any

from babel import Locale
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from rqf import registry
from rqf.errors import Changed, Invalid, NotFound
from rqf.models import QualificationVersion
from rqf.models.tables import said
from rqf.registry import QualificationData, classifications
from rqf.rules.terms import OutcomeDomain, QualificationType, Verification
from rqf.web import guard, officer_merging, problems
from rqf.web.database import db, refuse
from rqf.web.forms.qualification import QualificationForm, other_language, unit_values
from rqf.web.languages import language, word
from rqf.web.officer import bp, member, own_country

_KINDS = ("isced_f", "isco_08")
#: Languages that a title may be issued in.
_LANGUAGES = ("es", "en", "fr", "pt")


@bp.route("/qualifications/new", methods=["GET", "POST"])
def new():
    """Enter a qualification in the register."""
    return _edit(None)


@bp.route("/qualifications/<uuid>/edit", methods=["GET", "POST"])
def edit(uuid: str):
    """Change a draft, or begin the next version of what is published."""
    return _edit(registry.find_own(db(), guard.actor(), uuid))


@bp.get("/fragments/close")
def close():
    """Show what is close to the title being typed."""
    typed = request.args
    exclude = typed.get("exclude")
    known = registry.find_own(db(), guard.actor(), exclude).qualification_id if exclude else None
    found = registry.close_records(
        db(), own_country(), typed.get("title", "")[:500], typed.get("original_language", "es")[:8],
        code=typed.get("code", "")[:60] or None, exclude=known,
        type=member(QualificationType, typed.get("type")),
    )  # fmt: skip
    return render_template("officer/_close.html", close=found)


@bp.get("/fragments/classification/<kind>")
def classification(kind: str):
    """Show the entries of a classification that what is typed may mean."""
    if kind not in _KINDS:
        raise NotFound("There is no such classification.")
    found = classifications.search(kind, request.args.get(kind, "")[:100], language())
    return render_template("officer/_classification.html", kind=kind, found=found)


def _edit(version: QualificationVersion | None):
    before = registry.describe(version) if version else None
    country = version.country_code if version else own_country()
    start: dict[str, Any] = {"original_language": "es", "type": "qualification"}
    if version:
        start = {
            **officer_merging.texts_of(version),
            "expected": officer_merging.expected(version),
            "seen": officer_merging.keep(version),
        }
    form = QualificationForm(data=start)
    do = request.form.get("do", "save")
    if request.method == "GET":
        return _page(form, version, country)
    if not form.validate_on_submit() or do != "save":
        return _page(_changed(form, do, country, before), version, country, do)
    return _keep(form, version, country, before)


@bp.post("/qualifications/<uuid>/merge")
def merge(uuid: str):
    """Save what two officers made of the same text, merged."""
    version = registry.find_own(db(), guard.actor(), uuid)
    form = officer_merging.settled(version)
    if isinstance(form, str):
        return form, 422
    return _keep(form, version, version.country_code, registry.describe(version))


def _keep(
    form: QualificationForm,
    version: QualificationVersion | None,
    country: str,
    before: QualificationData | None,
):
    """Save the form; show it again with what is wrong, or beside what somebody else saved in the meantime."""
    uuid = version.qualification.uuid if version else ""
    try:
        saved = _save(form, version, country, before)
    except Changed:
        refuse()
        return officer_merging.page(form, registry.find_own(db(), guard.actor(), uuid)), 409
    if saved is None:
        return _again(form, version, country), 422
    flash(gettext("The draft of “%(title)s” is saved.", title=saved.title), "success")
    return redirect(url_for("officer.record", uuid=saved.qualification.uuid), 303)


def _again(form: QualificationForm, version: QualificationVersion | None, country: str) -> str:
    refuse()
    return _page(form, version, country)


def _save(
    form: QualificationForm,
    version: QualificationVersion | None,
    country: str,
    before: QualificationData | None,
) -> QualificationVersion | None:
    """Return the saved version, or None with the complaints beside the fields."""
    data, unread = form.description(country, before)
    try:
        if unread:
            registry.check(db(), data, version.qualification if version else None)
        elif version is None:
            return registry.register(db(), guard.actor(), data)
        else:
            number, _, revision = (form.expected.data or "").partition(".")
            return registry.revise(
                db(), guard.actor(), version.qualification.uuid, data,
                expected_revision=_whole(revision), expected_number=_whole(number),
            )  # fmt: skip
    except Invalid as error:
        fields = {place: said for place, said in error.fields.items() if place not in unread}
        problems.show(form, fields, lambda place: _field_of(place, form))
    problems.show(form, unread, str)
    return None


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _field_of(place: str, form: QualificationForm) -> str:
    """Return the field of the form that a place of the description is entered in."""
    steps = place.split(".")
    language_ = form.original_language.data
    if steps[0] == "units" and len(steps) > 1 and steps[1].isdecimal():
        unit = form.units.entries[int(steps[1])].form
        language_ = unit.language.data or language_
    for name, field in (("titles", "title"), ("texts", "text")):
        if name in steps:
            at = steps.index(name)
            theirs = steps[at + 1] if len(steps) > at + 1 else language_
            return ".".join([*steps[:at], field if theirs == language_ else "translation"])
    return place


def _changed(
    form: QualificationForm, do: str, country: str, before: QualificationData | None
) -> QualificationForm:
    """Return the form after one of its own buttons: parts added, removed, moved, or chosen."""
    typed = {name: value for name, value in form.data.items() if name != "csrf_token"}
    verb, _, where = do.partition(":")
    path = where.split(".")
    if verb == "use-unit":
        unit = next((one for one in _found_units(form, country) if one.uuid == where), None)
        if unit:
            typed["units"].append(unit_values(registry.describe_unit(unit)))
    elif verb in _KINDS and classifications.find(verb, where):
        typed[verb] = where
    elif verb == "add-unit":
        typed["units"].append({"mandatory": True, "outcomes": [{"domain": "skills"}]})
    elif verb == "add-outcome" and _there(typed["units"], path[0]):
        typed["units"][int(path[0])]["outcomes"].append({"domain": "skills"})
    elif verb in ("remove", "up", "down"):
        _move(typed["units"], verb, path)
    return QualificationForm(formdata=None, data=typed)


def _move(units: list[dict[str, Any]], verb: str, path: list[str]) -> None:
    """Move or remove the unit (``3``) or outcome (``3.1``) that the path names; a wrong path does nothing."""
    rows = units
    if len(path) == 2 and _there(units, path[0]):
        rows = units[int(path[0])]["outcomes"]
    if not _there(rows, path[-1]):
        return
    place = int(path[-1])
    row = rows.pop(place)
    if verb != "remove":
        rows.insert(max(0, place + (-1 if verb == "up" else 1)), row)


def _there(rows: list[Any], place: str) -> bool:
    return place.isdecimal() and int(place) < len(rows)


def _found_units(form: QualificationForm, country: str) -> list[Any]:
    return registry.find_units(db(), guard.actor(), country, (form.unit_query.data or "")[:300])


def _page(form: QualificationForm, version: QualificationVersion | None, country: str, do: str = ""):
    _offer(form, country)
    verb = do.partition(":")[0]
    title, issued = (form.title.data or "")[:500], form.original_language.data or "es"
    return render_template(
        "officer/edit.html",
        form=form,
        version=version,
        country=country,
        complaints=problems.listed(form),
        translated_to=other_language(issued),
        classes={kind: classifications.entries(kind) for kind in _KINDS},
        chosen={kind: classifications.find(kind, (form[kind].data or "").strip()) for kind in _KINDS},
        found={
            kind: classifications.search(kind, form[kind].data or "", language())
            for kind in _KINDS
            if verb == f"find-{kind}"
        },
        units=_found_units(form, country) if verb in ("find-unit", "use-unit") else None,
        close=registry.close_records(
            db(), country, title, issued, code=form.code.data or None,
            type=member(QualificationType, form.type.data),
            exclude=version.qualification_id if version else None,
        ),
    )  # fmt: skip


def _offer(form: QualificationForm, country: str) -> None:
    """Fill the lists that are chosen from."""
    lists = registry.choices(db(), country)
    systems = [("", "–"), *((one.code, one.code) for one in lists.code_systems)]
    form.type.choices = [(one.value, word(one).capitalize()) for one in QualificationType]
    form.verified.choices = [(one.value, word(one).capitalize()) for one in reversed(Verification)]
    form.original_language.choices = [(code, _language_name(code)) for code in _LANGUAGES]
    form.code_system.choices = systems
    form.sector.choices = [("", "–"), *((one.code, said(one.titles, language())) for one in lists.sectors)]
    form.level.choices = [("", "–")] + [
        (f"{edition.framework.code}:{level.number}", f"{edition.framework.code} {level.number}")
        for edition in lists.editions
        for level in edition.levels
    ]
    domains = [(one.value, word(one).capitalize()) for one in OutcomeDomain]
    for unit in form.units:
        unit.form.code_system.choices = systems
        for outcome in unit.form.outcomes:
            outcome.form.domain.choices = domains


def _language_name(code: str) -> str:
    return Locale(language()).languages[code].capitalize()
