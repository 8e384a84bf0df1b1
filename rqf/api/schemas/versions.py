"""The versions of a qualification, and what changed between two."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from rqf.api.paging import Asked
from rqf.api.schemas import kinds
from rqf.api.schemas.qualifications import OutcomeOut, UnitOut
from rqf.rules.differences import Kind
from rqf.rules.terms import VersionStatus


class AsOfAsked(Asked):
    """As of which day a qualification is read; without it, as it stands today."""

    as_of = fields.Date(load_default=None, metadata={"description": "what held at the end of this day (UTC)"})


class VersionOut(Schema):
    """A version: who, when, why, and where it is in its life."""

    number = fields.Integer(required=True)
    url = fields.String(required=True, metadata={"description": "its page on this site"})
    status = kinds.word(VersionStatus, required=True)
    title = fields.String(required=True)
    author = fields.String(required=True, allow_none=True)
    published_at = fields.DateTime(required=True, allow_none=True)
    change_note = fields.String(required=True, allow_none=True)


class VersionsOut(Schema):
    """The versions that were ever published, the newest first."""

    id = fields.String(required=True)
    items = fields.List(fields.Nested(VersionOut), required=True)


class DifferenceAsked(Asked):
    """Which two versions, by their numbers."""

    before = fields.Integer(data_key="from", required=True, validate=validate.Range(1, 1_000_000))
    after = fields.Integer(data_key="to", required=True, validate=validate.Range(1, 1_000_000))


class PieceOut(Schema):
    """A stretch of text."""

    kind = kinds.word(Kind, required=True)
    text = fields.String(required=True)


class FieldChangeOut(Schema):
    """A field that changed; texts also word by word."""

    field = fields.String(required=True)
    language = fields.String(required=True, allow_none=True)
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)
    pieces = fields.List(fields.Nested(PieceOut), required=True)


class OutcomeChangeOut(Schema):
    """A learning outcome that was added, removed or changed."""

    kind = kinds.word(Kind, required=True)
    before = fields.Nested(OutcomeOut, required=True, allow_none=True)
    after = fields.Nested(OutcomeOut, required=True, allow_none=True)
    fields_ = fields.List(fields.Nested(FieldChangeOut), data_key="fields", attribute="fields", required=True)


class UnitChangeOut(Schema):
    """A unit that was added, removed or changed."""

    kind = kinds.word(Kind, required=True)
    before = fields.Nested(UnitOut, required=True, allow_none=True)
    after = fields.Nested(UnitOut, required=True, allow_none=True)
    fields_ = fields.List(fields.Nested(FieldChangeOut), data_key="fields", attribute="fields", required=True)
    outcomes = fields.List(fields.Nested(OutcomeChangeOut), required=True)
    reordered = fields.Boolean(required=True, metadata={"description": "its outcomes stand in another order"})


class DifferenceOut(Schema):
    """What changed from one version to another; everything empty where they say the same."""

    id = fields.String(required=True)
    before = fields.Nested(VersionOut, data_key="from", required=True)
    after = fields.Nested(VersionOut, data_key="to", required=True)
    fields_ = fields.List(fields.Nested(FieldChangeOut), data_key="fields", attribute="fields", required=True)
    units = fields.List(fields.Nested(UnitChangeOut), required=True)
    reordered = fields.Boolean(required=True, metadata={"description": "the units stand in another order"})
