"""The form of a batch look-up: a table or pasted titles, and where from and where to."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSelect, GovTextArea
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired


class BatchForm(FlaskForm):
    """A table of titles. Nothing about people is asked."""

    file = FileField(
        _l("File"), widget=GovFileInput(), render_kw={"accept": ".csv,.txt,.tsv,.xlsx,.ods,.json,.jsonl"}
    )
    titles = TextAreaField(_l("Or paste titles, one a line"), widget=GovTextArea(), render_kw={"rows": 6})
    country = SelectField(_l("Country of the rows that do not say it"), widget=GovSelect(), default="")
    target = SelectField(
        _l("In which country are they to be worth something?"),
        widget=GovSelect(),
        default="",
        validators=[InputRequired(_l("Choose a country."))],
    )

    def offer(self, countries: list[tuple[str, str]]) -> BatchForm:
        """Let the countries be chosen, and return the form."""
        known = [SelectChoice(*one) for one in countries]
        self.country.choices = [SelectChoice("", _l("Any country")), *known]
        self.target.choices = [SelectChoice("", _l("Choose a country")), *known]
        return self
