"""The form of a decision: what is decided, and why."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from rqf.rules.terms import MappingStep
from rqf.rules.workflow import DECISIONS


class DecisionForm(FlaskForm):
    """Endorse, return or reject, always with a reason."""

    expected = HiddenField()
    step = RadioField(
        _l("Your decision"),
        widget=GovRadioInput(),
        choices=[
            SelectChoice(MappingStep.ENDORSE.value, _l("Endorse")),
            SelectChoice(MappingStep.RETURN.value, _l("Return with a question")),
            SelectChoice(MappingStep.REJECT.value, _l("Reject")),
        ],
        validate_choice=False,
        validators=[InputRequired(_l("Choose whether to endorse, to return or to reject."))],
        description=_l("It stands in the register with your name and country."),
    )
    # How long a reason has to be is judged where the decision is taken.
    reason = TextAreaField(
        _l("Reason"),
        widget=GovTextArea(),
        description=_l("What convinced you, or what is missing. The officer and the public read it."),
        render_kw={"rows": 4},
    )

    def decision(self) -> MappingStep | None:
        """Return the step that was chosen, or None when it is no decision."""
        return next((step for step in DECISIONS if step.value == self.step.data), None)

    def revision(self) -> int:
        """Return the revision that the page showed; 0, which no proposal has, when it is no number."""
        said = self.expected.data or ""
        return int(said) if said.isdecimal() and len(said) < 10 else 0
