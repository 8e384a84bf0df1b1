"""The forms of an import: the file, then the confirmation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput


class UploadForm(FlaskForm):
    """A CSV file."""

    file = FileField(
        _l("CSV file"),
        widget=GovFileInput(),
        validators=[FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".csv,text/csv"},
    )


class ConfirmForm(FlaskForm):
    """Nothing but the proof that the person pressed the button on our page."""
