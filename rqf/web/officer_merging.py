"""Two officers saved one record: the second sees both texts, chooses where they collide, and saves both."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import current_app, render_template
from flask_babel import gettext
from itsdangerous import BadData, URLSafeSerializer

from rqf import lookup, registry
from rqf.errors import N_, Invalid, message
from rqf.models import QualificationVersion
from rqf.models.tables import said
from rqf.rules import merging
from rqf.rules.differences import word_by_word
from rqf.rules.merging import Change, Collision
from rqf.rules.terms import OutcomeDomain, QualificationType, Verification, VersionStatus
from rqf.rules.texts import tidy
from rqf.web import guard
from rqf.web.database import db
from rqf.web.field_words import field_word, value_word
from rqf.web.forms.merging import MergingForm
from rqf.web.forms.qualification import QualificationForm, values
from rqf.web.languages import language

#: Chosen from a list: nothing to be written anew on this page.
_LISTED = {
    "type", "original_language", "code_system", "level", "sector", "verified", "domain", "mandatory",
    "language",
}  # fmt: skip
#: Each officer says why they changed the record: both notes stay.
_JOINED = frozenset({"change_note"})
_WORDS = {"type": QualificationType, "verified": Verification, "domain": OutcomeDomain}


def texts_of(version: QualificationVersion) -> dict[str, Any]:
    """Return what a version says as the texts of the form. The next version has a note of its own."""
    found = values(registry.describe(version))
    return found if version.status == VersionStatus.DRAFT else {**found, "change_note": ""}


def keep(version: QualificationVersion) -> str:
    """Return the text that an officer has before their eyes, signed: what a merge starts from."""
    return _signer("seen", version).dumps(texts_of(version))


def expected(version: QualificationVersion) -> str:
    """Return which text it is that an officer has before their eyes."""
    return f"{version.number}.{version.revision}"


def page(form: QualificationForm, newest: QualificationVersion) -> str:
    """Show what was typed beside what somebody else saved in the meantime, merged as far as it goes."""
    theirs = texts_of(newest)
    yours = _tidied({name: form.data.get(name) for name in theirs})
    found = merging.merge(
        _seen(form.seen.data or "", newest), theirs, yours, lookup.unit_copies(db(), newest), _JOINED
    )
    state = {
        "merged": found.merged,
        "collisions": [asdict(one) for one in found.collisions],
        "theirs": [asdict(one) for one in found.theirs],
        "yours": [asdict(one) for one in found.yours],
        "seen": theirs,
        "expected": expected(newest),
    }
    return _page(state, newest, MergingForm(formdata=None, data=_offered(found.collisions)))


def settled(newest: QualificationVersion) -> QualificationForm | str:
    """Return the merged text as a form that can be saved, or the page again when a choice is missing.

    :raises Invalid: the page that was sent is not one of ours.
    """
    form = MergingForm()
    try:
        state = _signer("merge", newest).loads(form.state.data or "")
    except BadData:
        raise Invalid({"state": [message(N_("Open the record again: this page cannot be read."))]}) from None
    collisions = [Collision(**one) for one in state["collisions"]]
    for one in _offered(collisions)["choices"][len(form.choices) :]:
        form.choices.append_entry(one)
    chosen: dict[str, Any] = {}
    for one, entry in zip(collisions, form.choices, strict=False):
        choice = entry.form
        if choice.take.data == "own" and _writable(one):
            chosen[one.place] = tidy(choice.own.data)
        elif choice.take.data in ("theirs", "yours"):
            chosen[one.place] = getattr(one, choice.take.data)
        else:
            choice.take.errors = [gettext("Choose a text, or write one.")]
    if len(chosen) < len(collisions):
        return _page(state, newest, form)
    merged = merging.settle(state["merged"], chosen)
    seen = _signer("seen", newest).dumps(state["seen"])
    return QualificationForm(formdata=None, data={**merged, "expected": state["expected"], "seen": seen})


def _page(state: dict[str, Any], newest: QualificationVersion, form: MergingForm) -> str:
    form.state.data = _signer("merge", newest).dumps(state)
    return render_template(
        "officer/merge.html",
        form=form,
        version=newest,
        last=registry.last_change(db(), newest),
        collisions=[Collision(**one) for one in state["collisions"]],
        theirs=[Change(**one) for one in state["theirs"]],
        yours=[Change(**one) for one in state["yours"]],
        place_word=_place,
        shown=_shown,
        compared=_compared,
        writable=_writable,
    )


def _offered(collisions: list[Collision]) -> dict[str, Any]:
    return {"choices": [{"take": "", "own": one.yours if _writable(one) else ""} for one in collisions]}


def _writable(one: Collision) -> bool:
    return (
        one.place.rpartition(".")[2] not in _LISTED
        and isinstance(one.yours, str)
        and isinstance(one.theirs, str)
    )


def _compared(place: str, before: Any, after: Any):
    """Return what changed from one text to another, word by word."""
    return word_by_word(_shown(place, before), _shown(place, after))


def _shown(place: str, value: Any) -> str:
    """Return a value of the form as people read it."""
    name = place.rpartition(".")[2]
    if isinstance(value, dict):
        return "\n".join([value.get("title") or value.get("text") or "", *(
            f"– {one['text']}" for one in value.get("outcomes", ())
        )])  # fmt: skip
    if value and name in _WORDS:
        return value_word(name, _WORDS[name](value)) if value in set(_WORDS[name]) else str(value)
    if name == "sector" and value:
        sectors = {code: said(one.titles, language()) for code, one in lookup.sectors(db()).items()}
        return sectors.get(value, str(value))
    return value_word(name, value).replace(":", " ") if name == "level" else value_word(name, value)


def _place(place: str) -> str:
    """Return what a place is called: ``units.0.outcomes.2.text``."""
    steps = place.split(".")
    words = []
    if steps[0] == "units":
        words.append(
            gettext("Unit %(number)s", number=int(steps[1]) + 1) if len(steps) > 1 else gettext("Units")
        )
        if "outcomes" in steps[2:]:
            number = steps[3] if len(steps) > 3 else None
            words.append(
                gettext("Learning outcome %(number)s", number=int(number) + 1)
                if number else gettext("Learning outcomes")
            )  # fmt: skip
    if not steps[-1].isdecimal() and steps[-1] not in ("units", "outcomes", "text"):
        words.append(field_word(steps[-1]))
    return " · ".join(words)


def _seen(signed: str, version: QualificationVersion) -> dict[str, Any]:
    try:
        found: dict[str, Any] = _signer("seen", version).loads(signed)
    except BadData:
        # Nobody knows what the two began from: whatever differs is to be chosen.
        return {}
    return found


def _signer(what: str, version: QualificationVersion) -> URLSafeSerializer:
    actor = guard.actor()
    assert actor is not None
    key = str(current_app.secret_key)
    return URLSafeSerializer(key, salt=f"rqf.{what}.{version.qualification.uuid}.{actor.id}")


def _tidied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _tidied(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_tidied(one) for one in value]
    return tidy(value) if isinstance(value, str) else value
