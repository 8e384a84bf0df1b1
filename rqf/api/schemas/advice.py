"""Suggested levels with the evidence for them."""

from __future__ import annotations

from marshmallow import Schema, fields

from rqf.api.schemas import kinds


class EvidenceOut(Schema):
    """The descriptor that the learning outcomes come closest to, in one domain."""

    domain = fields.String(required=True)
    descriptor = fields.String(attribute="descriptor_text", required=True)
    score = kinds.score(required=True)
    words = fields.List(fields.String(), metadata={"description": "words that outcomes and descriptor share"})


class SuggestionOut(Schema):
    """A regional level, how well it fits, and why."""

    level = fields.Integer(required=True)
    score = kinds.score(required=True)
    parts = fields.Dict(
        keys=fields.String(), values=fields.Float(), metadata={"description": "what each source says"}
    )
    evidence = fields.List(fields.Nested(EvidenceOut))


class PrecedentOut(Schema):
    """A similar qualification of another country whose level people endorsed."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    country = fields.String(required=True)
    low = fields.Integer(required=True)
    high = fields.Integer(required=True)
    endorsed_by = fields.List(fields.String())
    score = kinds.score(required=True)


class AdviceOut(Schema):
    """Ranked regional levels. A suggestion advises; people decide."""

    id = fields.String(required=True, metadata={"description": "the qualification"})
    edition = fields.String(required=True, metadata={"description": "regional edition"})
    method_version = fields.String(required=True)
    suggestions = fields.List(fields.Nested(SuggestionOut), required=True)
    range = fields.List(fields.Integer(), allow_none=True, metadata={"description": "low and high"})
    abstained = fields.Boolean(
        required=True, metadata={"description": "the evidence is too thin: facts, not advice"}
    )
    reason = fields.List(fields.String())
    conflict = fields.Boolean(metadata={"description": "the sources disagree"})
    precedents = fields.List(fields.Nested(PrecedentOut))
