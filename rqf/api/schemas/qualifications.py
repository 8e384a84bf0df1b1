"""Qualifications as they are sent and answered."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from rqf.api.paging import Page, PageAsked
from rqf.api.schemas import kinds
from rqf.registry import OutcomeData, QualificationData, UnitData
from rqf.rules.terms import OutcomeDomain, QualificationType, Verification, VersionStatus


class OutcomeIn(Schema):
    """A learning outcome."""

    domain = kinds.word(OutcomeDomain, required=True)
    texts = kinds.texts(required=True)
    original_language = kinds.text(8, load_default=None)

    @post_load
    def make(self, values: dict[str, Any], **_: Any) -> OutcomeData:
        """Return what the registry takes."""
        return OutcomeData(**values)


class UnitIn(Schema):
    """A unit; with the id of one that exists, that unit as it shall read."""

    id = fields.UUID(attribute="uuid", load_default=None)
    titles = kinds.texts(load_default=dict)
    original_language = kinds.text(8, load_default=None)
    code_system = kinds.text(40, load_default=None)
    code = kinds.text(60, load_default=None)
    hours = kinds.Amount(load_default=None)
    mandatory = fields.Boolean(load_default=True)
    source = kinds.text(2000, load_default=None)
    outcomes = fields.List(fields.Nested(OutcomeIn), load_default=list, validate=validate.Length(max=500))

    @post_load
    def make(self, values: dict[str, Any], **_: Any) -> UnitData:
        """Return what the registry takes."""
        uuid = str(values.pop("uuid")) if values["uuid"] else values.pop("uuid")
        return UnitData(**{**values, "uuid": uuid, "outcomes": tuple(values["outcomes"])})


class QualificationIn(Schema):
    """A qualification to be registered as a draft of the officer's country."""

    country = kinds.country(required=True)
    type = kinds.word(QualificationType, required=True)
    titles = kinds.texts(required=True)
    original_language = kinds.text(8, required=True)
    code_system = kinds.text(40, load_default=None)
    code = kinds.text(60, load_default=None)
    framework = kinds.text(40, load_default=None)
    level = kinds.level(load_default=None)
    level_note = kinds.text(300, load_default=None)
    volume = kinds.Amount(load_default=None)
    volume_unit = kinds.text(40, load_default=None)
    volume_note = kinds.text(300, load_default=None)
    credits = kinds.Amount(load_default=None)
    credit_scheme = kinds.text(60, load_default=None)
    isced_f = kinds.text(4, load_default=None)
    isco_08 = kinds.text(4, load_default=None)
    sector = kinds.text(40, load_default=None)
    awarding_body = kinds.text(300, load_default=None)
    entry_requirements = kinds.text(20_000, load_default=None)
    entitlements = kinds.text(20_000, load_default=None)
    legal_act = kinds.text(300, load_default=None)
    source = kinds.text(2000, load_default=None)
    verified = kinds.word(Verification, load_default=Verification.NO)
    valid_from = fields.Date(load_default=None)
    valid_to = fields.Date(load_default=None)
    last_enrolment = fields.Date(load_default=None)
    last_award = fields.Date(load_default=None)
    change_note = kinds.text(2000, load_default=None)
    units = fields.List(fields.Nested(UnitIn), load_default=list, validate=validate.Length(max=200))

    @post_load
    def make(self, values: dict[str, Any], **_: Any) -> QualificationData:
        """Return what the registry takes."""
        return QualificationData(**{**values, "units": tuple(values["units"])})


class OutcomeOut(Schema):
    """A learning outcome."""

    domain = kinds.word(OutcomeDomain)
    texts = kinds.texts()
    original_language = fields.String()


class UnitOut(Schema):
    """A unit of learning outcomes."""

    id = fields.String(attribute="uuid")
    titles = kinds.texts()
    original_language = fields.String()
    code_system = fields.String(allow_none=True)
    code = fields.String(allow_none=True)
    hours = kinds.Amount(allow_none=True)
    mandatory = fields.Boolean()
    source = fields.String(allow_none=True)
    outcomes = fields.List(fields.Nested(OutcomeOut))


class RegionalLevel(Schema):
    """Where a qualification stands in the regional framework, and how sure that is."""

    low = fields.Integer(required=True)
    high = fields.Integer(required=True)
    standing = fields.String(
        required=True,
        metadata={
            "description": "decided: endorsed by people; referenced: only what its national level implies",
            "enum": ["decided", "referenced"],
        },
    )


class Summary(Schema):
    """A qualification in a list."""

    id = fields.String(required=True)
    url = fields.String(required=True, metadata={"description": "its page on this site"})
    country = fields.String(required=True)
    type = kinds.word(QualificationType, required=True)
    status = kinds.word(VersionStatus, required=True)
    code = fields.String(required=True, allow_none=True)
    title = fields.String(required=True, metadata={"description": "in the original language, authoritative"})
    titles = kinds.texts(required=True)
    sector = fields.String(required=True, allow_none=True)
    framework = fields.String(required=True, allow_none=True)
    national_level = fields.Integer(required=True, allow_none=True)
    regional_level = fields.Nested(RegionalLevel, required=True, allow_none=True)


class QualificationOut(Summary):
    """A qualification with everything known."""

    version = fields.Integer(required=True)
    revision = fields.Integer(required=True)
    original_language = fields.String(required=True)
    code_system = fields.String(allow_none=True)
    level_note = fields.String(allow_none=True)
    volume = kinds.Amount(allow_none=True)
    volume_unit = fields.String(allow_none=True)
    volume_note = fields.String(allow_none=True)
    credits = kinds.Amount(allow_none=True)
    credit_scheme = fields.String(allow_none=True)
    isced_f = fields.String(allow_none=True)
    isco_08 = fields.String(allow_none=True)
    awarding_body = fields.String(allow_none=True)
    entry_requirements = fields.String(allow_none=True)
    entitlements = fields.String(allow_none=True)
    legal_act = fields.String(allow_none=True)
    source = fields.String(allow_none=True)
    verified = kinds.word(Verification)
    valid_from = fields.Date(allow_none=True)
    valid_to = fields.Date(allow_none=True)
    last_enrolment = fields.Date(allow_none=True)
    last_award = fields.Date(allow_none=True)
    completeness = fields.Integer()
    published_at = fields.DateTime(allow_none=True)
    updated_at = fields.DateTime()
    units = fields.List(fields.Nested(UnitOut))


class HitOut(Summary):
    """A qualification that a search found, and why."""

    score = kinds.score(allow_none=True)
    matched = fields.List(fields.String(), metadata={"description": "words of the question that were met"})


class SearchAsked(PageAsked):
    """What is searched for. Each filter may be repeated; ``level`` is regional."""

    q = kinds.text(500, load_default="", metadata={"description": "words or a national code"})
    language = kinds.text(8, load_default="es", metadata={"description": "language of the words"})
    country = fields.List(kinds.country(), load_default=list)
    level = fields.List(kinds.level(strict=False), load_default=list)
    sector = fields.List(kinds.text(40), load_default=list)
    type = fields.List(kinds.word(QualificationType), load_default=list)
    status = fields.List(
        kinds.word(VersionStatus, validate=validate.NoneOf([VersionStatus.DRAFT])),
        load_default=list,
        metadata={"description": "without it, only what is in force"},
    )


class SearchOut(Page):
    """A page of results, with how many there would be for each value of each filter."""

    items = fields.List(fields.Nested(HitOut), required=True)
    facets = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Integer())
    )
