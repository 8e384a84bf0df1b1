"""The form of a qualification: everything a version says, with its units and their outcomes.

Every value stays the text that was typed, so that a page shown again has lost nothing; :meth:`description`
reads the texts, and the registry judges what they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextArea, GovTextInput
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)

from rqf.errors import N_, Message, message
from rqf.registry import OutcomeData, QualificationData, UnitData
from rqf.rules.terms import OutcomeDomain, QualificationType, Verification

_DATES = ("valid_from", "valid_to", "last_enrolment", "last_award")
_AMOUNTS = ("volume", "credits")
_TEXTS = (
    "code_system", "code", "level_note", "volume_unit", "volume_note", "credit_scheme", "isced_f", "isco_08",
    "sector", "awarding_body", "entry_requirements", "entitlements", "legal_act", "source", "change_note",
)  # fmt: skip

#: field of the form -> what is wrong
Problems = dict[str, list[Message]]


def _text(label: Any, **options: Any) -> StringField:
    return StringField(label, widget=GovTextInput(), **options)


def _long(label: Any, rows: int = 3, **options: Any) -> TextAreaField:
    return TextAreaField(label, widget=GovTextArea(), render_kw={"rows": rows}, **options)


def _choice(label: Any, **options: Any) -> SelectField:
    # What may be chosen is judged by the registry, which says more than "not a valid choice".
    return SelectField(label, widget=GovSelect(), validate_choice=False, **options)


def _date(label: Any) -> StringField:
    return StringField(label, widget=GovTextInput(), render_kw={"type": "date"})


def other_language(language: str | None) -> str:
    """Return the language that a translation is asked for in."""
    return "es" if language == "en" else "en"


class OutcomeForm(Form):
    """A learning outcome."""

    domain = _choice(_l("Domain"))
    text = _long(_l("What the learner can do"), rows=2)
    translation = _long(_l("Translation"), rows=2)


class UnitForm(Form):
    """A unit with its outcomes."""

    uuid = HiddenField()
    language = HiddenField()
    title = _text(_l("Title of the unit"))
    translation = _text(_l("Translation of the title"))
    code_system = _choice(_l("Code system"))
    code = _text(_l("Code"))
    hours = _text(_l("Hours"), render_kw={"inputmode": "decimal"})
    mandatory = BooleanField(_l("Mandatory"), default=True)
    source = _text(_l("Source"))
    outcomes = FieldList(FormField(OutcomeForm))


class QualificationForm(FlaskForm):
    """A qualification as its officer enters it."""

    expected = HiddenField()
    #: The text that the officer had before their eyes, signed: what a merge starts from.
    seen = HiddenField()
    type = _choice(_l("Type"))
    original_language = _choice(_l("Language of issue"))
    title = _text(_l("Title"))
    translation = _text(_l("Translation of the title"))
    code_system = _choice(_l("Code system"))
    code = _text(_l("National code"))
    awarding_body = _text(_l("Awarding body"))
    level = _choice(_l("National level"))
    level_note = _text(_l("Note on the level"))
    volume = _text(_l("Volume"), render_kw={"inputmode": "decimal"})
    volume_unit = _text(_l("Unit of the volume"), render_kw={"list": "volume-units"})
    volume_note = _text(_l("Note on the volume"))
    credits = _text(_l("Credits"), render_kw={"inputmode": "decimal"})
    credit_scheme = _text(_l("Credit scheme"))
    isced_f = _text(_l("Field of education (ISCED-F 2013)"))
    isco_08 = _text(_l("Occupation (ISCO-08)"))
    sector = _choice(_l("Sector"))
    valid_from = _date(_l("Valid from"))
    valid_to = _date(_l("Valid to"))
    last_enrolment = _date(_l("Last enrolment"))
    last_award = _date(_l("Last award"))
    entry_requirements = _long(_l("Entry requirements"))
    entitlements = _long(_l("Entitlements"))
    legal_act = _text(_l("Legal act"))
    source = _text(_l("Public source"))
    verified = _choice(_l("Compared with the source"))
    change_note = _text(_l("What has changed, and why"))
    unit_query = _text(_l("Find a unit of your register"))
    units = FieldList(FormField(UnitForm))

    def description(
        self, country: str, before: QualificationData | None
    ) -> tuple[QualificationData, Problems]:
        """Return what the form says, and the texts that cannot be read; those count as empty.

        ``before`` is what the record said: texts in languages that the form does not show are kept.
        """
        wrong: Problems = {}
        language = self.original_language.data or "es"
        titles = dict(before.titles) if before else {}
        titles |= _texts(language, self.title.data, self.translation.data)
        framework, _, level = (self.level.data or "").rpartition(":")
        data = QualificationData(
            country=country,
            type=_member(QualificationType, self.type.data, QualificationType.QUALIFICATION),
            verified=_member(Verification, self.verified.data, Verification.NO),
            titles=_said(titles),
            original_language=language,
            framework=framework or None,
            level=int(level) if level.isdecimal() else None,
            units=tuple(
                _unit(entry, place, language, before, wrong) for place, entry in enumerate(self.units)
            ),
        )
        said: dict[str, Any] = {name: (self[name].data or "").strip() or None for name in _TEXTS}
        said |= {name: _amount(self[name].data, name, wrong) for name in _AMOUNTS}
        said |= {name: _day(self[name].data, name, wrong) for name in _DATES}
        return replace(data, **said), wrong


def values(data: QualificationData) -> dict[str, Any]:
    """Return a description as the texts of the form."""
    language = data.original_language
    said: dict[str, Any] = {name: getattr(data, name) or "" for name in _TEXTS}
    said |= {name: _number(getattr(data, name)) for name in _AMOUNTS}
    said |= {name: day.isoformat() if (day := getattr(data, name)) else "" for name in _DATES}
    return said | {
        "type": data.type.value,
        "verified": data.verified.value,
        "original_language": language,
        "title": data.titles.get(language, ""),
        "translation": data.titles.get(other_language(language), ""),
        "level": f"{data.framework}:{data.level}" if data.level else "",
        "units": [unit_values(unit) for unit in data.units],
    }


def unit_values(unit: UnitData) -> dict[str, Any]:
    """Return a unit as the texts of the form."""
    language = unit.original_language or "es"
    return {
        "uuid": unit.uuid or "",
        "language": language,
        "title": unit.titles.get(language, ""),
        "translation": unit.titles.get(other_language(language), ""),
        "code_system": unit.code_system or "",
        "code": unit.code or "",
        "hours": _number(unit.hours),
        "mandatory": unit.mandatory,
        "source": unit.source or "",
        "outcomes": [
            {
                "domain": one.domain.value,
                "text": one.texts.get(language, ""),
                "translation": one.texts.get(other_language(language), ""),
            }
            for one in unit.outcomes
        ],
    }


def _unit(
    entry: Any, place: int, language: str, before: QualificationData | None, wrong: Problems
) -> UnitData:
    form = entry.form
    language = form.language.data or language
    known = before.units if before else ()
    same = next((one for one in known if one.uuid and one.uuid == form.uuid.data), None)
    titles = dict(same.titles) if same else {}
    titles |= _texts(language, form.title.data, form.translation.data)
    return UnitData(
        titles=_said(titles),
        outcomes=tuple(_outcome(one.form, language, same) for one in form.outcomes),
        uuid=form.uuid.data or None,
        code_system=form.code_system.data or None,
        code=form.code.data or None,
        hours=_amount(form.hours.data, f"units.{place}.hours", wrong),
        mandatory=form.mandatory.data,
        original_language=language,
        source=form.source.data or None,
    )


def _outcome(form: Any, language: str, unit: UnitData | None) -> OutcomeData:
    said = _texts(language, form.text.data, form.translation.data)
    known = unit.outcomes if unit else ()
    same = next((one for one in known if one.texts.get(language) == said[language]), None)
    texts = (dict(same.texts) if same else {}) | said
    return OutcomeData(_member(OutcomeDomain, form.domain.data, OutcomeDomain.SKILLS), _said(texts), language)


def _texts(language: str, text: str | None, translation: str | None) -> dict[str, str]:
    return {language: (text or "").strip(), other_language(language): (translation or "").strip()}


def _said(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text for language, text in texts.items() if text}


def _member(kind: Any, value: str | None, otherwise: Any) -> Any:
    return kind(value) if value in {member.value for member in kind} else otherwise


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _amount(text: str | None, name: str, wrong: Problems) -> Decimal | None:
    text = (text or "").strip()
    try:
        return Decimal(text.replace(",", ".")) if text else None
    except InvalidOperation:
        wrong[name] = [message(N_("“%(value)s” is not a number."), value=text[:60])]
        return None


def _day(text: str | None, name: str, wrong: Problems) -> date | None:
    text = (text or "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        wrong[name] = [message(N_("“%(value)s” is not a date. Write it as YYYY-MM-DD."), value=text[:60])]
        return None
