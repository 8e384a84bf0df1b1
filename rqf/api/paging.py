"""Long answers come in pages: total in the body, the neighbours in the Link header (RFC 8288)."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from marshmallow import Schema, fields, validate

MOST = 100


class Asked(Schema):
    """What any address may be asked: the language of the words in the answer."""

    lang = fields.String(load_default=None, metadata={"description": "Language of the answer: es or en"})


class PageAsked(Asked):
    """Which page is wanted."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, 100_000))
    per_page = fields.Integer(load_default=20, validate=validate.Range(1, MOST))


class Page(Schema):
    """Where in the whole list the items stand."""

    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    per_page = fields.Integer(required=True)


def links(total: int, page: int, per_page: int) -> dict[str, str]:
    """Return the Link header for a page."""
    last = max(1, -(-total // per_page))
    neighbours = {"first": 1, "prev": page - 1, "next": page + 1, "last": last}
    said = [
        f'<{_address(number)}>; rel="{name}"' for name, number in neighbours.items() if 1 <= number <= last
    ]
    return {"Link": ", ".join(said)}


def _address(number: int) -> str:
    asked: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {}), "page": number}
    return url_for(request.endpoint or "", _external=True, **asked)
