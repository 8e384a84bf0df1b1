"""The form of a proposed level: a range, a placement per descriptor domain, and the rationale."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextArea
from wtforms import FieldList, Form, FormField, HiddenField, SelectField, TextAreaField

Choices = Iterable[tuple[str, str]]


class PlacementForm(Form):
    """The level in one descriptor domain, with the evidence for it."""

    domain = HiddenField()
    level = SelectField(_l("Level"), widget=GovSelect(), validate_choice=False)
    evidence = TextAreaField(_l("Evidence"), widget=GovTextArea(), render_kw={"rows": 3})


class ProposalForm(FlaskForm):
    """A level, or a range, with the reasons for it."""

    expected = HiddenField()
    low = SelectField(_l("Lowest level"), widget=GovSelect(), validate_choice=False)
    high = SelectField(_l("Highest level"), widget=GovSelect(), validate_choice=False)
    placements = FieldList(FormField(PlacementForm))
    rationale = TextAreaField(_l("Rationale"), widget=GovTextArea(), render_kw={"rows": 7})

    def offer(self, levels: Choices) -> ProposalForm:
        """Let the levels be chosen, and return the form."""
        choices = list(levels)
        self.low.choices = self.high.choices = choices
        for entry in self.placements:
            entry.form.level.choices = [("", "–"), *choices]
        return self

    def placed(self) -> dict[str, tuple[int, str]]:
        """Return descriptor domain -> (level, evidence) of the domains that were placed."""
        return {
            entry.form.domain.data: (_whole(entry.form.level.data), entry.form.evidence.data or "")
            for entry in self.placements
            if entry.form.level.data
        }

    def range(self) -> tuple[int, int]:
        """Return the lowest and the highest level; 0 stands for what is no number."""
        return _whole(self.low.data), _whole(self.high.data)


def _whole(text: Any) -> int:
    return int(text) if str(text or "").isdecimal() else 0
