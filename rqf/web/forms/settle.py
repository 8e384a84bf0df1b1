"""The form by which a contradiction is settled."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from wtforms import HiddenField, TextAreaField


class SettleForm(FlaskForm):
    """Why the decisions may stand side by side."""

    #: What the page showed: other decisions would make another proof.
    proof = HiddenField()
    # How long a reason has to be is judged where the finding is settled.
    reason = TextAreaField(
        _l("Reason"),
        widget=GovTextArea(),
        description=_l(
            "Why these decisions may stand side by side. It stays with your name in the audit trail."
        ),
        render_kw={"rows": 5},
    )
