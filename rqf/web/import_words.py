"""The reader's words for what an import says: guesses, repairs, notes, changed values."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from rqf.errors import N_, Message
from rqf.models import Job, work
from rqf.registry import imports
from rqf.registry.columns import find
from rqf.rules.repairs import Repair
from rqf.rules.terms import JobState, OutcomeDomain
from rqf.web.languages import say, word

#: What was repaired -> its words.
REPAIRS = {
    Repair.APOSTROPHE: N_("apostrophe of the spreadsheet taken away"),
    Repair.ENCODING: N_("letters read in the wrong encoding"),
    Repair.HARD_BLANK: N_("hard blanks (NBSP) made plain ones"),
    Repair.LINE_BREAK: N_("line breaks inside the cell"),
    Repair.BLANKS_AROUND: N_("blanks around the text"),
    Repair.DOUBLE_BLANK: N_("double blanks"),
    Repair.COMPOSED: N_("letters and accents put together"),
    Repair.CASE: N_("capital and small letters of a code"),
    Repair.DATE: N_("date written day first"),
    Repair.DECIMAL_COMMA: N_("decimal comma"),
    Repair.LEADING_ZERO: N_("lost zero in front"),
    Repair.FROM_ABOVE: N_("blank cells filled from the row above"),
}

#: Why a column is taken for a field -> its words.
WHYS = {
    "header": N_("by its name"),
    "header_alike": N_("by a similar name"),
    "cells": N_("by its contents"),
    "profile": N_("by the profile"),
    "nothing": N_("nothing fits"),
}

#: How a row was recognised -> its words.
_MATCHED = {
    "id": N_("Recognised by its identifier."),
    "code": N_("Recognised by its code."),
    "title": N_("Recognised by kind and title, as it has no code."),
}

#: What is missing below a record -> its words.
_GAPS = {
    "no_units": N_("The record has no units, in the file or in the register."),
    "no_outcomes": N_("The unit has no learning outcomes, in the file or in the register."),
}


#: Kind of work -> what it does.
_WORK = {
    imports.CHECK: N_("Checking the rows"),
    imports.APPLY: N_("Writing into the register"),
    imports.UNDO: N_("Taking the import back"),
}


def work_words(kind: str) -> str:
    """Return the words for what a worker does."""
    return gettext(_WORK[kind])


def why_failed(job: Job | None) -> list[str]:
    """Return why the last work on a batch failed; nothing when it did not."""
    if job is None or job.state != JobState.FAILED:
        return []
    return [say(one) for one in work.errors_of(job)]


def quote(text: str) -> str:
    """Return a text in the quotation marks of the reader's language."""
    return gettext("“%(text)s”", text=text)


def repair_word(kind: str) -> str:
    """Return the words for a repair."""
    return gettext(REPAIRS[Repair(kind)])


def why(reason: str) -> str:
    """Return the words for the reason of a guess."""
    return gettext(WHYS[reason])


def field_word(name: str) -> str:
    """Return the words for a field of the import, or of a description."""
    column = find({"titles": "title", "original_language": "title_language"}.get(name, name))
    return gettext(column.meaning) if column else name


def value_word(value: Any) -> str:
    """Return a value of a description as a person reads it."""
    if isinstance(value, dict):
        return " / ".join(f"{text} ({language})" for language, text in value.items())
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if value in set(OutcomeDomain):
        return word(OutcomeDomain(value))
    return "–" if value is None or value == "" else str(value)


def problem_word(problem: dict[str, Any]) -> str:
    """Return the sentence of a problem in the reader's language."""
    return say(Message(problem["template"], problem["values"]))


def note_words(note: dict[str, Any]) -> tuple[str, str | None]:
    """Return the sentence of a note, and the address of the record that it is about."""
    kind = note["kind"]
    if kind == "matched":
        said = _MATCHED[note["by"]]
        return gettext(said), None
    if kind == "touches":
        return _touches(note), None
    if kind in _GAPS:
        said = _GAPS[kind]
        return gettext(said), None
    if kind == "within":
        return gettext("Part of: %(above)s.", above=" › ".join(note["codes"])), None
    if kind == "near_row":
        said = gettext("Reads like line %(line)s, “%(title)s” (%(score)s).", line=note["line"],
                       title=note["title"], score=round(note["score"]))  # fmt: skip
        return said, None
    if kind == "near_record":
        said = gettext("Reads like the record %(code)s “%(title)s” (%(score)s).", code=note["code"] or "",
                       title=note["title"], score=round(note["score"]))  # fmt: skip
        return said, url_for("officer.record", uuid=note["uuid"])
    if kind == "unpublished":
        return gettext("Never published, so it is not in force and stays a draft."), None
    return _lineage(kind, ", ".join(note["codes"])), None


def _lineage(kind: str, codes: str) -> str:
    if kind == "replaces":
        return gettext("Takes the place of %(codes)s.", codes=codes)
    if kind == "replaced_by":
        return gettext("Replaced by %(codes)s.", codes=codes)
    if kind == "both_editions":
        return gettext("The file has the earlier edition %(codes)s too, so nothing is replaced.", codes=codes)
    return gettext("To be replaced, but not in the register: %(codes)s.", codes=codes)


def _touches(note: dict[str, Any]) -> str:
    parts = []
    if count := note.get("mappings"):
        parts.append(ngettext("%(num)s level mapping", "%(num)s level mappings", count))
    if count := note.get("equivalences"):
        parts.append(ngettext("%(num)s equivalence", "%(num)s equivalences", count))
    return gettext("Rest on this record: %(what)s.", what=", ".join(parts))
