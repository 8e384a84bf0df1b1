"""Plans with a name: the shipped ones of known sources, and those that a country has saved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from rqf import paths
from rqf.errors import N_, Invalid, NotFound, message
from rqf.models import ImportProfile, audit
from rqf.models.tables import Texts
from rqf.people import Actor, require
from rqf.registry.columns import COLUMNS, find
from rqf.registry.imports.headers import words_of
from rqf.registry.imports.plan import Plan, check_plan
from rqf.rules.terms import Role

#: rqf's own columns need no file: each means itself.
OWN = "rqf"
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Profile:
    """A plan with a name. ``country`` is None where it fits every country; shipped ones have titles."""

    name: str
    plan: Plan
    country: str | None = None
    titles: Texts | None = None

    def fits(self, headers: Sequence[str]) -> bool:
        """Tell whether a file with these headers is one of this source."""
        there = {words_of(one) for one in headers}
        return all(words_of(one) in there for one in self.plan.columns)

    def plan_for(self, headers: Sequence[str]) -> Plan:
        """Return the plan with the headers as this file writes them; unknown columns are left out."""
        known = {words_of(header): name for header, name in self.plan.columns.items()}
        columns = {header: known.get(words_of(header)) for header in headers}
        return replace(self.plan, columns=columns, profile=self.name)


def profiles(session: Session, country: str) -> list[Profile]:
    """Return the profiles that ``country`` may use: its own first, then the shipped ones."""
    rows = session.scalars(
        select(ImportProfile).where(ImportProfile.country_code == country).order_by(ImportProfile.name)
    )
    saved = [Profile(row.name, Plan.from_json(row.plan), row.country_code) for row in rows]
    return saved + [one for one in shipped() if one.country in (None, country)]


def find_profile(session: Session, country: str, name: str) -> Profile:
    """Return the profile of this name.

    :raises NotFound: the country has none of this name.
    """
    known = profiles(session, country)
    found = next((one for one in known if one.name.casefold() == name.casefold()), None)
    if found is None:
        raise NotFound(N_("There is no import profile “%(value)s”. Known: %(known)s."),
                       value=name, known=", ".join(one.name for one in known))  # fmt: skip
    return found


def fitting(session: Session, country: str, headers: Sequence[str]) -> Profile | None:
    """Return the profile whose columns are all in the file, the one with most columns first; or None."""
    fits = [one for one in profiles(session, country) if one.fits(headers)]
    return max(fits, key=lambda one: len(one.plan.columns), default=None)


def save_profile(session: Session, actor: Actor, country: str, name: str, plan: Plan) -> Profile:
    """Save a plan under a name, or change what is saved there.

    :raises NotAllowed: the actor is no officer of ``country``.
    :raises Invalid: the name is empty, too long or a shipped one's, or the plan is wrong.
    """
    require(actor, Role.OFFICER, country)
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise Invalid({"name": [message(N_("Give a name of 1 to %(most)s characters."), most=_LONGEST_NAME)]})
    if name.casefold() in {one.name.casefold() for one in shipped()}:
        raise Invalid({"name": [message(N_("“%(value)s” is the name of a shipped profile."), value=name)]})
    check_plan(plan)
    row = session.scalars(
        select(ImportProfile).where(ImportProfile.country_code == country, ImportProfile.name == name)
    ).one_or_none() or ImportProfile(country_code=country, name=name)
    before, row.plan = row.plan, replace(plan, profile=name).as_json()
    row.author_id = actor.id
    session.add(row)
    audit.record(session, actor.account, "import.save_profile", "import_profile", name,
                 country=country, before=before, after=row.plan)  # fmt: skip
    return Profile(name, Plan.from_json(row.plan), country)


@cache
def shipped() -> tuple[Profile, ...]:
    """Return the profiles that come with the program."""
    found = [
        json.loads(path.read_text("utf-8")) for path in sorted((paths.FIXTURES / "profiles").glob("*.json"))
    ]
    read = [Profile(one["name"], Plan.from_json(one), one["country"], one["titles"]) for one in found]
    own = Plan(columns={column.name: column.name for column in COLUMNS if column.required}, profile=OWN)
    titles = {"es": "Exportación o planilla de este registro", "en": "Export or sheet of this registry"}
    return (*read, _Own(OWN, own, None, titles))


@dataclass(frozen=True)
class _Own(Profile):
    """The registry's own columns, of which a file may have any that are not needed."""

    def plan_for(self, headers: Sequence[str]) -> Plan:
        """Return the plan in which every column of ours means itself."""
        columns = {header: header.lower() if find(header.lower()) else None for header in headers}
        return replace(self.plan, columns=columns, profile=self.name)
