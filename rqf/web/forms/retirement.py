"""The forms by which records leave force and come back into it."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea, GovTextInput
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from rqf.errors import N_, Invalid, message

NOW, LATER = "now", "later"


class RetireForm(FlaskForm):
    """When, and the legal act; ``seen`` stands for the records that the page showed."""

    seen = HiddenField()
    how = RadioField(
        _l("When do they leave force?"),
        widget=GovRadioInput(),
        validate_choice=False,
        default=NOW,
        choices=[
            SelectChoice(NOW, _l("Now: they are retired")),
            SelectChoice(LATER, _l("Later: they stay in force as expiring, with the days below")),
        ],
    )
    last_enrolment = StringField(_l("Last enrolment"), widget=GovTextInput(), render_kw={"type": "date"})
    last_award = StringField(_l("Last award"), widget=GovTextInput(), render_kw={"type": "date"})
    reason = TextAreaField(
        _l("Legal act or reason"),
        widget=GovTextArea(),
        description=_l("It stands in the audit trail of every record."),
        render_kw={"rows": 3},
    )

    def ends(self) -> tuple[date | None, date | None]:
        """Return the last days of enrolment and award.

        :raises Invalid: one of them is no date.
        """
        return _day("last_enrolment", self.last_enrolment.data), _day("last_award", self.last_award.data)


class ReinstateForm(FlaskForm):
    """Why records come back into force; ``seen`` stands for those that the page showed."""

    seen = HiddenField()
    reason = TextAreaField(
        _l("Reason"),
        widget=GovTextArea(),
        description=_l("It stands in the audit trail of every record."),
        render_kw={"rows": 3},
    )


def _day(name: str, value: str | None) -> date | None:
    text = (value or "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        template = N_("“%(value)s” is not a date. Write it as YYYY-MM-DD.")
        raise Invalid({name: [message(template, value=text[:40])]}) from None
