"""Statements as they are answered: what was issued, and how it stands today."""

from __future__ import annotations

from marshmallow import Schema, fields

from rqf.api.schemas import kinds
from rqf.rules.terms import StatementState


class ChangeOut(Schema):
    """What is different in the register now."""

    said = fields.String(required=True)
    since = fields.Date(allow_none=True)


class StatementOut(Schema):
    """A statement as it was issued, with its signature and how it stands today."""

    number = fields.String(required=True)
    state = kinds.word(StatementState, required=True)
    since = fields.Date(
        allow_none=True, metadata={"description": "the day on which it stopped being valid, where known"}
    )
    reason = fields.String(allow_none=True, metadata={"description": "why it was withdrawn"})
    changes = fields.List(fields.Nested(ChangeOut), required=True)
    statement = fields.Dict(
        required=True, metadata={"description": "the frozen document, schema rqf-statement-1"}
    )
    sha256 = fields.String(required=True, metadata={"description": "of the document in canonical JSON"})
    jws = fields.String(
        required=True,
        metadata={"description": "the document signed (RFC 7515); keys at /.well-known/jwks.json"},
    )
