"""Imports: the file that is sent, how far it is, what its rows mean."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from rqf.api.paging import Page, PageAsked
from rqf.api.schemas import kinds
from rqf.rules.terms import BatchStatus, JobState


class ImportIn(Schema):
    """A file of records, whose they are, and how it is to be read."""

    file = Upload(required=True, metadata={"description": "CSV, XLSX, ODS, JSON or JSON Lines"})
    country = kinds.country(required=True)
    profile = fields.String(
        load_default=None, metadata={"description": "such as RENEC; without it, the columns are guessed"}
    )
    mapping = fields.String(
        load_default=None, metadata={"description": "what the columns mean: JSON, written as a profile"}
    )
    encoding = fields.String(load_default=None)
    delimiter = fields.String(load_default=None, validate=validate.Length(1, 1))
    sheet = fields.String(load_default=None)


class ImportApplyIn(Schema):
    """How an import is applied."""

    partial = fields.Boolean(
        load_default=False,
        metadata={"description": "leave rows with errors out; without it, they keep all out"},
    )


class ImportProblemOut(Schema):
    """A cell that cannot be taken."""

    line = fields.Integer(required=True)
    column = fields.String(required=True)
    value = fields.String(required=True)
    what = fields.String(required=True)
    allowed = fields.String(required=True)


class ImportWorkOut(Schema):
    """Work in the background."""

    kind = fields.String(required=True)
    state = kinds.word(JobState, required=True)
    done = fields.Integer(required=True)
    total = fields.Integer(required=True)
    errors = fields.List(fields.String(), required=True)


class ImportOut(Page):
    """An import. The pages are those of its rows with errors; ``problems`` are their cells."""

    id = fields.String(required=True)
    status = kinds.word(BatchStatus, required=True)
    country = fields.String(required=True)
    file = fields.String(required=True)
    rows = fields.Integer(required=True)
    columns = fields.Dict(
        keys=fields.String(), values=fields.String(allow_none=True), required=True,
        metadata={"description": "header -> field; null for one that is left out"},
    )  # fmt: skip
    counts = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True,
        metadata={"description": "rows by what they mean: new, changed, unchanged, wrong, disappeared"},
    )  # fmt: skip
    work = fields.Nested(
        ImportWorkOut, required=True, allow_none=True, metadata={"description": "the last in the background"}
    )
    problems = fields.List(fields.Nested(ImportProblemOut), required=True)


class ImportAsked(PageAsked):
    """Which problems are wanted."""
