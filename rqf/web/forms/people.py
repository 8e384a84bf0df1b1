"""The forms about people: who is added, with which roles, and who is switched off."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovPasswordInput,
    GovTextInput,
)
from wtforms import BooleanField, PasswordField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from rqf.people.accounts import SHORTEST_PASSWORD
from rqf.rules.terms import Role


class PersonForm(FlaskForm):
    """A new person. What is entered is judged where the account is made."""

    name = StringField(
        _l("Name"),
        widget=GovTextInput(),
        description=_l("It stands beside everything the person decides."),
        render_kw={"autocomplete": "off"},
    )
    email = StringField(
        _l("E-mail address"), widget=GovTextInput(), render_kw={"type": "email", "autocomplete": "off"}
    )
    password = PasswordField(
        _l("First password"),
        widget=GovPasswordInput(),
        description=_l(
            "At least %(n)s characters. Tell it to the person in another way than by e-mail.",
            n=SHORTEST_PASSWORD,
        ),
        render_kw={"autocomplete": "new-password"},
    )
    officer = SelectMultipleField(
        _l("Ministry officer of"),
        widget=GovCheckboxesInput(),
        description=_l("Registers the records of the country and proposes levels."),
        validate_choice=False,
    )
    reviewer = SelectMultipleField(
        _l("Reviewer of"),
        widget=GovCheckboxesInput(),
        description=_l("Decides on the proposals of the other countries."),
        validate_choice=False,
    )
    secretariat = BooleanField(
        _l("Regional secretariat"),
        widget=GovCheckboxInput(),
        description=_l("Looks after people and reads the audit trail."),
    )

    def offer(self, countries: Iterable[tuple[str, str]]) -> PersonForm:
        """Let the countries be chosen, and return the form."""
        self.officer.choices = self.reviewer.choices = [SelectChoice(*one) for one in countries]
        return self

    def roles(self) -> list[tuple[Role, str | None]]:
        """Return the roles that were chosen, each with its country."""
        chosen: list[tuple[Role, str | None]] = [(Role.OFFICER, code) for code in self.officer.data or ()]
        chosen += [(Role.REVIEWER, code) for code in self.reviewer.data or ()]
        return chosen + ([(Role.SECRETARIAT, None)] if self.secretariat.data else [])
