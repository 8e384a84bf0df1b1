"""The form of an import: the file, and how to read it where the guess is wrong."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSelect
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

_GUESSED = SelectChoice("", _l("Recognise it"))


class UploadForm(FlaskForm):
    """A table of records."""

    file = FileField(
        _l("File"),
        widget=GovFileInput(),
        validators=[FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".csv,.txt,.tsv,.xlsx,.ods,.json,.jsonl"},
    )
    profile = SelectField(_l("Profile"), widget=GovSelect(), choices=[], default="")
    encoding = SelectField(
        _l("Encoding of a text file"),
        widget=GovSelect(),
        default="",
        choices=[
            _GUESSED, SelectChoice("utf-8", "UTF-8"), SelectChoice("utf-16", "UTF-16"),
            SelectChoice("cp1252", "Windows-1252"), SelectChoice("mac_roman", "Mac Roman"),
            SelectChoice("cp850", "DOS (CP850)"),
        ],
    )  # fmt: skip
    delimiter = SelectField(
        _l("Sign between the columns"),
        widget=GovSelect(),
        default="",
        choices=[
            _GUESSED, SelectChoice(",", _l("comma")), SelectChoice(";", _l("semicolon")),
            SelectChoice("\t", _l("tab")), SelectChoice("|", _l("bar (|)")),
        ],
    )  # fmt: skip
