"""The forms by which records leave force and come back into it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from wtforms import HiddenField, TextAreaField


class RetireForm(FlaskForm):
    """The legal act; ``seen`` stands for the records that the page showed."""

    seen = HiddenField()
    reason = TextAreaField(
        _l("Legal act or reason"),
        widget=GovTextArea(),
        description=_l("It stands in the audit trail of every record."),
        render_kw={"rows": 3},
    )


class ReinstateForm(FlaskForm):
    """Why a record comes back into force."""

    reason = TextAreaField(
        _l("Reason"),
        widget=GovTextArea(),
        description=_l("It stands in the audit trail of the record."),
        render_kw={"rows": 3},
    )
