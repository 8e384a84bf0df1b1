"""The forms of statements: what one is for, the file to be checked, the reason for taking one back."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import (
    GovFileInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from rqf.errors import N_, Invalid, message
from rqf.rules.terms import Purpose


class StatementForm(FlaskForm):
    """What a statement is for. Nothing about a person is asked."""

    a = HiddenField()
    b = HiddenField()
    purpose = RadioField(
        _l("What is it for?"),
        widget=GovRadioInput(),
        default=Purpose.EMPLOYMENT.value,
        choices=[
            SelectChoice(Purpose.EMPLOYMENT.value, _l("Employment")),
            SelectChoice(Purpose.FURTHER_STUDY.value, _l("Further study")),
            SelectChoice(Purpose.REGULATED_OCCUPATION.value, _l("A regulated occupation")),
        ],
        description=_l(
            "A difference matters more or less depending on what the qualification is needed for."
        ),
    )
    awarded = StringField(
        _l("Day of the award (optional)"),
        widget=GovTextInput(),
        description=_l(
            "As it stands on the certificate. No name and no number of the certificate is needed."
        ),
        render_kw={"type": "date"},
    )
    language = SelectField(_l("Language of the statement"), widget=GovSelect())

    def offer(self, languages: list[tuple[str, str]], default: str) -> StatementForm:
        """Let the languages be chosen, and return the form."""
        self.language.choices = [SelectChoice(*one) for one in languages]
        self.language.data = self.language.data or default
        return self

    def award_date(self) -> date | None:
        """Return the day of the award.

        :raises Invalid: it is not a day.
        """
        text = (self.awarded.data or "").strip()
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            wrong = message(N_("“%(value)s” is not a date. Write it as YYYY-MM-DD."), value=text[:60])
            raise Invalid({"awarded": [wrong]}) from None


class FileCheckForm(FlaskForm):
    """A statement as somebody received it."""

    file = FileField(
        _l("PDF or JSON file"),
        widget=GovFileInput(),
        validators=[FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".pdf,.json,.jws,.txt"},
    )


class WithdrawForm(FlaskForm):
    """Why a statement no longer holds."""

    reason = StringField(
        _l("Reason"),
        widget=GovTextArea(),
        description=_l("Everybody who verifies the statement reads it."),
        render_kw={"rows": 4},
    )
