"""Level mappings, what is proposed and what is decided about them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from rqf.api.paging import Page, PageAsked
from rqf.api.schemas import kinds
from rqf.rules.terms import MappingStatus, MappingStep

#: Steps by which a reviewer decides.
DECISIONS = (MappingStep.ENDORSE, MappingStep.RETURN, MappingStep.REJECT)


class PlacementIn(Schema):
    """The level in one descriptor domain, with the evidence for it."""

    level = kinds.level(required=True)
    evidence = kinds.text(5000, required=True)


class MappingIn(Schema):
    """A proposal of a regional level, or of a range, for a qualification of the officer's country."""

    qualification = fields.UUID(required=True)
    low = kinds.level(required=True)
    high = kinds.level(required=True)
    rationale = kinds.text(10_000, required=True)
    placements = fields.Dict(
        keys=fields.String(), values=fields.Nested(PlacementIn), load_default=dict,
        metadata={"description": "by descriptor domain"},
    )  # fmt: skip
    revision = fields.Integer(
        strict=True, load_default=None, validate=validate.Range(0, 2**31 - 1),
        metadata={"description": "of the open proposal that is changed"},
    )  # fmt: skip
    submit = fields.Boolean(
        load_default=False, metadata={"description": "put it before the reviewers at once"}
    )


class DecisionIn(Schema):
    """A reviewer's decision."""

    step = kinds.word(MappingStep, required=True, validate=validate.OneOf(DECISIONS))
    reason = kinds.text(10_000, required=True)
    revision = fields.Integer(
        strict=True, required=True, validate=validate.Range(0, 2**31 - 1),
        metadata={"description": "the revision that was judged: a later one is not decided blindly"},
    )  # fmt: skip


class DecisionOut(Schema):
    """A step that a reviewer took, with the reason."""

    step = kinds.word(MappingStep, required=True)
    reason = fields.String(required=True)
    by = fields.Pluck("PersonOut", "name", attribute="account")
    country = fields.String(attribute="country_code", allow_none=True)
    at = fields.DateTime(required=True)


class PersonOut(Schema):
    """Who did something."""

    name = fields.String()


class PlacementOut(Schema):
    """The level in one descriptor domain."""

    domain = fields.Function(lambda placement: placement.domain.code)
    level = fields.Integer()
    evidence = fields.String()


class MappingOut(Schema):
    """A level mapping."""

    id = fields.String(attribute="uuid", required=True)
    number = fields.String(allow_none=True, metadata={"description": "for citing, once endorsed"})
    qualification = fields.String(attribute="version.qualification.uuid", required=True)
    title = fields.String(attribute="version.title")
    country = fields.String(attribute="country_code", required=True)
    qualification_version = fields.Integer(attribute="version.number")
    status = kinds.word(MappingStatus, required=True)
    revision = fields.Integer(required=True)
    low = fields.Integer(required=True)
    high = fields.Integer(required=True)
    rationale = fields.String(required=True)
    placements = fields.List(fields.Nested(PlacementOut))
    author = fields.Pluck(PersonOut, "name")
    created_at = fields.DateTime()
    submitted_at = fields.DateTime(allow_none=True)
    decided_at = fields.DateTime(allow_none=True)
    decisions = fields.List(fields.Nested(DecisionOut))


class MappingsAsked(PageAsked):
    """Which decided mappings are wanted."""

    country = kinds.country(load_default=None)
    level = kinds.level(load_default=None, strict=False)


class MappingsOut(Page):
    """A page of mappings."""

    items = fields.List(fields.Nested(MappingOut), required=True)
