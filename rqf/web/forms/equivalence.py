"""The forms of an equivalence: what an officer proposes, its evidence, and a country's word."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import (
    GovFileInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice

from rqf.equivalences import Terms
from rqf.errors import N_, Invalid, message
from rqf.rules.terms import Conclusion, Difference, Element, EvidenceKind, Purpose

_DAY = {"type": "date"}


class DifferenceForm(Form):
    """How large the difference on one element is, and what it is."""

    element = HiddenField()
    size = SelectField(
        _l("Difference"),
        widget=GovSelect(),
        validate_choice=False,
        choices=[
            SelectChoice(Difference.NONE.value, _l("none")),
            SelectChoice(Difference.MINOR.value, _l("minor")),
            SelectChoice(Difference.SUBSTANTIAL.value, _l("substantial")),
            SelectChoice(Difference.UNKNOWN.value, _l("unknown")),
        ],
    )
    note = TextAreaField(_l("What it is"), widget=GovTextArea(), render_kw={"rows": 2})


class EquivalenceForm(FlaskForm):
    """What A is worth in place of B, for what, since when, and why."""

    expected = HiddenField()
    conclusion = RadioField(
        _l("What is A worth in place of B?"),
        widget=GovRadioInput(),
        validate_choice=False,
        choices=[
            SelectChoice(Conclusion.FULL.value, _l("Full: no substantial difference")),
            SelectChoice(Conclusion.PARTIAL.value, _l("Partial: it counts for part of B")),
            SelectChoice(Conclusion.CONDITIONAL.value, _l("Conditional: with what the rationale names")),
            SelectChoice(Conclusion.NONE.value, _l("Not equivalent")),
        ],
    )
    purpose = RadioField(
        _l("For what?"),
        widget=GovRadioInput(),
        validate_choice=False,
        choices=[
            SelectChoice(Purpose.EMPLOYMENT.value, _l("Employment")),
            SelectChoice(Purpose.FURTHER_STUDY.value, _l("Further study")),
            SelectChoice(Purpose.REGULATED_OCCUPATION.value, _l("A regulated occupation")),
        ],
    )
    differences = FieldList(FormField(DifferenceForm))
    rationale = TextAreaField(
        _l("Rationale"),
        widget=GovTextArea(),
        description=_l("What A has, what it lacks, and under which conditions. The public reads it."),
        render_kw={"rows": 6},
    )
    legal_basis = StringField(
        _l("Legal basis (optional)"),
        widget=GovTextInput(),
        description=_l("The law, agreement or rule on which it rests."),
    )
    valid_from = StringField(
        _l("Valid from (optional)"),
        widget=GovTextInput(),
        description=_l("Without it, from the day of the decision."),
        render_kw=_DAY,
    )
    valid_to = StringField(_l("Valid until (optional)"), widget=GovTextInput(), render_kw=_DAY)

    def terms(self) -> Terms:
        """Return what was written.

        :raises Invalid: a day is no day.
        """
        wrong: dict[str, list] = {}
        days = {name: _day(self[name].data, name, wrong) for name in ("valid_from", "valid_to")}
        if wrong:
            raise Invalid(wrong)
        elements, sizes = {one.value for one in Element}, {one.value for one in Difference}
        return Terms(
            conclusion=_member(Conclusion, self.conclusion.data),
            purpose=_member(Purpose, self.purpose.data),
            rationale=self.rationale.data or "",
            legal_basis=self.legal_basis.data or "",
            differences={
                Element(one.form.element.data): (Difference(one.form.size.data), one.form.note.data or "")
                for one in self.differences
                if one.form.element.data in elements and one.form.size.data in sizes
            },
            **days,
        )

    def revision(self) -> int | None:
        """Return the revision that the page showed, or None when it showed none."""
        said = self.expected.data or ""
        return int(said) if said.isdecimal() and len(said) < 10 else None


class EvidenceForm(FlaskForm):
    """A link or a file."""

    kind = SelectField(
        _l("Kind"),
        widget=GovSelect(),
        validate_choice=False,
        choices=[
            SelectChoice(EvidenceKind.PROGRAMME.value, _l("study programme")),
            SelectChoice(EvidenceKind.STANDARD.value, _l("standard")),
            SelectChoice(EvidenceKind.LEGAL_ACT.value, _l("legal act")),
            SelectChoice(EvidenceKind.STUDY.value, _l("study")),
            SelectChoice(EvidenceKind.OTHER.value, _l("other")),
        ],
    )
    title = StringField(_l("What it is"), widget=GovTextInput())
    link = StringField(_l("Address of a public page"), widget=GovTextInput(), render_kw={"type": "url"})
    file = FileField(
        _l("Or a file (PDF, PNG, JPEG; at most 5 MB)"),
        widget=GovFileInput(),
        description=_l("It is published with the decision: it may hold nothing about a person."),
        render_kw={"accept": ".pdf,.png,.jpg,.jpeg"},
    )

    def chosen(self) -> EvidenceKind | None:
        """Return the kind that was chosen, or None."""
        return _member(EvidenceKind, self.kind.data)


class EndForm(FlaskForm):
    """Why a decision ends."""

    reason = StringField(
        _l("Reason"),
        widget=GovTextArea(),
        description=_l("It stands on the page of the decision for ever."),
        render_kw={"rows": 4},
    )


def _member(kind, value):
    return kind(value) if value in {one.value for one in kind} else None


def _day(text: str | None, name: str, wrong: dict[str, list]) -> date | None:
    said = (text or "").strip()
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        wrong[name] = [message(N_("“%(value)s” is not a date. Write it as YYYY-MM-DD."), value=said[:60])]
        return None
