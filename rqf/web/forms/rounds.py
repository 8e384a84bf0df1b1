"""The forms of review rounds: making one, and placing a qualification in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
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
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from rqf.rules.terms import RoundMode

Choices = Iterable[tuple[str, str]]


class RoundForm(FlaskForm):
    """A round: what goes in, how it is judged, by whom, until when."""

    title = StringField(
        _l("Title"), widget=GovTextInput(), description=_l("For example the sector and the year.")
    )
    mode = RadioField(
        _l("How it is judged"),
        widget=GovRadioInput(),
        choices=[
            SelectChoice(RoundMode.SINGLE.value, _l("One reviewer decides on each waiting proposal")),
            SelectChoice(
                RoundMode.DOUBLE.value,
                _l("Two reviewers place each qualification without seeing each other, a third reconciles"),
            ),
        ],
        validate_choice=False,
        validators=[InputRequired(_l("Choose how the qualifications are judged."))],
    )
    sector = SelectField(_l("Sector"), widget=GovSelect(), validate_choice=False)
    country = SelectField(_l("Country"), widget=GovSelect(), validate_choice=False)
    type = SelectField(_l("Type"), widget=GovSelect(), validate_choice=False)
    deadline = StringField(_l("Deadline"), widget=GovTextInput(), render_kw={"type": "date"})
    reviewers = SelectMultipleField(
        _l("Reviewers"),
        widget=GovCheckboxesInput(),
        description=_l("Nobody gets a qualification of their own country."),
        validate_choice=False,
    )

    def offer(self, sectors: Choices, countries: Choices, types: Choices, reviewers: Choices) -> RoundForm:
        """Let the filters and the reviewers be chosen, and return the form."""
        self.sector.choices = [("", _l("all")), *sectors]
        self.country.choices = [("", _l("all")), *countries]
        self.type.choices = [("", _l("all")), *types]
        self.reviewers.choices = [SelectChoice(*one) for one in reviewers]
        return self

    def chosen_mode(self) -> RoundMode | None:
        """Return the mode that was chosen, or None when it is none."""
        return next((one for one in RoundMode if one.value == self.mode.data), None)

    def filters(self) -> dict[str, str]:
        """Return the filters that were chosen."""
        fields = {"sector": self.sector, "country": self.country, "type": self.type}
        return {name: field.data for name, field in fields.items() if field.data}

    def day(self) -> date | None:
        """Return the deadline, or None when it is no day."""
        try:
            return date.fromisoformat(self.deadline.data or "")
        except ValueError:
            return None


class DomainForm(Form):
    """The level in one descriptor domain."""

    domain = HiddenField()
    level = SelectField(_l("Level"), widget=GovSelect(), validate_choice=False)


class PlaceForm(FlaskForm):
    """Where a reviewer places a qualification: by domain, overall, and why."""

    domains = FieldList(FormField(DomainForm))
    low = SelectField(_l("Lowest level overall"), widget=GovSelect(), validate_choice=False)
    high = SelectField(_l("Highest level overall"), widget=GovSelect(), validate_choice=False)
    reason = TextAreaField(_l("Reason"), widget=GovTextArea(), render_kw={"rows": 3})

    def offer(self, levels: Choices) -> PlaceForm:
        """Let the levels be chosen, and return the form."""
        choices = [("", "–"), *levels]
        self.low.choices = self.high.choices = choices
        for entry in self.domains:
            entry.form.level.choices = choices
        return self

    def levels(self) -> dict[str, int]:
        """Return descriptor domain -> level; 0 stands for what is no number."""
        return {entry.form.domain.data: _whole(entry.form.level.data) for entry in self.domains}

    def range(self) -> tuple[int, int]:
        """Return the lowest and the highest level; the highest is the lowest when it is left open."""
        low = _whole(self.low.data)
        return low, _whole(self.high.data) if self.high.data else low


def _whole(text: Any) -> int:
    return int(text) if str(text or "").isdecimal() and len(str(text)) < 10 else 0
