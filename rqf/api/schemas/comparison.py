"""Matching, equivalents and comparisons as they are asked and answered; decided apart from suggested."""

from __future__ import annotations

from marshmallow import Schema, ValidationError, fields, validate, validates

from rqf.api.paging import Asked
from rqf.api.schemas import kinds
from rqf.api.schemas.qualifications import OutcomeOut, Summary
from rqf.rules.terms import Conclusion, Difference, Element

MOST_QUERIES = 500


class QueryIn(Schema):
    """A title to be matched, with what else is known of it."""

    id = kinds.text(100, required=True)
    title = fields.String(required=True, validate=validate.Length(1, 500))
    country = kinds.country(load_default=None, metadata={"description": "where it comes from"})
    sector = kinds.text(40, load_default=None)
    outcomes = fields.List(kinds.text(2000), load_default=list, validate=validate.Length(max=100))
    language = kinds.text(8, load_default="es")


class MatchIn(Schema):
    """Titles to be matched, and where."""

    queries = fields.List(fields.Nested(QueryIn), required=True, validate=validate.Length(1, MOST_QUERIES))
    country = kinds.country(load_default=None, metadata={"description": "candidates of this country only"})
    limit = fields.Integer(strict=True, load_default=10, validate=validate.Range(1, 50))

    @validates("queries")
    def check_ids(self, queries: list[dict], data_key: str) -> None:
        """Refuse two queries with one id: their answers could not be told apart."""
        ids = [query["id"] for query in queries]
        if len(set(ids)) < len(ids):
            raise ValidationError("Each query needs an id of its own.")


class CandidateOut(Summary):
    """A record that a title may mean: a suggestion."""

    score = kinds.score(required=True)
    band = fields.String(required=True, metadata={"description": "the score in a word"})
    features = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    matched = fields.List(fields.String(), metadata={"description": "words of the query that met one"})
    missing = fields.List(fields.String(), metadata={"description": "words of the query that met none"})
    points = fields.Dict(
        keys=fields.String(),
        values=fields.Float(),
        metadata={"description": "what each signal gave; they add up to the title's score"},
    )
    would_change = fields.String(
        allow_none=True, metadata={"description": "what would raise the title's score most"}
    )


class ResultOut(Schema):
    """The candidates for one query, best first."""

    id = fields.String(required=True)
    candidates = fields.List(fields.Nested(CandidateOut), required=True)


class MatchOut(Schema):
    """The candidates for each query."""

    results = fields.List(fields.Nested(ResultOut), required=True)


class EndorsementOut(Schema):
    """One country's word: it endorsed, or it dissents."""

    country = fields.String(required=True)
    endorsed = fields.Boolean(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)
    at = fields.DateTime(required=True)


class EquivalenceOut(Schema):
    """What people decided that one record is worth as another."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    from_ = fields.String(required=True, data_key="from")
    to = fields.String(required=True)
    conclusion = kinds.word(Conclusion, required=True)
    purpose = fields.String(required=True)
    rationale = fields.String(required=True)
    valid_from = fields.Date(allow_none=True)
    valid_to = fields.Date(allow_none=True)
    decisions = fields.List(fields.Nested(EndorsementOut), required=True)


class ElementOut(Schema):
    """One of the five elements: how large the difference is, and why."""

    element = kinds.word(Element, required=True)
    difference = kinds.word(Difference, required=True)
    reason = fields.String(required=True)


class IndicationOut(Schema):
    """What the comparison indicates. A suggestion, whatever it says."""

    conclusion = kinds.word(Conclusion, required=True)
    reason = fields.String(required=True)


class PairOut(Schema):
    """An outcome of each side that say the same, or share a part."""

    a = fields.Nested(OutcomeOut, required=True)
    b = fields.Nested(OutcomeOut, required=True)
    score = kinds.score(required=True)
    words = fields.List(fields.String())


class AlignmentOut(Schema):
    """Outcome by outcome."""

    coverage_a_of_b = kinds.score(required=True)
    coverage_b_of_a = kinds.score(required=True)
    matched = fields.List(fields.Nested(PairOut), required=True)
    partial = fields.List(fields.Nested(PairOut), required=True)
    missing = fields.List(
        fields.Nested(OutcomeOut), required=True, metadata={"description": "of B, not in A"}
    )
    extra = fields.List(fields.Nested(OutcomeOut), required=True, metadata={"description": "of A, not in B"})


class CompareAsked(Asked):
    """Which two records are compared: identifiers or unambiguous national codes."""

    a = kinds.text(100, required=True)
    b = kinds.text(100, required=True)


class ComparisonOut(Schema):
    """Two records side by side."""

    a = fields.Nested(Summary, required=True)
    b = fields.Nested(Summary, required=True)
    elements = fields.List(fields.Nested(ElementOut), required=True)
    indication = fields.Nested(IndicationOut, required=True)
    outcomes = fields.Nested(
        AlignmentOut, required=True, allow_none=True, metadata={"description": "null: a side has none"}
    )
    decided = fields.List(fields.Nested(EquivalenceOut), required=True)


class EquivalentsAsked(Asked):
    """In which country."""

    country = kinds.country(required=True)
    limit = fields.Integer(load_default=10, validate=validate.Range(1, 30))


class DecidedOut(Schema):
    """A record that people decided on."""

    qualification = fields.Nested(Summary, required=True)
    forward = fields.Boolean(
        required=True, metadata={"description": "decided in this direction, not in the other"}
    )
    equivalence = fields.Nested(EquivalenceOut, required=True)


class SuggestedOut(Schema):
    """A record that looks close. Nobody decided anything."""

    qualification = fields.Nested(Summary, required=True)
    score = kinds.score(required=True)
    parts = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    indication = fields.Nested(IndicationOut, required=True)
    elements = fields.List(fields.Nested(ElementOut), required=True)


class DerivedOut(Schema):
    """A way over a third country: what follows from two decisions, and is none itself."""

    qualification = fields.Nested(Summary, required=True)
    by_way_of = fields.Nested(Summary, required=True)
    relation = fields.String(
        required=True, metadata={"description": "close at most, and related where a decision is not full"}
    )
    decisions = fields.List(fields.String(), required=True)


class EquivalentsOut(Schema):
    """What a qualification is worth in another country."""

    qualification = fields.Nested(Summary, required=True)
    country = fields.String(required=True)
    decided = fields.List(fields.Nested(DecidedOut), required=True)
    derived = fields.List(fields.Nested(DerivedOut), required=True)
    suggested = fields.List(fields.Nested(SuggestedOut), required=True)
