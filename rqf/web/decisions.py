"""Decisions that anyone can read, cite and print by their number, with the evidence they rest on."""

from __future__ import annotations

from io import BytesIO

from flask import redirect, render_template, send_file, url_for

from rqf import equivalences, lookup
from rqf.rules.terms import EquivalenceStatus, Role
from rqf.web import guard
from rqf.web.database import db

bp = guard.public("decisions", __name__)


@bp.get("/decisions/<number>")
def decision(number: str):
    """Show a decision on an equivalence or on a regional level, whoever asks and for ever."""
    wanted = number.strip().upper()
    if wanted != number:
        return redirect(url_for(".decision", number=wanted), 301)
    if wanted.startswith("RQF-M-"):
        mapping = lookup.mapping_decision(db(), wanted)
        return render_template("public/level_decision.html", mapping=mapping)
    found = equivalences.decision(db(), wanted)
    return render_template("public/decision.html", decision=found, can_end=_can_end(found))


@bp.get("/evidence/<uuid>")
def evidence(uuid: str):
    """Give a file that a decision rests on, never to be shown inside this site."""
    found = equivalences.evidence_file(db(), guard.actor(), uuid)
    name = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}[found.media_type]
    return send_file(
        BytesIO(found.content), mimetype=found.media_type, as_attachment=True,
        download_name=f"rqf-{found.uuid[:8]}.{name}", etag=found.sha256,
    )  # fmt: skip


def _can_end(found: equivalences.Decision) -> bool:
    actor = guard.actor()
    sides = [one.country for one in found.stands if one.side]
    return (
        found.equivalence.status == EquivalenceStatus.ENDORSED
        and actor is not None
        and any(actor.has(Role.REVIEWER, country) for country in sides)
    )
