"""The form in which an officer says what shall stand where two texts collide."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, HiddenField, StringField, TextAreaField


class ChoiceForm(Form):
    """What stands at a place: ``theirs``, ``yours``, or one's own words."""

    take = StringField(_l("Which text shall stand?"))
    own = TextAreaField(_l("Your new text"))


class MergingForm(FlaskForm):
    """The choices, in the order of the collisions; ``state`` is what is being merged, signed."""

    state = HiddenField()
    choices = FieldList(FormField(ChoiceForm))
