"""The versions of a record for everybody: the list, one of them, two compared, and the one of a day."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for

from rqf import lookup
from rqf.errors import N_, Invalid, message
from rqf.models.tables import said
from rqf.web.database import db
from rqf.web.field_words import field_word, value_word
from rqf.web.languages import language
from rqf.web.public import bp


@bp.context_processor
def _words():
    return {"field_word": field_word}


@bp.get("/qualifications/<ref>/versions")
def versions(ref: str):
    """List the versions of a record: who, when and why."""
    found = lookup.history(db(), ref)
    uuid = found.current.qualification.uuid
    if ref != uuid:
        return redirect(url_for(".versions", ref=uuid), 301)
    return render_template("public/versions.html", history=found)


@bp.get("/qualifications/<ref>/versions/<int:number>")
def version(ref: str, number: int):
    """Show what a version says."""
    found = lookup.public_version(db(), ref, number)
    uuid = found.qualification.uuid
    if ref != uuid:
        return redirect(url_for(".version", ref=uuid, number=number), 301)
    return render_template("public/version.html", version=found, held=None)


@bp.get("/qualifications/<ref>/difference")
def difference(ref: str):
    """Show what changed from one version to another."""
    found = lookup.difference(db(), ref, *(_number(name) for name in ("from", "to")))
    sectors = {code: said(one.titles, language()) for code, one in lookup.sectors(db()).items()}
    return render_template(
        "public/difference.html",
        difference=found,
        value_word=lambda name, value: value_word(name, value, sectors),
    )


def as_of(ref: str, asked: str):
    """Show what a record said on a day, and say honestly when that was nothing."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        template = N_("“%(value)s” is not a date. Write it as YYYY-MM-DD.")
        raise Invalid({"as_of": [message(template, value=asked[:60])]}) from None
    held = lookup.as_of(db(), ref, day)
    if held.version is None:
        return render_template("public/not_yet.html", held=held, version=held.current), 404
    return render_template("public/version.html", version=held.version, held=held)


def _number(name: str) -> int:
    value = request.args.get(name, "")
    if not (value.isascii() and value.isdecimal() and 0 < len(value) < 9 and int(value)):
        raise Invalid({name: [message(N_("“%(value)s” is not a number from 1 up."), value=value[:40])]})
    return int(value)
