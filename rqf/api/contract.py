"""How the API speaks: strict about what it is sent, one shape of error, one description of it all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from flask import Request
from flask_smorest import Api, Blueprint
from marshmallow import RAISE, Schema, ValidationError, fields
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import CombinedMultiDict

from rqf import __version__
from rqf.api import access
from rqf.errors import Invalid, Message, message

_ABOUT = """\
Read without an account; write with a key (`rqf key add`), sent as `Authorization: Bearer rqf_…`.

Scores run from 0 to 100. A *suggestion* is computed and advises; what people *decided* carries who, when
and why. The same level never means equivalent. Errors are `application/problem+json` (RFC 9457); a 422
names each field.
"""


class Problem(Schema):
    """An error (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True, metadata={"description": "The kind of error"})
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "What went wrong, in one sentence"})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "field -> what is wrong with it"},
    )


class _Parser(FlaskParser):
    """Reads what was sent; fields that nobody asked for are an error, wherever they stand."""

    DEFAULT_UNKNOWN_BY_LOCATION = {
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE, "files": RAISE
    }  # fmt: skip

    def load_files(self, req: Request, schema: Schema) -> MultiDictProxy:
        """Return the files and the fields that came beside them."""
        return MultiDictProxy(CombinedMultiDict([req.files, req.form]), schema)

    def handle_error(
        self, error: ValidationError, req, schema, *, error_status_code, error_headers
    ) -> NoReturn:
        """Refuse in the words of the whole site."""
        # The messages are sorted by where the fields came from: query, json.
        found = {
            place: said for part in error.normalized_messages().values() for place, said in _places(part)
        }
        raise Invalid(found)


def _places(said: Any, place: str = "") -> Iterator[tuple[str, list[Message]]]:
    """Give ``units.0.titles`` -> messages for messages nested as deep as the fields."""
    if isinstance(said, Mapping):
        for name, inner in said.items():
            # The place is where the value stands in what was sent.
            step = place if name in ("key", "value", "_schema") else f"{place}.{name}".lstrip(".")
            yield from _places(inner, step)
    else:
        yield place or "body", [message(str(one)) for one in said]


class ApiBlueprint(Blueprint):
    """The addresses under /api/v1."""

    ARGUMENTS_PARSER = _Parser()
    PAGINATION_HEADER_NAME = None


bp = ApiBlueprint("api", "rqf.api", url_prefix="/api/v1")
bp.before_request(access.check)


class Contract(Api):
    """The API and the document that describes it."""

    ERROR_SCHEMA = Problem
    DEFAULT_REQUEST_BODY_CONTENT_TYPE = "application/json"

    def _register_error_handlers(self) -> None:
        """Leave errors to the site: it answers programs with problem+json itself."""

    def _register_responses(self) -> None:
        kept, self.DEFAULT_RESPONSE_CONTENT_TYPE = (
            self.DEFAULT_RESPONSE_CONTENT_TYPE,
            "application/problem+json",
        )
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = kept


def settings() -> dict[str, Any]:
    """Return what the document says about itself."""
    return {
        "API_TITLE": "rqf",
        "API_VERSION": __version__,
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "OPENAPI_JSON_PATH": "openapi.json",
        "API_SPEC_OPTIONS": {
            "info": {"description": _ABOUT, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
            "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        },
    }


#: For views that write: says in the document that a key is needed.
with_key = bp.doc(security=[{"key": []}])
