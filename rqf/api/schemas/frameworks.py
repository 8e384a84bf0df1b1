"""Frameworks: editions, levels, descriptors, and what national levels are referenced to."""

from __future__ import annotations

from marshmallow import Schema, fields

from rqf.api.schemas import kinds
from rqf.rules.terms import EditionStatus, FrameworkKind, ReferencingStatus, Scope


class LevelOut(Schema):
    """A level."""

    number = fields.Integer(required=True)
    titles = kinds.texts(required=True)
    descriptors = fields.Dict(
        keys=fields.String(), values=kinds.texts(), metadata={"description": "domain -> language -> text"}
    )


class ReferencingOut(Schema):
    """The regional range that a national level is referenced to."""

    level = fields.Integer(required=True)
    low = fields.Integer(required=True)
    high = fields.Integer(required=True)
    best_fit = fields.Integer(required=True)
    basis = fields.String(required=True)
    status = kinds.word(ReferencingStatus, required=True)
    evidence = kinds.texts()
    source = fields.String()


class FrameworkOut(Schema):
    """The current edition of a framework."""

    code = fields.String(required=True)
    edition = fields.String(required=True)
    scope = kinds.word(Scope, required=True)
    kind = kinds.word(FrameworkKind, required=True)
    country = fields.String(allow_none=True)
    titles = kinds.texts(required=True)
    status = kinds.word(EditionStatus, required=True)
    source = fields.String(required=True)
    levels = fields.List(fields.Nested(LevelOut), required=True)
    referencing = fields.List(fields.Nested(ReferencingOut), required=True)


class FrameworksOut(Schema):
    """The regional framework, and the national and external ones beside it."""

    regional = fields.Nested(FrameworkOut, required=True)
    national = fields.List(fields.Nested(FrameworkOut), required=True)
    external = fields.List(fields.Nested(FrameworkOut), required=True)
