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


class ExampleOut(Schema):
    """What a text reads like by the example of endorsed records of other countries: a second opinion."""

    level = fields.Integer(required=True)
    low = fields.Integer(required=True, metadata={"description": "lower of the two likeliest levels"})
    high = fields.Integer(required=True, metadata={"description": "higher of the two likeliest levels"})
    share = fields.Float(required=True, metadata={"description": "share of the likeliest level, 0 to 1"})
    abstained = fields.Boolean(required=True, metadata={"description": "no level has half of the share"})
    records = fields.Integer(required=True, metadata={"description": "endorsed records it rests on"})


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
    by_example = fields.Nested(ExampleOut, allow_none=True)
    precedents = fields.List(fields.Nested(PrecedentOut))
